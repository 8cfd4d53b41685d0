"""The words that every floor shares: identifiers, the study tree, windows and renderings."""
