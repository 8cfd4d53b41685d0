"""Every error that leaves Lightbox, each knowing its HTTP status and a sentence a person understands.

    GatewayError                      500
      x BadRequest                    400  a parameter cannot be read
      x NotSignedIn                   401
      x Forbidden                     403
        . NotOpened                   403  the study was not opened by this session
        . StepNeeded                  403  a tap, passphrase or reason is missing
      x NotFound                      404
      x NotAcceptable                 406  none of the accepted media types can be made
      x Conflict                      409
      x Gone                          410  expired or revoked
      x TooLarge                      413
      x Unreadable                    422  the object cannot be shown, and why
      x TooManyRequests               429
      x Unavailable                   503  try again
        . ArchiveAway                 503
        . AuditUnwritable             503

The message of an error is public: it names no secret, no patient and no path.
"""

from __future__ import annotations


class GatewayError(Exception):
    """An error that may be shown: `status` is the HTTP status, `title` its kind, `str(error)` the sentence."""

    status = 500
    title = "Something went wrong"
    retry_after: int | None = None

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail or self.title)

    @property
    def slug(self) -> str:
        """The error's stable name in problem+json `type` URIs, such as `not-signed-in`."""
        name = type(self).__name__
        return "".join(f"-{c.lower()}" if c.isupper() and i else c.lower() for i, c in enumerate(name))


class BadRequest(GatewayError):
    """A parameter or field that cannot be read."""

    status = 400
    title = "The request cannot be read"


class NotSignedIn(GatewayError):
    """Nobody is signed in, or no longer."""

    status = 401
    title = "Sign in first"


class Forbidden(GatewayError):
    """Whoever asks may not."""

    status = 403
    title = "This is not open to you"


class NotOpened(Forbidden):
    """The session has no grant for the study yet."""

    title = "The study has not been opened"


class StepNeeded(Forbidden):
    """A tap, passphrase or reason is missing."""

    title = "One more step is needed"


class NotFound(GatewayError):
    """There is nothing there, or nothing that whoever asks may know of."""

    status = 404
    title = "Not found"


class NotAcceptable(GatewayError):
    """No accepted media type can be made; the sentence lists what can be had."""

    status = 406
    title = "None of the accepted formats can be made"


class Conflict(GatewayError):
    """It clashes with what is already stored."""

    status = 409
    title = "That is already so"


class Gone(GatewayError):
    """It was there and is over: expired, used up, revoked, changed."""

    status = 410
    title = "This is no longer available"


class TooLarge(GatewayError):
    """The request is beyond what is read."""

    status = 413
    title = "The request is too large"


class Unreadable(GatewayError):
    """The object's bytes cannot be shown, and why."""

    status = 422
    title = "The object cannot be shown"


class TooManyRequests(GatewayError):
    """Too often in too short a time."""

    status = 429
    title = "Too many requests"
    retry_after = 5

    @classmethod
    def after(cls, seconds: int, reason: str) -> TooManyRequests:
        """The refusal that says when to try again."""
        refusal = cls(f"{reason} Try again in {seconds} seconds.")
        refusal.retry_after = seconds
        return refusal


class Unavailable(GatewayError):
    """Not now; it says when to try again."""

    status = 503
    title = "Try again in a moment"
    retry_after = 2


class ArchiveAway(Unavailable):
    """The archive does not answer."""

    title = "The archive does not answer"
    retry_after = 15


class AuditUnwritable(Unavailable):
    """Nothing can be recorded, so nothing is shown."""

    title = "Access cannot be recorded, so nothing is shown"
    retry_after = 30


def every_kind() -> dict[str, type[GatewayError]]:
    """All error classes by class name, so that an error can cross a process border as its name."""
    found: dict[str, type[GatewayError]] = {}
    waiting: list[type[GatewayError]] = [GatewayError]
    while waiting:
        kind = waiting.pop()
        found[kind.__name__] = kind
        waiting.extend(kind.__subclasses__())
    return found
