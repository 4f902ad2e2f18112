"""A publisher with what it has published by a moment: all that its pages and feeds are made from."""

import datetime as dt
from collections.abc import Sequence
from urllib.parse import quote

from markupsafe import Markup

from ingest.demo.manuscripts import Manuscript
from ingest.demo.publishers import Channel, Publisher
from ingest.model import Noun


class Publication(Noun):
    """An article that is out, at its address."""

    manuscript: Manuscript
    url: str
    site_url: str
    language: str
    published: dt.datetime
    """In the publisher's zone, whole seconds."""
    modified: dt.datetime
    """Equal to `published` until it is revised."""

    @property
    def title(self) -> str:
        """The headline."""
        return self.manuscript.title

    @property
    def section(self) -> str:
        """The section that it stands in."""
        return self.manuscript.categories[0]

    @property
    def summary(self) -> str:
        """The first paragraph."""
        return self.manuscript.paragraphs[0]

    @property
    def html(self) -> Markup:
        """The text as paragraphs of HTML."""
        return Markup("\n").join(Markup("<p>{}</p>").format(text) for text in self.manuscript.paragraphs)

    @property
    def picture(self) -> str:
        """Address of its picture."""
        return f"{self.site_url}/pictures/{self.manuscript.slug}.svg"


class Paper(Noun):
    """A publisher at its address, with its publications, newest first."""

    publisher: Publisher
    url: str
    """Without a slash at the end."""
    newsroom_url: str
    publications: tuple[Publication, ...]

    @property
    def sections(self) -> tuple[str, ...]:
        """The sections in use, each once."""
        return tuple(dict.fromkeys(publication.section for publication in self.publications))

    def section_path(self, section: str) -> str:
        """Path of a section's front page."""
        return f"/section/{quote(section)}"

    def listed(self, channel: Channel) -> tuple[Publication, ...]:
        """What a feed lists."""
        return tuple(one for one in self.publications if channel.section in ("", *one.manuscript.categories))


Issue = tuple[Manuscript, dt.datetime]
"""A manuscript and the time at which it came out."""


def print_paper(publisher: Publisher, url: str, newsroom_url: str, issues: Sequence[Issue]) -> Paper:
    """The paper as it stands after these issues, of which only the publisher's own matter."""
    out: dict[str, Publication] = {}
    for manuscript, at in issues:
        if manuscript.publisher == publisher.key:
            slug = manuscript.revises or manuscript.slug
            out[slug] = _publish(publisher, url, manuscript, at, out.get(slug))
    return Paper(publisher=publisher, url=url, newsroom_url=newsroom_url, publications=tuple(reversed(out.values())))


def _publish(
    publisher: Publisher, url: str, manuscript: Manuscript, at: dt.datetime, earlier: Publication | None
) -> Publication:
    local = at.astimezone(dt.timezone(dt.timedelta(hours=publisher.utc_offset_h))).replace(microsecond=0)
    if earlier:
        place = {"slug": earlier.manuscript.slug, "number": earlier.manuscript.number}
        return earlier.model_copy(update={"manuscript": manuscript.model_copy(update=place), "modified": local})
    return Publication(
        manuscript=manuscript,
        url=url + publisher.path_of(manuscript.slug, manuscript.number),
        site_url=url,
        language=manuscript.language or publisher.language,
        published=local,
        modified=local,
    )
