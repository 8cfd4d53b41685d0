"""A sign of life: what `doctor` asks of a child."""

from typing import Any, BinaryIO


def beat(arguments: dict[str, Any], files: list[BinaryIO]) -> tuple[Any, bytes]:
    """The arguments and the number of files, as they arrived."""
    return {"arguments": arguments, "files": len(files)}, b""
