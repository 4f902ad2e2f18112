"""Papers as feeds: FORMATS says how each format is written. Dates are those of the articles, so that a feed in which
nothing is new stays the same to the byte."""

import json
from collections.abc import Callable
from email.utils import format_datetime
from functools import partial
from typing import NamedTuple

from ingest.demo.layouts import TEMPLATES
from ingest.demo.paper import Paper, Publication
from ingest.demo.publishers import Channel, FeedFormat


class Format(NamedTuple):
    """A way to write a feed."""

    label: str
    """For people."""
    content_type: str
    write: Callable[[Paper, Channel], bytes]


def write_feed(paper: Paper, channel: Channel) -> tuple[bytes, str]:
    """A feed's body and its Content-Type."""
    form = FORMATS[channel.format]
    return form.write(paper, channel), form.content_type


def _xml(template: str, paper: Paper, channel: Channel) -> bytes:
    text = TEMPLATES.get_template(template).render(
        paper=paper,
        channel=channel,
        publications=paper.listed(channel),
        rfc822=format_datetime,
    )
    return text.encode(paper.publisher.encoding)


def _unescaped(template: str, paper: Paper, channel: Channel) -> bytes:
    """The mistake that real feeds make most often: `&` as it is typed."""
    return _xml(template, paper, channel).replace(b"&amp;", b"&")


def _json(paper: Paper, channel: Channel) -> bytes:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": paper.publisher.name,
        "description": paper.publisher.tagline,
        "home_page_url": f"{paper.url}/",
        "feed_url": paper.url + channel.path,
        "language": paper.publisher.language,
        "items": [_json_item(channel, publication) for publication in paper.listed(channel)],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1).encode()


def _json_item(channel: Channel, publication: Publication) -> dict[str, object]:
    return {
        "id": str(publication.manuscript.number),
        "url": channel.link(publication.url),
        "title": publication.title,
        "content_text": publication.summary,
        "image": publication.picture,
        "date_published": publication.published.isoformat(),
        "date_modified": publication.modified.isoformat(),
        "authors": [{"name": publication.manuscript.author}],
        "tags": list(publication.manuscript.categories),
    }


FORMATS: dict[FeedFormat, Format] = {
    "rss20": Format("RSS 2.0", "application/rss+xml; charset=utf-8", partial(_xml, "rss20.xml")),
    "rss20-sloppy": Format("RSS 2.0, unescaped", "text/xml; charset=utf-8", partial(_unescaped, "rss20.xml")),
    "rss10": Format("RSS 1.0", "application/rdf+xml", partial(_xml, "rss10.xml")),
    "rss091": Format("RSS 0.91", "text/xml", partial(_xml, "rss091.xml")),
    "atom10": Format("Atom 1.0", "application/atom+xml", partial(_xml, "atom10.xml")),
    "json11": Format("JSON Feed 1.1", "application/feed+json", _json),
}
