"""A stored story as settle sees it: to be placed anew, or to be compared with others."""

from ingest.core.dedupe.fingerprint import fingerprint
from ingest.core.dedupe.settle import appeared
from ingest.core.dedupe.url import canonical
from ingest.model import Article, Candidate, Draft, Moment, Story


def as_draft(story: Story) -> tuple[Draft, Candidate]:
    """A stored story as what settle decides about, and as what it compares with."""
    published = None
    if story.published_at:
        published = Moment(at=story.published_at, day=story.published_date or story.published_at.date())
    article = Article(url=story.url or "", title=story.title, text=story.text, published=published)
    mine = fingerprint(story.title, story.text)
    draft = Draft(
        article=article,
        hashtags=story.hashtags,
        fingerprint=mine,
        url_key=canonical(story.url) if story.url else "",
        publisher=story.publisher,
        source=story.source,
    )
    candidate = Candidate(
        story_id=story.id,
        publisher=story.publisher,
        url=story.url,
        title=story.title,
        text=story.text,
        source=story.source,
        duplicate_of=story.duplicate_of,
        text_hash=mine.text_hash,
        appeared_at=appeared(published, story.first_seen_at),
        matched="cluster",
    )
    return draft, candidate
