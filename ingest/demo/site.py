"""What a publisher's web site answers: a pure function of the paper and the path asked for."""

import datetime as dt
from collections.abc import Callable, Mapping
from functools import partial
from http import HTTPStatus
from urllib.parse import unquote, urlencode, urlsplit
from zlib import crc32

from ingest.demo.feeds import write_feed
from ingest.demo.layouts import TEMPLATES
from ingest.demo.paper import Paper, Publication
from ingest.demo.publishers import Channel
from ingest.model import Noun

ROBOTS = b"User-agent: *\nDisallow: /account/\n"
CONSENT_PATH = "/consent"
RELATED = 3
"""How many other articles an article's page links to."""


class Answer(Noun):
    """A response, before HTTP adds its own."""

    body: bytes
    content_type: str
    status: HTTPStatus = HTTPStatus.OK
    headers: tuple[tuple[str, str], ...] = ()
    modified: dt.datetime | None = None


def answer(paper: Paper, target: str, first_time: bool) -> Answer:
    """The site's answer.

    Args:
        paper: the publisher as it stands now.
        target: path and query, not percent-encoded; unknown queries are ignored, as most sites do.
        first_time: nobody has asked for it before.
    """
    routes = _routes(paper, first_time)
    route = routes.get(target) or routes.get(target.partition("?")[0])
    return route() if route else _no_such_page()


def _routes(paper: Paper, first_time: bool) -> Mapping[str, Callable[[], Answer]]:
    channels = paper.publisher.channels
    return {
        "/": partial(_front, paper, paper.publications),
        CONSENT_PATH: partial(_page, "consent.html", paper),
        "/robots.txt": partial(Answer, body=ROBOTS, content_type="text/plain"),
        **{unquote(paper.section_path(name)): partial(_section, paper, name) for name in paper.sections},
        **{channel.path: partial(_feed, paper, channel) for channel in channels},
        **{
            channel.moved_from: partial(_redirect, HTTPStatus.MOVED_PERMANENTLY, paper.url + channel.path)
            for channel in channels
            if channel.moved_from
        },
        **{_target(one.url): partial(_article, paper, one, first_time) for one in paper.publications},
        **{_target(one.picture): partial(_picture, one) for one in paper.publications},
    }


def _target(url: str) -> str:
    parts = urlsplit(url)
    return unquote(parts.path + (f"?{parts.query}" if parts.query else ""))


def _article(paper: Paper, publication: Publication, first_time: bool) -> Answer:
    trouble = publication.manuscript.trouble
    if trouble == "missing":
        return _no_such_page()
    if trouble == "faltering" and first_time:
        return _out_of_order()
    if trouble == "consent":
        return _redirect(HTTPStatus.FOUND, f"{paper.url}{CONSENT_PATH}?{urlencode({'next': publication.url})}")
    related = [one for one in paper.publications if one != publication][:RELATED]
    page = _page(f"{paper.publisher.key}.html", paper, publication=publication, related=related)
    return page.model_copy(update={"modified": publication.modified})


def _section(paper: Paper, section: str) -> Answer:
    return _front(paper, tuple(one for one in paper.publications if one.section == section))


def _front(paper: Paper, publications: tuple[Publication, ...]) -> Answer:
    layout = f"{paper.publisher.key}.html"
    return _page("front.html", paper, layout=layout, publications=publications)


def _page(template: str, paper: Paper, **context: object) -> Answer:
    html = TEMPLATES.get_template(template).render(paper=paper, **context)
    encoding = paper.publisher.encoding
    # An old site says its encoding in the page alone.
    content_type = f"text/html; charset={encoding}" if encoding == "utf-8" else "text/html"
    return Answer(body=html.encode(encoding), content_type=content_type)


def _feed(paper: Paper, channel: Channel) -> Answer:
    body, content_type = write_feed(paper, channel)
    newest = max((one.modified for one in paper.listed(channel)), default=None)
    return Answer(body=body, content_type=content_type, modified=newest)


def _redirect(status: HTTPStatus, url: str) -> Answer:
    return Answer(body=b"", content_type="text/plain", status=status, headers=(("Location", url),))


def _picture(publication: Publication) -> Answer:
    seed = crc32(publication.manuscript.slug.encode())
    svg = TEMPLATES.get_template("picture.svg").render(seed=seed)
    return Answer(body=svg.encode(), content_type="image/svg+xml")


def _no_such_page() -> Answer:
    return Answer(body=b"No such page.\n", content_type="text/plain", status=HTTPStatus.NOT_FOUND)


def _out_of_order() -> Answer:
    return Answer(
        body=b"The presses have jammed.\n", content_type="text/plain", status=HTTPStatus.INTERNAL_SERVER_ERROR
    )
