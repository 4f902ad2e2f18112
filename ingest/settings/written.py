"""A YAML file as plain data, and the place where each part of it is written.

Rule 1: every value is text, whatever YAML makes of `no`, `1:30` or `2024-01-01`; each setting reads its own.
Rule 2: an alias shares what it names and is not expanded, so that a few lines cannot grow into gigabytes.
Rule 3: what people only write by mistake (a key twice, two documents, tags, a mapping in a mapping in a mapping)
        is refused with its line.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from ingest.errors import ConfigError

Loc = tuple[str | int, ...]
"""The way to a value from the top: keys, and indexes of lists."""

Problem = tuple[Loc, str]
"""What is wrong with the value at a way."""

DEEPEST = 8
_LOADER: "type[yaml.CBaseLoader | yaml.BaseLoader]" = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""libyaml's where PyYAML was built with it: eight times as fast."""


@dataclass(frozen=True)
class Written:
    """Settings as somebody wrote them."""

    source: str
    """The file, for problems that have no place in it."""
    data: dict[str, object] = field(default_factory=dict)
    places: dict[Loc, str] = field(default_factory=dict)
    """Where the value at a way is written: `config/feeds.yaml:12: feeds[3].interval`."""

    def place(self, loc: Loc) -> str:
        """Where a value stands; of one that is missing, where it should stand."""
        return self.places.get(self._nearest(loc), self.source)

    def _nearest(self, loc: Loc) -> Loc:
        while loc and loc not in self.places:
            loc = loc[:-1]
        return loc

    def overridden(self, values: Iterable[tuple[Loc, object, str]]) -> "Written":
        """These settings with others in their place, given as (way, value, where it comes from)."""
        data, places = dict(self.data), dict(self.places)
        for loc, value, place in values:
            *section, key = map(str, loc)
            if section:
                group = data.get(section[0])
                data[section[0]] = {**(group if isinstance(group, dict) else {}), key: value}
            else:
                data[key] = value
            places = {old: where for old, where in places.items() if old[: len(loc)] != loc} | {loc: place}
        return Written(self.source, data, places)

    def refused(self, problems: Iterable[Problem]) -> ConfigError:
        """The error that tells these problems, a line each, in the order of the file."""
        order = {loc: number for number, loc in enumerate(self.places)}
        ordered = sorted(problems, key=lambda problem: order.get(self._nearest(problem[0]), 0))
        return ConfigError("\n".join(f"{self.place(loc)}: {problem}" for loc, problem in ordered))


def read_file(path: Path) -> Written:
    """The settings in a file; none where there is no file.

    Raises:
        ConfigError: it cannot be read, or is no YAML of plain keys and values.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return Written(str(path))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}; mend its permissions or remove it") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: is not in UTF-8 (byte {error.start}); save it in that encoding") from error
    return read_text(text, str(path))


def read_text(text: str, source: str) -> Written:
    """The settings in a YAML text; `source` names it in messages.

    Raises:
        ConfigError: as `read_file`.
    """
    try:
        return _Reader(source, yaml.parse(text, Loader=_LOADER)).read()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ConfigError(f"{source}:{line}: is no valid YAML: {error.problem}") from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise ConfigError(f"{source}:{line}: is no valid YAML: {error.reason}") from error


def dotted(loc: Loc) -> str:
    """A way as people write it: `feeds[3].interval`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc).removeprefix(".")


class _Reader:
    """Reads the events of one document; the parser itself does not recurse, and we only as deep as allowed."""

    def __init__(self, source: str, events: Iterator[yaml.Event]) -> None:
        self._source = source
        self._events = events
        self._anchors: dict[str, object] = {}
        self._places: dict[Loc, str] = {}

    def read(self) -> Written:
        next(self._events)  # the stream's start
        if isinstance(next(self._events), yaml.StreamEndEvent):
            return Written(self._source)
        event = next(self._events)
        data = self._value(event, ())
        if data is not None and not isinstance(data, dict):
            raise self._error(event, (), "is no mapping; write `key: value` lines")
        next(self._events)  # the document's end
        after = next(self._events)
        if not isinstance(after, yaml.StreamEndEvent):
            raise self._error(after, (), "a second document begins; write one only")
        return Written(self._source, data or {}, self._places)

    def _value(self, event: yaml.Event, loc: Loc) -> object:
        self._places.setdefault(loc, self._where(event, loc))
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in self._anchors:
                raise self._error(event, loc, f"nothing above is marked &{event.anchor}")
            return self._anchors[event.anchor]
        value = self._content(event, loc)
        if isinstance(event, yaml.NodeEvent) and event.anchor:
            self._anchors[event.anchor] = value
        return value

    def _content(self, event: yaml.Event, loc: Loc) -> object:
        if isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent) and event.tag:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            raise self._error(event, loc, f"has the tag {tag}; leave it out")
        if isinstance(event, yaml.ScalarEvent):
            return None if not event.style and event.value in ("", "~", "null") else str(event.value)
        if len(loc) >= DEEPEST:
            raise self._error(event, loc, "is nested deeper than any setting")
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(loc)
        return self._mapping(loc)

    def _list(self, loc: Loc) -> list[object]:
        values: list[object] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            values.append(self._value(event, (*loc, len(values))))
        return values

    def _mapping(self, loc: Loc) -> dict[str, object]:
        values: dict[str, object] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise self._error(event, loc, "has a key that is no plain word")
            key = str(event.value)
            here = (*loc, key)
            if key in values:
                raise self._error(event, here, f"is written twice; the first is at {self._places[here]}")
            self._places[here] = self._where(event, here)
            values[key] = self._value(next(self._events), here)
        return values

    def _where(self, event: yaml.Event, loc: Loc) -> str:
        line = f"{self._source}:{event.start_mark.line + 1 if event.start_mark else 1}"
        return f"{line}: {dotted(loc)}" if loc else line

    def _error(self, event: yaml.Event, loc: Loc, problem: str) -> ConfigError:
        return ConfigError(f"{self._where(event, loc)}: {problem}")
