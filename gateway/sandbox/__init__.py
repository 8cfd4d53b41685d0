"""Runs a function of a floor above on hostile bytes in a limited child process."""
