"""What a reader should know of a story before reading it, in a word or two."""

from ingest.model import Story


def remark(story: Story) -> str:
    """That it is a copy of another, was changed, or was taken away; empty where there is nothing to say."""
    remarks = (
        ("withdrawn", story.withdrawn_at is not None),
        ("copy", story.duplicate_of is not None),
        (f"version {story.version}", story.version > 1),
    )
    return ", ".join(word for word, holds in remarks if holds)
