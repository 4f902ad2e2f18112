"""Examples for the OpenAPI document."""

from pydantic.config import JsonDict

STORY: JsonDict = {
    "id": "01HMGQ2Z7D8F3K5M9N1P4R6S8T",
    "seq": 1234,
    "url": "https://example.org/news/harbour",
    "title": "Harbour reopens after storm",
    "text": "The first ferry left early.\n\nThe mayor called it an omen.",
    "summary": "The harbour is open again.",
    "authors": ["Ada Quill"],
    "site": "Example Courier",
    "language": "en",
    "published_at": "2024-01-19T08:30:00Z",
    "published_date": "2024-01-19",
    "modified_at": None,
    "first_seen_at": "2024-01-19T08:34:10Z",
    "image": None,
    "hashtags": [{"tag": "Harbour", "source": "headline"}],
    "version": 1,
    "cluster": "01HMGQ2Z7D8F3K5M9N1P4R6S8T",
    "duplicate_of": None,
    "sightings": [
        {
            "feed": "courier",
            "entry_id": "guid-7",
            "url": "https://example.org/news/harbour?utm_source=rss",
            "seen_at": "2024-01-19T08:34:10Z",
        }
    ],
    "via": None,
    "kind": "article",
    "section": None,
    "free": None,
    "withdrawn_at": None,
}
PROBLEM: JsonDict = {
    "type": "about:blank",
    "title": "Unprocessable Content",
    "status": 422,
    "detail": "limit: Input should be less than or equal to 500",
    "mistakes": [{"name": "limit", "place": "query", "reason": "Input should be less than or equal to 500"}],
}
NEW_FEED: JsonDict = {"url": "https://example.org/", "interval": "15m", "tags": ["world"]}
NEW_BACKFILL: JsonDict = {"feed": "courier", "since": "2024-01-01", "until": "2024-01-31"}
EVENT = 'id: 7\nevent: created\ndata: {"seq":7,"kind":"created","at":"2024-01-19T08:34:10Z","story":{"id":"…"}}\n\n'
