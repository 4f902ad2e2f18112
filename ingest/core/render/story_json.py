"""A story as JSON: the fields of the contract, in its order, and what else is known.

Times are UTC in whole seconds with `Z`; no publisher means more. Unknown is null; a title, text or summary that there
is not is the empty string.
"""

import datetime as dt
import json

from ingest.model import Announcement, Sighting, Story, Version

JSON = str | int | float | bool | None | list["JSON"] | dict[str, "JSON"]


def story_dict(story: Story) -> dict[str, JSON]:
    """A story as what `json` can write."""
    return {
        "id": story.id,
        "seq": story.seq,
        "url": story.url,
        "title": story.title,
        "text": story.text,
        "summary": story.summary,
        "authors": list(story.authors),
        "site": story.site or None,
        "language": story.language,
        "published_at": timestamp(story.published_at),
        "published_date": day(story.published_date),
        "modified_at": timestamp(story.modified_at),
        "first_seen_at": timestamp(story.first_seen_at),
        "image": story.image,
        "hashtags": [{"tag": each.tag, "source": each.source} for each in story.hashtags],
        "version": story.version,
        "cluster": story.cluster,
        "duplicate_of": story.duplicate_of,
        "sightings": list(map(_sighting_dict, story.sightings)),
        "via": story.via or None,
        "kind": story.kind,
        "section": story.section or None,
        "free": story.free,
        "withdrawn_at": timestamp(story.withdrawn_at),
    }


def version_dict(version: Version) -> dict[str, JSON]:
    """A text of a story as what `json` can write."""
    return {
        "version": version.version,
        "read_at": timestamp(version.read_at),
        "title": version.title,
        "text": version.text,
        "summary": version.summary,
        "modified_at": timestamp(version.modified_at),
    }


def announcement_dict(announcement: Announcement) -> dict[str, JSON]:
    """A change in its envelope, as what `json` can write; of a deleted story only the id is left."""
    change, story = announcement.change, announcement.story
    return {
        "seq": change.seq,
        "kind": change.kind,
        "at": timestamp(change.at),
        "story": story_dict(story) if story else {"id": change.story_id},
    }


def announcement_line(announcement: Announcement) -> str:
    """A change in its envelope as JSON on one line, without its end."""
    return json.dumps(announcement_dict(announcement), ensure_ascii=False, separators=(",", ":"))


def story_line(story: Story) -> str:
    """A story as JSON on one line, without its end."""
    return json.dumps(story_dict(story), ensure_ascii=False, separators=(",", ":"))


def timestamp(at: dt.datetime | None) -> str | None:
    """RFC 3339 in UTC, in whole seconds."""
    if at is None:
        return None
    return at.astimezone(dt.UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def day(date: dt.date | None) -> str | None:
    """`YYYY-MM-DD`."""
    return date.isoformat() if date else None


def _sighting_dict(sighting: Sighting) -> JSON:
    return {
        "feed": sighting.feed,
        "entry_id": sighting.entry_id,
        "url": sighting.url,
        "seen_at": timestamp(sighting.seen_at),
        **({"via": sighting.via} if sighting.via else {}),
        **({"copy_url": sighting.copy_url} if sighting.copy_url else {}),
    }
