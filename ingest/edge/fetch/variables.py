"""What only the environment knows: `${NAME}` in what a user wrote, filled in at the last moment.

A value filled in goes into a request and nowhere else. No message holds it.
"""

import re
from base64 import b64encode
from collections.abc import Mapping

from ingest.errors import FetchError

VARIABLE = re.compile(r"\$\{(\w+)\}")


def filled(what: str, text: str, environ: Mapping[str, str]) -> str:
    """A text with each `${NAME}` replaced by that environment variable; `what` it is, for messages."""

    def variable(match: re.Match[str]) -> str:
        try:
            return environ[match[1]]
        except KeyError as error:
            raise FetchError(
                "bad-url", f"{what} needs the environment variable {match[1]}, which is not set"
            ) from error

    value = VARIABLE.sub(variable, text)
    if not value.isprintable():
        raise FetchError("bad-url", f"{what} holds a line break or another control character")
    return value


def basic(what: str, credentials: str, environ: Mapping[str, str]) -> str:
    """The value of an Authorization header for `user:password`: RFC 7617."""
    return f"Basic {b64encode(filled(what, credentials, environ).encode()).decode()}"
