"""A hit of a search as JSON: the story, how well it matches, and where."""

from ingest.core.render.story_json import JSON, story_dict
from ingest.model import Hit


def hit_dict(hit: Hit) -> dict[str, JSON]:
    """A hit as what `json` can write; `marks` are (start, end) in the snippet's text, in characters."""
    snippet: dict[str, JSON] = {"text": hit.snippet.text, "marks": [list(mark) for mark in hit.snippet.marks]}
    return {**story_dict(hit.story), "rank": hit.rank, "snippet": snippet}
