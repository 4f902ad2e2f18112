"""Pages of an invented newspaper, made from what a test is about."""

import datetime as dt

from ingest.core.extract.page import Page, parse
from ingest.model import Article, Entry, Response

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
URL = "https://amble.example.com/news/frozen-harbour"
TEXT = """\
The harbour of Port Amble froze on Thursday for the first time since records began, and by noon half of the town was \
walking where the ferries usually turn, some of them with prams and one with a cello.

“Nobody has ever stood here before“, said the harbour master, who praised “a certain calm” among the crews, and who \
ordered soup for everybody. The ice was eleven centimetres thick at the outer mole.

The weather office expects a thaw by Sunday. Until then the ferries stay in port, the mail goes over the ridge by \
sledge, and the school has moved its sports day to the inner basin."""
PARAGRAPHS = TEXT.split("\n\n")
BODY = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)


def answer(body: bytes, url: str = URL, content_type: str = "text/html") -> Response:
    """What a server would answer."""
    return Response(
        url=url, final_url=url, status=200, headers={"content-type": content_type}, body=body, fetched_at=NOW
    )


def response(head: str = "", body: str = BODY, url: str = URL) -> Response:
    """A page with this head, and this within its article."""
    html = f"<!doctype html><html><head>{head}</head><body><main><article>{body}</article></main></body></html>"
    return answer(html.encode(), url)


def page(head: str = "", body: str = BODY, url: str = URL) -> Page:
    """The same, parsed."""
    parsed = parse(response(head, body, url))
    assert parsed is not None
    return parsed


def ld(json: str) -> str:
    """A JSON-LD script."""
    return f'<script type="application/ld+json">{json}</script>'


def told(at: str) -> Entry:
    """A feed's entry that was published at a time."""
    instant = dt.datetime.fromisoformat(at)
    return Entry.model_validate({"published": {"at": instant, "day": instant.date()}})


def day(article: Article) -> str:
    """The day of publication, or nothing."""
    return article.published.day.isoformat() if article.published else ""
