"""Signatures of webhooks: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md."""

import base64
import binascii
import hmac
from collections.abc import Sequence
from hashlib import sha256

MARK = "whsec_"
"""What a secret is written with, so that it is seen for what it is."""


def signing_key(secret: str) -> bytes:
    """The bytes of a secret; raises ValueError where it is none, without quoting it."""
    try:
        key = base64.b64decode(secret.removeprefix(MARK), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("is no base64, with or without whsec_ before it") from error
    if not 24 <= len(key) <= 64:
        raise ValueError("holds fewer than 24 or more than 64 bytes; `openssl rand -base64 32` makes one")
    return key


def signatures(keys: Sequence[bytes], message_id: str, sent_at: str, body: bytes) -> str:
    """One by each key, with blanks between: `v1,` and the HMAC-SHA256 of id, time and body in base64."""
    signed = f"{message_id}.{sent_at}.".encode() + body
    return " ".join("v1," + base64.b64encode(hmac.digest(key, signed, sha256)).decode() for key in keys)
