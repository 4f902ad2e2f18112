"""The kinds of value that only sinks are written with."""

import re
from typing import Annotated

from pydantic import AfterValidator, PlainValidator

from ingest.settings.kinds import Line

VARIABLE = re.compile(r"\$\{(\w+)\}")


def _variable(text: str) -> str:
    if not VARIABLE.fullmatch(text):
        raise ValueError("is no '${NAME}', where the environment variable NAME holds the secret")
    return text


def _variables(value: object) -> tuple[str, ...]:
    values = list(value) if isinstance(value, list | tuple) else [value]
    return tuple(_variable(one if isinstance(one, str) else "") for one in values)


def _sink_name(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", text):
        raise ValueError(f"{text!r} is no name of letters, digits, - and _")
    return text


def _subject(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*", text):
        raise ValueError(f"{text!r} is no subject; write for example news.stories")
    return text


Variable = Annotated[Line, AfterValidator(_variable)]
"""`${NAME}`, kept as written."""
Variables = Annotated[tuple[str, ...], PlainValidator(_variables)]
"""One, or a list of them."""
SinkName = Annotated[Line, AfterValidator(_sink_name)]
Subject = Annotated[Line, AfterValidator(_subject)]
"""What subjects of NATS begin with."""
