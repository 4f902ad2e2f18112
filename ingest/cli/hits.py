"""What a search found, as it is shown: a few lines a story, or JSON."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ingest.cli.output import say, show_json

if TYPE_CHECKING:
    from ingest.model import Hit

SIGNS = ("«", "»")
"""What was searched for stands between these."""


def show_hits(hits: "Sequence[Hit]", as_json: bool) -> None:
    """Print hits in their order."""
    if as_json:
        from ingest.core.render.hit_json import hit_dict

        show_json([hit_dict(hit) for hit in hits])
        return
    if not hits:
        say("No story matches.")
    for number, hit in enumerate(hits):
        if number:
            say("")
        _show(hit)


def _show(hit: "Hit") -> None:
    from ingest.core.search.snippet import marked

    story = hit.story
    day = story.published_date.isoformat() if story.published_date else "no date"
    say(story.title.replace("\n", " ") or "Untitled")
    say(f"   {day}  {story.publisher}  {story.id}")
    say(f"   {marked(hit.snippet, *SIGNS)}")
