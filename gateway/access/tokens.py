"""Access tokens (RFC 9068, RFC 8725): they carry who it is, never authority that could not be withdrawn.

One algorithm, keys by `kid` out of a local directory alone; `sid` names a session row that every use reads again.
"""

from __future__ import annotations

import os
import re
import secrets
import time
from dataclasses import dataclass
from pathlib import Path

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from gateway.errors import NotSignedIn

ALGORITHM = "EdDSA"
TYPE = "at+jwt"
AUDIENCE = "lightbox-api"
LARGEST_TOKEN = 4096
MOST_REMEMBERED = 1024
_KID = re.compile(r"[0-9]{12}[0-9a-f]{8}\Z")
_REFUSAL = "The access token is not valid, or no longer."


@dataclass(frozen=True, slots=True)
class Claims:
    """What a valid token says: whose it is, under which session, and its own name."""

    subject: str
    session_id: str
    token_id: str


class Tokens:
    """Issues and verifies access tokens of this installation."""

    def __init__(self, key_directory: Path, *, issuer: str) -> None:
        self._directory = key_directory
        self._issuer = issuer
        self._keys: dict[str, Ed25519PrivateKey] = {}
        self._verified: dict[str, tuple[Claims, float]] = {}

    def issue(self, subject: str, session_id: str, seconds: int) -> str:
        """A token for the subject that is valid for so many seconds."""
        kid, key = self._signing_key()
        now = int(time.time())
        claims = {
            "iss": self._issuer,
            "aud": AUDIENCE,
            "sub": subject,
            "iat": now,
            "nbf": now,
            "exp": now + seconds,
            "jti": secrets.token_hex(16),
            "sid": session_id,
        }
        return jwt.encode(claims, key, algorithm=ALGORITHM, headers={"kid": kid, "typ": TYPE})

    def verify(self, token: str) -> Claims:
        """The claims of a token of ours; raises NotSignedIn, always in the same words."""
        if len(token) > LARGEST_TOKEN:
            raise NotSignedIn(_REFUSAL)
        known = self._verified.get(token)
        if known is not None and known[1] > time.time():
            return known[0]
        try:
            header = jwt.get_unverified_header(token)
            if header.get("typ") != TYPE or header.get("alg") != ALGORITHM or "crit" in header:
                raise NotSignedIn(_REFUSAL)
            key = self._known_key(str(header.get("kid", "")))
            claims = jwt.decode(
                token,
                key.public_key(),
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                issuer=self._issuer,
                options={"require": ["exp", "nbf", "iat", "iss", "aud", "sub", "jti", "sid"]},
            )
        except (jwt.PyJWTError, ValueError, TypeError):
            raise NotSignedIn(_REFUSAL) from None
        verified = Claims(str(claims["sub"]), str(claims["sid"]), str(claims["jti"]))
        # A signature that was right stays right; the session behind it is asked for at every request all the same.
        if len(self._verified) >= MOST_REMEMBERED:
            self._verified.clear()
        self._verified[token] = verified, float(claims["exp"])
        return verified

    def _signing_key(self) -> tuple[str, Ed25519PrivateKey]:
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        names = sorted(path.stem for path in self._directory.glob("*.pem"))
        kid = names[-1] if names else self._make_key()
        return kid, self._known_key(kid)

    def _known_key(self, kid: str) -> Ed25519PrivateKey:
        """The key of that name; only names that are files here are known, and a name never leads elsewhere."""
        if kid not in self._keys:
            if not _KID.match(kid) or not (self._directory / f"{kid}.pem").is_file():
                raise NotSignedIn(_REFUSAL)
            try:
                key = load_pem_private_key((self._directory / f"{kid}.pem").read_bytes(), password=None)
            except (OSError, ValueError, UnsupportedAlgorithm):
                raise NotSignedIn(_REFUSAL) from None
            if not isinstance(key, Ed25519PrivateKey):
                raise NotSignedIn(_REFUSAL)
            self._keys[kid] = key
        return self._keys[kid]

    def _make_key(self) -> str:
        # The name grows with time, so that the newest key sorts last. A link appears whole or not at all: of two
        # processes that both make a first key, each signs with one that all of them know.
        kid = f"{int(time.time()):012d}{secrets.token_hex(4)}"
        pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        part = self._directory / f".{kid}"
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        part.rename(self._directory / f"{kid}.pem")
        return kid
