"""Attacks on access tokens (RFC 8725 and the library's own past): each is refused in the same words."""

import base64
import hashlib
import hmac
import json
import time

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from gateway.access.tokens import AUDIENCE, TYPE, Tokens
from gateway.errors import NotSignedIn

ISSUER = "https://lightbox.test"


@pytest.fixture
def tokens(tmp_path):
    return Tokens(tmp_path / "keys", issuer=ISSUER)


@pytest.fixture
def forge(tokens, tmp_path):
    """Makes tokens with our own key, so that only what is changed can be the reason for a refusal."""
    kid = jwt.get_unverified_header(tokens.issue("alice", "s", 60))["kid"]
    key = load_pem_private_key((tmp_path / "keys" / f"{kid}.pem").read_bytes(), None)

    def make(*, key=key, algorithm="EdDSA", headers=None, **claims):
        now = int(time.time())
        usual = {"iss": ISSUER, "aud": AUDIENCE, "sub": "alice", "iat": now, "nbf": now, "exp": now + 60, "jti": "j"}
        body = {name: value for name, value in (usual | {"sid": "s"} | claims).items() if value is not None}
        return jwt.encode(body, key, algorithm=algorithm, headers={"kid": kid, "typ": TYPE} | (headers or {}))

    make.kid, make.key = kid, key
    return make


def refused(tokens, token):
    with pytest.raises(NotSignedIn) as refusal:
        tokens.verify(token)
    return str(refusal.value)


def test_a_token_of_ours_is_known(tokens, forge):
    assert tokens.verify(tokens.issue("alice", "session", 60)).session_id == "session"
    assert tokens.verify(forge()).subject == "alice"


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "https://elsewhere"}, {"aud": "another"}, {"exp": int(time.time()) - 1},
        {"nbf": int(time.time()) + 600}, {"headers": {"typ": "JWT"}}, {"headers": {"crit": ["b64"]}},
        {"headers": {"kid": "0" * 20}}, {"headers": {"kid": "../../etc/passwd"}}, {"headers": {"kid": "x" * 2000}},
        {"headers": {"kid": ""}}, *({name: None} for name in ("exp", "nbf", "iat", "iss", "aud", "sub", "jti", "sid")),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(tokens, forge, change):
    assert refused(tokens, forge(**change)) == refused(tokens, "not a token")


def test_another_key_is_refused_even_when_the_token_brings_it_along(tokens, forge):
    other = Ed25519PrivateKey.generate()
    jwk = json.loads(jwt.algorithms.OKPAlgorithm.to_jwk(other.public_key()))
    for headers in ({}, {"jwk": jwk}, {"jku": "http://127.0.0.1/keys"}, {"x5u": "http://127.0.0.1/cert"}):
        refused(tokens, forge(key=other, headers=headers))


def test_no_signature_and_the_public_key_as_a_password_are_refused(tokens, forge):
    header, body, _ = forge().split(".")

    def part(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    for algorithm in ("none", "None", "NONE"):
        refused(tokens, f"{part({'alg': algorithm, 'typ': TYPE, 'kid': forge.kid})}.{body}.")
    public = forge.key.public_key()
    for secret in (
        public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        public.public_bytes(Encoding.Raw, PublicFormat.Raw),
    ):
        start = f"{part({'alg': 'HS256', 'typ': TYPE, 'kid': forge.kid})}.{body}"
        mac = base64.urlsafe_b64encode(hmac.digest(secret, start.encode(), hashlib.sha256)).rstrip(b"=").decode()
        refused(tokens, f"{start}.{mac}")
    refused(tokens, f"{header}.{body}.")


def test_keys_are_the_owners_alone(tokens, forge, tmp_path):
    assert (tmp_path / "keys" / f"{forge.kid}.pem").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700
