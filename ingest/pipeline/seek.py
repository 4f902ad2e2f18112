"""Finding a feed: at a URL, named by the page there, or at a usual place of the site."""

from ingest.core.parse import parse
from ingest.core.parse.discovery import discover, guesses
from ingest.errors import FetchError, ParseError
from ingest.model import Document, Noun, Request, Response
from ingest.pipeline.answers import asked_wait_s
from ingest.ports import Ports

MOST_CANDIDATES = 8
"""Addresses tried on a site that names no feed, or several."""


class Seen(Noun):
    """A feed as it is now."""

    url: str
    response: Response
    document: Document


async def see(ports: Ports, request: Request) -> Seen:
    """Fetch and parse a feed.

    Raises:
        FetchError: there is no answer, or none of status 200.
        ParseError: the answer is no feed.
    """
    response = await _answer(ports, request)
    return Seen(url=request.url, response=response, document=await ports.pool.run(parse, response))


async def find_feed(ports: Ports, url: str) -> Seen:
    """The feed at a URL, or the one that the page there names, or one at a usual place of the site.

    Raises:
        FetchError: the URL does not answer.
        ParseError: no feed was found.
    """
    response = await _answer(ports, Request(url=url, purpose="feed"))
    try:
        return Seen(url=url, response=response, document=await ports.pool.run(parse, response))
    except ParseError as error:
        named = await ports.pool.run(discover, response)
        tried = (named or guesses(response.final_url))[:MOST_CANDIDATES]
        for candidate in tried:
            if seen := await _if_feed(ports, candidate):
                return seen
        where = ", ".join(tried) or "nowhere else"
        raise ParseError(f"{error}; none was found at {where} either") from error


async def _answer(ports: Ports, request: Request) -> Response:
    response = await ports.fetcher.fetch(request)
    if response.status != 200:
        why = f"{request.url}: the server answers {response.status}"
        raise FetchError("protocol", why, asked_wait_s(response), response.status)
    return response


async def _if_feed(ports: Ports, url: str) -> Seen | None:
    try:
        return await see(ports, Request(url=url, purpose="feed"))
    except (FetchError, ParseError):  # a candidate that is none: the caller tries the next, and tells when none is left
        return None
