"""The feeds of `feeds.yaml`: each with its defaults and its name, none twice."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from pydantic import ValidationError

from ingest.core.naming import feed_name
from ingest.errors import ConfigError
from ingest.model import FeedSpec
from ingest.settings.complaints import in_words, validated
from ingest.settings.shape import FeedLine, FeedsFile, Unset
from ingest.settings.variables import unset_variables
from ingest.settings.written import Loc, Problem, Written


class Listed(NamedTuple):
    """What a file lists."""

    feeds: tuple[FeedSpec, ...] | None
    """None where it has no `feeds`: a file that is missing, or cut short, must not be read as a list of no feeds."""
    unset: tuple[Unset, ...] = ()


def read_feeds(written: Written, environ: Mapping[str, str]) -> Listed:
    """The feeds that a file lists, and what the environment lacks of what they need.

    Raises:
        ConfigError: with a line for each thing that is wrong.
    """
    file = validated(FeedsFile, written)
    if problems := list(_twice(file.feeds, written)):
        raise written.refused(problems)
    if "feeds" not in written.data:
        return Listed(None)
    specs = tuple(_specs(file))
    return Listed(specs, tuple(unset_variables(file, specs, written, environ)))


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


def _specs(file: FeedsFile) -> Iterator[FeedSpec]:
    taken = {line.name for line in file.feeds if line.name}
    for line in file.feeds:
        name = line.name or feed_name(line.url, taken)
        taken.add(name)
        stated = file.defaults.model_dump(exclude_unset=True) | line.model_dump(exclude_unset=True)
        yield FeedSpec.model_validate(stated | {"name": name})


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
