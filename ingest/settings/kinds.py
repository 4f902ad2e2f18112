"""The kinds of value that a setting can be: each reads the text that somebody wrote, or says what would be right."""

import datetime as dt
import ipaddress
import re
from collections.abc import Callable
from typing import Annotated, Literal, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import PlainValidator, SecretStr

from ingest.core.durations import parse_duration, parse_size
from ingest.settings.cron import cron_trigger

T = TypeVar("T")
IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network

_FIELD_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, section 5.6.2
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_VARIABLE = re.compile(r"\$\{\w+\}")
_OF_THE_MESSAGE = frozenset({"host", "content-length", "transfer-encoding", "connection"})


def _reads(kind: type[T], read: Callable[[str], T]) -> PlainValidator:
    """Text is read; a value that is one already, as code gives it, passes."""

    def validate(value: object) -> T:
        if isinstance(value, str):
            return read(value)
        if isinstance(value, kind):
            return value
        shape = {type(None): "has no value", list: "is a list", dict: "is a mapping"}.get(type(value))
        raise ValueError(f"{shape or repr(value)}; write one value, or leave the key out")

    return PlainValidator(validate)


def _duration(least: str, most: str) -> Callable[[str], dt.timedelta]:
    def read(text: str) -> dt.timedelta:
        span = parse_duration(text)
        if span < parse_duration(least):
            raise ValueError(f"{text!r} is too short; write at least {least}")
        if span > parse_duration(most):
            raise ValueError(f"{text!r} is too long; write at most {most}")
        return span

    return read


def _size(text: str) -> int:
    size = parse_size(text)
    if not size:
        raise ValueError(f"{text!r} leaves no room; write for example 10MB")
    return size


