"""A story as a text document: a line with its day and the headline's hashtags, an empty line, the text.

The hashtags are made from the title each time, whatever other tags the story has. No newline at the end.
"""

from ingest.core.hashtags.headline import headline_tags
from ingest.model import Story

SEPARATOR = "\n\f\n"
"""Parts two documents in one stream: a line that holds one form feed."""


def text_document(story: Story) -> str:
    """The document of a story; where its day is unknown, the first line goes without."""
    day = [story.published_date.isoformat()] if story.published_date else []
    tags = [f"#{tag}" for tag in headline_tags(story.title, story.language)]
    return f"{' '.join(['', 'date', *day, *tags])}\n\n{story.text}"


def document_name(story: Story) -> str:
    """The file's name, sorted by day; those of unknown day together."""
    return f"{story.published_date or 'undated'}-{story.id}.txt"
