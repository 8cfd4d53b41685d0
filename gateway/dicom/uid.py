"""DICOM unique identifiers (PS3.5 chapter 9) as they arrive in URLs."""

import re

from gateway.errors import NotFound

_UID = re.compile(r"[0-9.]{1,64}\Z")


def is_uid(text: str) -> bool:
    """Whether the text has the characters and length of a UID; archives hold UIDs with leading zeros."""
    return bool(_UID.match(text))


def uid_from_url(text: str) -> str:
    """The UID itself; raises NotFound, because nothing can be stored under anything else."""
    if not is_uid(text):
        raise NotFound("There is no such object: the address holds something that is not a DICOM UID.")
    return text
