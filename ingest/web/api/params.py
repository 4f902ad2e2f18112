"""What may stand in a query, held to its bounds; anything else is refused by name."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from typing import Annotated, Literal

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema

from ingest.core import periods
from ingest.core.search.query import parse
from ingest.errors import ConfigError
from ingest.feed_list import of_known_feed
from ingest.model import ChangeFilter, ChangeKind, StoryFilter
from ingest.model import Query as Search
from ingest.ports import Store

LARGEST = 2**31 - 1
"""What every database takes for a `seq` or an id."""
PAGE, MOST = 100, 500
"""Stories or changes a page: as many as are read from the database at once, which takes some milliseconds."""
OUT_PAGE, OUT_MOST = 50, 200
"""Entries of a feed: readers ask for the whole of it again and again."""
HITS, MOST_HITS, LAST_HIT = 20, 50, 1_000
"""Hits a page, and the last behind which a page may begin: who reads all takes `/stories`."""
MOST_VALUES = 50
"""Values of one filter."""


def _reads(read: Callable[[str], dt.datetime]) -> BeforeValidator:
    def validate(value: object) -> dt.datetime:
        if not isinstance(value, str):
            raise ValueError("is no text; write 2024-01-19 or 2024-01-19T08:30:00Z")
        return read(value)

    return BeforeValidator(validate)


Words = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=r"^[^\x00-\x1f\x7f]+$")]
"""One line without control characters, which no database takes everywhere."""
SEARCH = "A search, as `ingest stories search` has it."
Asked = Annotated[Words, StringConstraints(max_length=1_000)]
Seq = Annotated[int, Field(ge=0, le=LARGEST)]
FROM_SCHEMA = {"type": "string", "format": "date-time", "description": "On or after; a day is its midnight UTC."}
TO_SCHEMA = {"type": "string", "format": "date-time", "description": "Before; a day is taken whole."}
From = Annotated[dt.datetime, _reads(periods.beginning), WithJsonSchema(FROM_SCHEMA)]
To = Annotated[dt.datetime, _reads(periods.end), WithJsonSchema(TO_SCHEMA)]


class Query(BaseModel):
    """Base of all: no parameter but those that are named."""

    model_config = ConfigDict(extra="forbid", populate_by_name=False)


class Filters(Query):
    """Which stories."""

    tag: Words | None = Field(None, description="A hashtag, with or without its #.", examples=["Harbour"])
    feed: Words | None = Field(None, description="Id, name or URL of a feed that saw the story.")
    lang: Words | None = Field(None, description="A language's code.", examples=["en"])
    q: Asked | None = Field(None, description=SEARCH, examples=["ferry -storm"])
    from_: From | None = Field(None, alias="from")
    to: To | None = Field(None)
    duplicates: Literal["include", "exclude"] = Field("include", description="`exclude` leaves copies out.")

    async def where(self, store: Store) -> StoryFilter:
        """The filter; its feed is one that is, or was, there."""
        wanted = StoryFilter(
            tag=self.tag.lstrip("#") if self.tag else None,
            feed=self.feed,
            language=self.lang.lower() if self.lang else None,
            since=self.from_,
            until=self.to,
            copies=self.duplicates == "include",
            query=_searched(self.q) if self.q else None,
        )
        return await with_known_feed(store, wanted)


class StoryPage(Filters):
    """A page of stories."""

    since_seq: Seq = Field(0, description="The last `seq` that was seen.")
    limit: int = Field(PAGE, ge=1, le=MOST)

    async def where(self, store: Store) -> StoryFilter:
        """The filter of this page."""
        return (await super().where(store)).model_copy(update={"after_seq": self.since_seq})


class SearchPage(Filters):
    """A page of what a search finds."""

    q: Asked = Field(description=SEARCH, examples=["ferry -storm"])
    limit: int = Field(HITS, ge=1, le=MOST_HITS)
    offset: int = Field(0, ge=0, le=LAST_HIT, description="How many of the best were seen.")

    @property
    def query(self) -> Search:
        """What is searched for."""
        return _searched(self.q)

    async def where(self, store: Store) -> StoryFilter:
        """The filter beside it."""
        return (await super().where(store)).model_copy(update={"query": None})


class OutPage(Filters):
    """A page of a feed of stories."""

    before_seq: Seq | None = Field(None, description="Older stories than this `seq`; as `next` gives it.")
    limit: int = Field(OUT_PAGE, ge=1, le=OUT_MOST)

    async def where(self, store: Store) -> StoryFilter:
        """The filter of this page."""
        return (await super().where(store)).model_copy(update={"before_seq": self.before_seq})


class Removal(Query):
    """Why a story is taken down."""

    reason: Words | Literal[""] = Field("", description="Kept with the time, and told by `ingest explain`.")


class ChangeFilters(Query):
    """Which changes; each may be given several times."""

    kind: list[ChangeKind] = Field([], max_length=MOST_VALUES)
    tag: list[Words] = Field([], max_length=MOST_VALUES)
    feed: list[Words] = Field([], max_length=MOST_VALUES)
    lang: list[Words] = Field([], max_length=MOST_VALUES)

    async def where(self, store: Store) -> ChangeFilter:
        """The filter; its feeds are such as are, or were, there."""
        feeds = [(await with_known_feed(store, StoryFilter(feed=name))).feed or name for name in self.feed]
        return ChangeFilter(
            kinds=tuple(self.kind),
            feeds=tuple(feeds),
            tags=tuple(tag.lstrip("#") for tag in self.tag),
            languages=tuple(lang.lower() for lang in self.lang),
        )


REPEATED = frozenset(ChangeFilters.model_fields)
"""What may be given several times, of calls that follow changes."""
FOLLOWED = ("/changes", "/stories/stream")


class ChangePage(ChangeFilters):
    """A page of changes."""

    since_seq: Seq = Field(0, description="The last `seq` that was seen.")
    limit: int = Field(PAGE, ge=1, le=MOST)


class StreamStart(ChangeFilters):
    """Where a stream begins."""

    since_seq: Seq | None = Field(
        None, description="The last `seq` that was seen; default: from now on. `Last-Event-ID` goes before."
    )


async def named_once(request: Request) -> None:
    """Refuse a parameter that is given several times, where that is nothing that a call takes."""
    counted = Counter(name for name, _ in request.query_params.multi_items())
    follows = request.url.path.endswith(FOLLOWED)
    for name, times in counted.items():
        if times > 1 and not (follows and name in REPEATED):
            raise mistake("query", name, f"is given {times} times, and one is taken")


async def with_known_feed(store: Store, where: StoryFilter) -> StoryFilter:
    """As `of_known_feed`; a feed that is not there is a mistake in the query."""
    try:
        return await of_known_feed(store, where)
    except ConfigError as error:
        raise mistake("query", "feed", str(error)) from error


def _searched(text: str) -> Search:
    try:
        return parse(text)
    except ConfigError as error:
        raise mistake("query", "q", str(error)) from error


def mistake(place: str, name: str, reason: str) -> RequestValidationError:
    """What is found wrong with a parameter or field beyond its shape."""
    return RequestValidationError([{"loc": (place, name), "msg": reason, "type": "value_error"}])
