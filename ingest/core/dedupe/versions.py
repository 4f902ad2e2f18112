"""Whether what was read now is a new version of a stored text.

Only sentences count: short lines come and go with advertisements, counters and clocks. A page that shows no more than
the beginning of what it showed before has closed a wall, and what the feed says in short never replaces a page.
"""

from ingest.core.amounts import counted
from ingest.core.dedupe.fingerprint import letters
from ingest.core.dedupe.likeness import compared, likeness
from ingest.core.dedupe.shingles import words
from ingest.model import Article, Candidate, Draft

SENTENCE = 6
"""Words from which on a paragraph says something."""
OTHER = 0.1
"""Containment below which two texts under two titles are of two articles."""
STUB = 0.5
"""Share of the old text below which a text that adds nothing is what a wall leaves of it."""


def change(old: Candidate, draft: Draft) -> str:
    """In words, what is new in a draft of the same article; empty where nothing is."""
    article = draft.article
    if not article.text or (draft.source == "feed" and old.source == "page"):
        return ""
    is_part = _sentences(article.text) < _sentences(old.text)
    if is_part and len(article.text) < STUB * len(old.text):
        return ""
    return revision(old.title, old.text, article)


def revision(title: str, text: str, article: Article) -> str:
    """The same for another reading of one page, of which no wall is a part: all that differs counts."""
    before, after = _sentences(text), _sentences(article.text)
    counts = ((len(after - before), "new"), (len(before - after), "gone"))
    changes = [f"{counted(count, 'paragraph')} {what}" for count, what in counts if count]
    if article.title and letters(article.title) != letters(title):
        changes.insert(0, "another title")
    return ", ".join(changes)


def is_still(old: Candidate, draft: Draft) -> bool:
    """Whether what another address than before answers is the same article: by its title, or a sentence of it."""
    title = letters(draft.article.title)
    return bool(title and title == letters(old.title)) or bool(_sentences(old.text) & _sentences(draft.article.text))


def is_other(old: Candidate, draft: Draft) -> bool:
    """Whether what a known address leads to now is another article: under another title, with next to no words kept."""
    article = draft.article
    titles = letters(old.title), letters(article.title)
    if not all(titles) or titles[0] == titles[1] or not (_sentences(old.text) and _sentences(article.text)):
        return False
    return likeness(compared(old.title, old.text), compared(article.title, article.text)).containment < OTHER


def _sentences(text: str) -> set[str]:
    """The letters of each paragraph that says something."""
    return {letters(paragraph) for paragraph in text.split("\n\n") if len(words(paragraph)) >= SENTENCE}
