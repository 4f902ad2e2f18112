"""Who may do what over HTTP, decided from plain facts. Pure.

Rule 1: on loopback, reading is open; so is writing as long as no token has been made.
Rule 2: on any other address reading needs a token, unless it was opened to all; writing always needs one, and where
        none has been made there is no writing at all.
Rule 3: a token is 256 random bits. So its plain SHA-256 is kept: a slow hash makes guessing dear where there is
        something to guess, as in a password, and would only make each request slow here.
"""

import hashlib
from dataclasses import dataclass
from hmac import compare_digest
from typing import Literal

from ingest.model import Scope

PREFIX = "ingest_"
"""What a token of ours begins with, so that scanners find one that was published by mistake."""

Denial = Literal["none made", "no token", "read only"]


@dataclass(frozen=True)
class Terms:
    """What a request stands under."""

    on_loopback: bool
    public_read: bool
    any_token: bool
    """Whether one is in the settings, or was handed out."""


def denial(wanted: Scope, held: Scope | None, terms: Terms) -> Denial | None:
    """Why a request is refused; None where it is not.

    Args:
        held: what the token that came along allows; None where none came, or one that is not known.
    """
    if wanted == "read":
        return None if terms.on_loopback or terms.public_read or held else "no token"
    if not terms.any_token:
        return None if terms.on_loopback else "none made"
    if held is None:
        return "no token"
    return None if held == "write" else "read only"


def token_digest(token: str) -> str:
    """What is kept of a token (rule 3)."""
    return hashlib.sha256(token.encode()).hexdigest()


def is_same(given: str, token: str) -> bool:
    """Whether what was sent is the token; takes as long for what begins like it, and tells no length."""
    return compare_digest(token_digest(given), token_digest(token))


def bearer(authorization: str) -> str | None:
    """The token of an Authorization header (RFC 6750, section 2.1)."""
    scheme, _, token = authorization.partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None
