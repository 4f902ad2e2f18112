"""The sinks of `ingest.yaml`: each with what its kind needs, none twice.

Rule: a secret is written as `${NAME}`; its value is the environment's NAME, or lies in the file that NAME_FILE names.
      One that is missing is a mistake only for whoever delivers; who reads needs no secrets.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from pydantic import SecretStr

from ingest.core.signing import signing_key
from ingest.errors import ConfigError
from ingest.model import ChangeFilter, FolderTarget, NatsTarget, SinkKind, SinkSpec, WebhookTarget
from ingest.settings.shape import Settings, SinkLine
from ingest.settings.sink_kinds import VARIABLE
from ingest.settings.written import Loc, Problem, Written

FILE = "_FILE"
SCHEMES: dict[str, tuple[str, ...]] = {"webhook": ("http", "https"), "nats": ("nats", "tls")}


class Keys(NamedTuple):
    """What a kind of sink is written with."""

    needed: tuple[str, ...]
    others: tuple[str, ...] = ()


KEYS: dict[SinkKind, Keys] = {
    "webhook": Keys(("url", "secret")),
    "nats": Keys(("url",), ("prefix", "stream", "create", "user", "password", "token")),
    "files": Keys(("folder",)),
    "documents": Keys(("folder",)),
}
OF_KINDS = {key for keys in KEYS.values() for key in (*keys.needed, *keys.others)}


class Listed(NamedTuple):
    """What a file lists."""

    sinks: tuple[SinkSpec, ...]
    unset: dict[str, str]
    """Name of a sink → what is missing to deliver to it, with its place, for people; a line each."""


def read_sinks(lines: Sequence[SinkLine], written: Written, environ: Mapping[str, str], root: Path) -> Listed:
    """The sinks that were written down.

    Args:
        root: where relative paths start.

    Raises:
        ConfigError: with a line for each thing that is wrong.
    """
    numbered = list(enumerate(lines))
    if problems := [*_misfits(numbered), *_twice(numbered, written, root)]:
        raise written.refused(problems)
    reading = _Reading(written, environ, root)
    specs = tuple(reading.spec(index, line) for index, line in numbered)
    return Listed(specs, {name: "\n".join(problems) for name, problems in reading.unset.items()})


def require_secrets(settings: Settings) -> None:
    """Make sure that nothing is missing to deliver to the sinks of `settings.sink_specs`.

    Raises:
        ConfigError: with a line for each variable that is not set, or not what it should be.
    """
    names = [spec.name for spec in settings.sink_specs]
    if problems := [settings.unset_of_sinks[name] for name in names if name in settings.unset_of_sinks]:
        raise ConfigError("\n".join(problems))


class _Reading:
    """From lines to specs."""

    def __init__(self, written: Written, environ: Mapping[str, str], root: Path) -> None:
        self._written = written
        self._environ = environ
        self._root = root
        self.unset: defaultdict[str, list[str]] = defaultdict(list)
        """By the name of the sink."""
        self._name = ""

    def spec(self, index: int, line: SinkLine) -> SinkSpec:
        """A sink as the service knows it."""
        self._name = line.name
        where = ChangeFilter(kinds=line.kinds, feeds=line.feeds, tags=line.tags, languages=line.languages)
        target = self._target(("sinks", index), line)
        return SinkSpec(name=line.name, kind=line.kind, start=line.start, where=where, target=target)

    def _target(self, loc: Loc, line: SinkLine) -> WebhookTarget | NatsTarget | FolderTarget:
        if line.kind == "webhook":
            return WebhookTarget(url=self._filled((*loc, "url"), line.url), secrets=self._secrets(loc, line.secret))
        if line.kind == "nats":
            return NatsTarget(
                url=line.url,
                prefix=line.prefix,
                stream=line.stream,
                create=line.create,
                user=line.user,
                password=self._secret((*loc, "password"), line.password),
                token=self._secret((*loc, "token"), line.token),
            )
        return FolderTarget(folder=self._root / line.folder)

    def _secrets(self, loc: Loc, texts: tuple[str, ...]) -> tuple[SecretStr, ...]:
        found: list[SecretStr] = []
        for text in texts:
            value = self._filled((*loc, "secret"), text)
            try:
                signing_key(value)
            except ValueError as error:
                if value:  # else it is told already
                    self._miss((*loc, "secret"), f"the value of {text} {error}")
            found.append(SecretStr(value))
        return tuple(found)

    def _secret(self, loc: Loc, text: str) -> SecretStr | None:
        return SecretStr(self._filled(loc, text)) if text else None

    def _filled(self, loc: Loc, text: str) -> str:
        """A text with the values of its variables; empty ones where they are missing."""
        return VARIABLE.sub(lambda match: self._value(loc, match[1]), text)

    def _value(self, loc: Loc, name: str) -> str:
        if value := self._environ.get(name):
            return value
        path = self._environ.get(name + FILE)
        if not path:
            lacks = f"an empty variable {name}" if name in self._environ else f"no variable {name}"
            self._miss(loc, f"the environment has {lacks}; set it, or {name}{FILE} to a file's path")
            return ""
        try:
            if text := (self._root / path).read_text(encoding="utf-8").strip():
                return text
            self._miss(loc, f"{name}{FILE}: the file {path} is empty")
            return ""
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not in UTF-8"
            self._miss(loc, f"{name}{FILE}: the file {path} cannot be read: {reason}")
            return ""

    def _miss(self, loc: Loc, problem: str) -> None:
        self.unset[self._name].append(f"{self._written.place(loc)}: {problem}")


def _misfits(lines: Sequence[tuple[int, SinkLine]]) -> Iterator[Problem]:
    for index, line in lines:
        needed, others = KEYS[line.kind]
        for key in needed:
            if not getattr(line, key):
                yield ("sinks", index), f"is of kind {line.kind} and has no {key}; {_advice(key)}"
        for key in sorted((line.model_fields_set & OF_KINDS) - {*needed, *others}):
            yield (
                ("sinks", index, key),
                f"is no key of a {line.kind} sink, which has {', '.join(needed + others)}",
            )
        if line.url and not _is_address(line.url, SCHEMES.get(line.kind, ())):
            schemes = " or ".join(f"{scheme}://" for scheme in SCHEMES.get(line.kind, ()))
            yield ("sinks", index, "url"), f"is no address with {schemes} at its beginning and no password in it"


def _advice(key: str) -> str:
    if key == "secret":
        return "put whsec_ and `openssl rand -base64 32` into a variable, and add `secret: ${THAT_VARIABLE}`"
    return f"add `{key}: …`"


def _is_address(text: str, schemes: Sequence[str]) -> bool:
    try:
        parts = urlsplit(VARIABLE.sub("x", text))
        usable = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return usable and "@" not in parts.netloc and text.isprintable() and " " not in text


def _twice(lines: Sequence[tuple[int, SinkLine]], written: Written, root: Path) -> Iterator[Problem]:
    seen: dict[tuple[str, str | Path], Loc] = {}
    for index, line in lines:
        folder = (root / line.folder).resolve() if line.folder else ""
        for key, value in (("name", line.name), ("folder", folder)):
            loc: Loc = ("sinks", index, key)
            first = seen.setdefault((key, value), loc)
            if value and first != loc:
                yield loc, f"{getattr(line, key)!r} is listed twice; the first is at {written.place(first)}"
