"""How long what others read may stay."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import PlainValidator

from ingest.core.durations import parse_duration

LEAST = dt.timedelta(days=1)
"""Readers and sinks may be away for an hour, and pages are looked at again within a day."""


def _keep(value: object) -> dt.timedelta | Literal["forever"]:
    if value == "forever":
        return "forever"
    if isinstance(value, dt.timedelta):
        return value
    if not isinstance(value, str):
        raise ValueError("takes one value; write forever, or for example 365d")
    span = parse_duration(value)
    if span < LEAST:
        raise ValueError(f"{value!r} is too short; write at least 1d, or forever")
    return span


Keep = Annotated[dt.timedelta | Literal["forever"], PlainValidator(_keep)]
"""From 1d up, or for ever."""