def _whole_number(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", text) or not least <= int(text) <= most:
            raise ValueError(f"{text!r} is no whole number from {least} to {most}")
        return int(text)

    return read


def _workers(text: str) -> int | Literal["auto"]:
    if text == "auto":
        return "auto"
    try:
        return _whole_number(1, 256)(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is neither auto (one for each processor) nor a whole number to 256") from error


def _flag(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(f"{text!r} is neither true nor false")
    return text == "true"


def _line(text: str) -> str:
    if not text.strip() or not text.isprintable():
        raise ValueError(f"{text!r} is no text on one line")
    return text.strip()


def _network(text: str) -> IPNetwork:
    try:
        return ipaddress.ip_network(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is no network ({error}); write for example 127.0.0.0/8 or fd00::/8") from error


def _ports(value: object) -> tuple[range, ...]:
    if isinstance(value, tuple):
        return value
    if not isinstance(value, list):
        raise ValueError("is no list of ports; write for example [80, 443, 1024-65535]")
    if not value:
        raise ValueError("lists no port, so that nothing could be fetched; write for example [80, 443, 1024-65535]")
    return tuple(_port_range(str(written)) for written in value)


def _port_range(text: str) -> range:
    first, _, last = text.partition("-")
    try:
        ports = range(_whole_number(1, 65_535)(first), _whole_number(1, 65_535)(last or first) + 1)
    except ValueError as error:
        raise ValueError(f"{text!r} is neither a port nor a range of ports such as 1024-65535") from error
    if not ports:
        raise ValueError(f"{text!r} ends before it begins")
    return ports


def _timezone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"{text!r} is no time zone; write for example UTC or Europe/Madrid") from error
    return text


SHORTEST_SECRET = 16
"""Characters; fewer can be guessed."""


def _secret(text: str) -> SecretStr:
    if not re.fullmatch(r"[!-~]+", text):
        raise ValueError("is empty or holds more than visible ASCII characters (the value is not shown)")
    if len(text) < SHORTEST_SECRET:
        raise ValueError(f"has fewer than {SHORTEST_SECRET} characters; `openssl rand -hex 32` makes one")
    return SecretStr(text)


def _web_address(text: str) -> str:
    wanted = ValueError(f"{text!r} is no feed's address; write it from http:// or https:// on")
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError as error:
        raise wanted from error
    if not usable or not text.isprintable() or " " in text:
        raise wanted
    if "@" in parts.netloc:
        raise ValueError("holds a user name or password; write basic_auth: 'user:${NAME}' instead")
    return text


def _agent(text: str) -> str:
    if "${" in text:
        raise ValueError("holds a ${…}; it is sent to every host, so that it may hold no secret and is not substituted")
    return _line(text)


def _public_url(text: str) -> str:
    wanted = f"{text!r} is no address of this service; write for example https://ingest.example.org"
    return _address(text, wanted) if text else ""


def _archive_url(text: str) -> str:
    return _address(text, f"{text!r} is no address of an archive; write for example https://web.archive.org")


def _origin(text: str) -> str:
    wanted = f"{text!r} is no origin of web pages; write for example https://reader.example.org"
    if urlsplit(_address(text, wanted)).path:
        raise ValueError(wanted)
    return _address(text, wanted).lower()


def _address(text: str, complaint: str) -> str:
    wanted = ValueError(complaint)
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError as error:
        raise wanted from error
    if not usable or not text.isprintable() or set(text) & set(" ?#@"):
        raise wanted
    return text.rstrip("/")


def _interval(text: str) -> str:
    text = text.strip()
    if " " in text:
        cron_trigger(text, dt.UTC)
    elif text != "auto":
        try:
            _duration("1s", "366d")(text)
        except ValueError as error:
            right = "write auto, a duration such as 15m (1s to 366d), or a cron line such as '0 6 * * mon-fri'"
            raise ValueError(f"{text!r} is no interval; {right}") from error
    return text


def _language(text: str) -> str:
    if not _LANGUAGE.fullmatch(text):
        raise ValueError(f"{text!r} is no language; write its code, such as en or pt-BR")
    return text


def _headers(value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        raise ValueError("is no mapping of header names to values; write for example {Accept-Language: es}")
    for name, content in value.items():
        if not _FIELD_NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no name of a header")
        if name.lower() in _OF_THE_MESSAGE:
            raise ValueError(f"{name} frames the request itself, and cannot be set")
        if not isinstance(content, str) or not content.isprintable():
            raise ValueError(f"the value of {name} is no text on one line")
    return value


def _cookies(value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        raise ValueError("is no mapping of cookies to values; write for example {consent: yes}")
    for name, content in value.items():
        if not _FIELD_NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no name of a cookie")
        if not isinstance(content, str) or not content.isprintable() or set(content) & set(' ",;\\'):
            raise ValueError(f'the value of {name} holds a space or one of the characters ", ; \\ or is no text')
    return value


def _basic_auth(text: str) -> str:
    user, colon, password = text.partition(":")
    if not user or not colon or not text.isprintable() or not _VARIABLE.fullmatch(password):
        raise ValueError("is no 'user:${NAME}', where the environment variable NAME holds the password")
    return text


def _bearer_token(text: str) -> str:
    if not _VARIABLE.fullmatch(text):
        raise ValueError("is no '${NAME}', where the environment variable NAME holds the token")
    return text


def _proxy(text: str) -> str:
    wanted = ValueError("is no proxy's address; write for example http://proxy.example.org:3128")
    try:
        parts = urlsplit(text)
        usable = parts.scheme == "http" and bool(parts.hostname) and parts.port != 0 and parts.path in ("", "/")
    except ValueError as error:
        raise wanted from error
    if not usable or not text.isprintable() or " " in text:
        raise wanted
    if parts.password and not _VARIABLE.fullmatch(parts.password):
        raise ValueError("holds a password; write http://user:${NAME}@…, where the environment variable NAME holds it")
    return text


def _span(text: str) -> str:
    _duration("1s", "1h")(text)
    return text


Timeout = Annotated[dt.timedelta, _reads(dt.timedelta, _duration("1s", "1h"))]
"""How long something may take: from 1s to 1h."""
Wait = Annotated[dt.timedelta, _reads(dt.timedelta, _duration("1s", "31d"))]
"""Until something is done again: from 1s to 31d."""
LongWait = Annotated[dt.timedelta, _reads(dt.timedelta, _duration("1m", "31d"))]
"""Until a page is looked at again, which is hardly another within a minute: from 1m to 31d."""
Retention = Annotated[dt.timedelta, _reads(dt.timedelta, parse_duration)]
"""From 0s up."""
Size = Annotated[int, _reads(int, _size)]
"""Bytes."""
Count = Annotated[int, _reads(int, _whole_number(1, 10_000))]
Port = Annotated[int, _reads(int, _whole_number(0, 65_535))]
"""0 lets the system choose."""
Ports = Annotated[tuple[range, ...], PlainValidator(_ports)]
"""Of any of these ranges."""
Rate = Annotated[int, _reads(int, _whole_number(1, 1_000_000))]
"""Requests a minute."""
Workers = Annotated[int | Literal["auto"], _reads(int, _workers)]
Flag = Annotated[bool, _reads(bool, _flag)]
Line = Annotated[str, _reads(str, _line)]
Network = Annotated[IPNetwork, _reads(IPNetwork, _network)]
Timezone = Annotated[str, _reads(str, _timezone)]
Secret = Annotated[SecretStr, _reads(SecretStr, _secret)]
WebAddress = Annotated[str, _reads(str, _web_address)]
Origin = Annotated[str, _reads(str, _origin)]
"""As browsers send it: scheme, host and port, in lower case."""
ArchiveUrl = Annotated[str, _reads(str, _archive_url)]
"""Without a slash at its end."""
PublicUrl = Annotated[str, _reads(str, _public_url)]
"""Without a slash at its end; empty: there is none."""
Interval = Annotated[str, _reads(str, _interval)]
Language = Annotated[str, _reads(str, _language)]
Headers = Annotated[dict[str, str], PlainValidator(_headers)]
Cookies = Annotated[dict[str, str], PlainValidator(_cookies)]
BasicAuth = Annotated[str, _reads(str, _basic_auth)]
BearerToken = Annotated[str, _reads(str, _bearer_token)]
Proxy = Annotated[str, _reads(str, _proxy)]
Agent = Annotated[str, _reads(str, _agent)]
Span = Annotated[str, _reads(str, _span)]
"""A duration from 1s to 1h, kept as written."""
