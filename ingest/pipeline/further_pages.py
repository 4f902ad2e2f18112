"""Articles that are spread over several pages: the pages after the first, fetched and joined.

A further page that cannot be had ends the article there; what was read is kept, and the story's note says so. So does
one without a paragraph of its own: there are servers that answer any number with the same page.
"""

from ingest.core.dedupe.url import canonical
from ingest.core.extract.pages import adds
from ingest.core.extract.sites import rules_for
from ingest.core.read import page_problem, read_on, with_pages
from ingest.errors import FetchError, WorkError
from ingest.model import Draft, Entry, Feed
from ingest.pipeline.answers import told
from ingest.pipeline.asking import page_request
from ingest.ports import Ports

PAGES_AT_MOST = 20
"""Of one article; more are an archive, or a loop that counts."""


async def with_further_pages(ports: Ports, draft: Draft, feed: Feed, entry: Entry) -> Draft:
    """The draft of a first page with the text of all its pages."""
    texts: list[str] = []
    url, why, seen = draft.article.next_page, "", {draft.url_key}
    while url and canonical(url) not in seen and len(seen) < PAGES_AT_MOST:
        seen.add(canonical(url))
        try:
            text, following = await _read(ports, feed, url, len(texts) + 2)
        except (FetchError, WorkError) as error:
            why = f"; page {len(texts) + 2} cannot be had: {told(error)}"
            break
        if not adds(text, [draft.article.text, *texts]):
            break
        texts.append(text)
        url = following
    if not texts:
        return draft.model_copy(update={"note": why.removeprefix("; ")}) if why else draft
    note = f"an article of {len(texts) + 1} pages{why}"
    return await ports.pool.run(with_pages, draft, texts, feed, entry, note, ports.body_tags)


async def _read(ports: Ports, feed: Feed, url: str, number: int) -> tuple[str, str]:
    response = await ports.fetcher.fetch(page_request(feed, url))
    if problem := page_problem(response):
        raise FetchError("protocol", problem[1])
    return await ports.pool.run(read_on, response, rules_for(response.final_url, ports.sites), number)
