"""The pages for people: nouns in, HTML out, through the templates beside this module.

They need no script and nothing from elsewhere. The style sheet stands inside each page and is allowed by its hash.
"""

import base64
import datetime as dt
import hashlib
from collections.abc import Sequence
from itertools import pairwise

from jinja2 import Environment, PackageLoader, StrictUndefined

from ingest.core import outage
from ingest.core.amounts import span
from ingest.core.health import remarks
from ingest.core.render.difference import difference
from ingest.core.render.remark import remark
from ingest.core.search.snippet import pieces
from ingest.model import FeedStatus, Hit, Story, Totals, Version
from ingest.web import words

REFRESH_S = 30
BESIDE = 24
"""Groups of so many feeds stand beside the stories; larger ones below them, over the whole width."""


class Pages:
    """The templates, ready to render."""

    def __init__(self) -> None:
        loader = PackageLoader("ingest.web")
        self._templates = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, lstrip_blocks=True)
        style, _, _ = loader.get_source(self._templates, "style.css")
        self._templates.globals.update(style=style, refresh_s=REFRESH_S)
        self._templates.filters.update(
            {
                filter_.__name__: filter_
                for filter_ in (
                    words.ago,
                    words.bare,
                    words.by_source,
                    words.due,
                    words.exact,
                    words.first_words,
                    words.link,
                    words.paragraphs,
                    pieces,
                    remark,
                    remarks,
                    words.seen_in,
                    words.slug,
                    span,
                    words.times,
                )
            }
        )
        digest = hashlib.sha256(style.encode()).digest()
        self.style_source = f"'sha256-{base64.b64encode(digest).decode()}'"
        """Allows the pages' style sheet in a Content-Security-Policy."""

    def home(
        self,
        totals: Totals,
        feeds: Sequence[FeedStatus],
        stories: Sequence[Story],
        trouble: str | None,
        now: dt.datetime,
    ) -> str:
        """The service at a glance."""
        groups = words.by_health(feeds, now, totals.outage)
        return self._render(
            "home.html",
            totals=totals,
            feeds=feeds,
            beside=[(name, members) for name, members in groups if len(members) <= BESIDE],
            below=[(name, members) for name, members in groups if len(members) > BESIDE],
            verdict="Our network is down" if totals.outage else words.verdict(groups),
            outage=outage.told(totals.outage, now) if totals.outage else None,
            stories=stories,
            trouble=trouble,
            now=now,
        )

    def search(self, query: str, hits: Sequence[Hit], most: int, now: dt.datetime, mistake: str = "") -> str:
        """What a search found, of which `most` are shown; or why the query cannot be read."""
        return self._render("search.html", query=query, hits=hits, most=most, now=now, mistake=mistake)

    def story(
        self, story: Story, now: dt.datetime, versions: Sequence[Version] = (), cluster: Sequence[Story] = ()
    ) -> str:
        """One story, to read, with what its versions changed, the latest first, and those of its cluster."""
        changes = [(after, before, difference(before, after)) for before, after in pairwise(versions)]
        kin = [one for one in cluster if one.id != story.id]
        return self._render("story.html", story=story, changes=changes[::-1], kin=kin, now=now)

    def error(self, title: str, detail: str, may_pass: bool) -> str:
        """Why there is no page; asked for again where that may pass."""
        return self._render("error.html", title=title, detail=detail, may_pass=may_pass)

    def _render(self, template: str, **values: object) -> str:
        return self._templates.get_template(template).render(values)
