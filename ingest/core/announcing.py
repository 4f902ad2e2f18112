"""Which changes somebody wants to be told of."""

from ingest.core.hashtags.spelling import tag_key
from ingest.model import Announcement, ChangeFilter, Story


def is_wanted(announcement: Announcement, where: ChangeFilter) -> bool:
    """Whether a filter lets an announcement through.

    Of a deleted story nothing is left to ask, so that it is told to all who want this kind of change: whoever got the
    story has to hear of it.
    """
    if where.kinds and announcement.change.kind not in where.kinds:
        return False
    return announcement.story is None or _is_of(announcement.story, where)


def _is_of(story: Story, where: ChangeFilter) -> bool:
    if where.languages and story.language not in where.languages:
        return False
    if where.feeds and not any(sighting.feed in where.feeds for sighting in story.sightings):
        return False
    wanted = {tag_key(tag) for tag in where.tags}
    return not wanted or any(tag_key(tag.tag) in wanted for tag in story.hashtags)
