"""The feeds of `feeds.yaml`: each with its defaults and its name, none twice."""

import re
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from pydantic import ValidationError

from ingest.core.naming import feed_name
from ingest.errors import ConfigError
from ingest.model import FeedSpec
from ingest.settings.complaints import in_words, validated
from ingest.settings.shape import FeedDefaults, FeedLine, FeedsFile
from ingest.settings.written import Loc, Problem, Written

VARIABLE = re.compile(r"\$\{(\w+)\}")


def read_feeds(written: Written, environ: Mapping[str, str]) -> tuple[FeedSpec, ...] | None:
    """The feeds that a file lists; `${NAME}` in what they are asked with is looked for, and left as it is.

    None where it has no `feeds`: a file that is missing, or cut short, must not be read as a list of no feeds.

    Raises:
        ConfigError: with a line for each thing that is wrong.
    """
    file = validated(FeedsFile, written)
    problems = [*_absent_variables(file, environ), *_twice(file.feeds, written)]
    if problems:
        raise written.refused(problems)
    if "feeds" not in written.data:
        return None
    taken = {line.name for line in file.feeds if line.name}
    specs = []
    for line in file.feeds:
        name = line.name or feed_name(line.url, taken)
        taken.add(name)
        stated = file.defaults.model_dump(exclude_unset=True) | line.model_dump(exclude_unset=True)
        specs.append(FeedSpec.model_validate(stated | {"name": name}))
    return tuple(specs)


def feed_by_command(url: str, name: str, interval: str, tags: Sequence[str]) -> FeedSpec:
    """A feed that a command names, held to the same rules as a line of the file.

    Raises:
        ConfigError: with what is wrong.
    """
    try:
        line = FeedLine(url=url, name=name, interval=interval, tags=tuple(tags))
    except ValidationError as error:
        mistakes = (f"{mistake['loc'][0]}: {in_words(mistake)}" for mistake in error.errors())
        raise ConfigError("; ".join(mistakes)) from error
    return FeedSpec.model_validate(line.model_dump())


def _absent_variables(file: FeedsFile, environ: Mapping[str, str]) -> Iterator[Problem]:
    groups: list[tuple[Loc, FeedDefaults]] = [(("defaults",), file.defaults)]
    groups += [(("feeds", index), line) for index, line in enumerate(file.feeds)]
    for where, group in groups:
        for loc, content in _texts(group):
            for variable in VARIABLE.findall(content):
                if variable not in environ:
                    yield (*where, *loc), f"the environment has no variable {variable}; set it"


def _texts(group: FeedDefaults) -> Iterator[tuple[Loc, str]]:
    """All that may name a variable."""
    for key in ("headers", "cookies"):
        yield from (((key, name), content) for name, content in getattr(group, key).items())
    for key in ("basic_auth", "bearer_token", "proxy"):
        yield (key,), getattr(group, key)


def _twice(lines: tuple[FeedLine, ...], written: Written) -> Iterator[Problem]:
    seen: dict[str, Loc] = {}
    for index, line in enumerate(lines):
        for key, value, same in (("url", line.url, _address(line.url)), ("name", line.name, line.name)):
            loc: Loc = ("feeds", index, key)
            first = seen.setdefault(f"{key} {same}", loc)
            if value and first != loc:
                yield loc, f"{value!r} is listed twice; the first is at {written.place(first)}"


def _address(url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.lower(), path=parts.path or "/", fragment="").geturl()
