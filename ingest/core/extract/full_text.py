"""Whether a feed's own content is the whole article, so that its page need not be fetched.

Only where that is clear: a feed that gives a teaser under the name of content is common, and a story cut short is worse
than a request too many.
"""

import re

from ingest.core.extract.length import words
from ingest.core.plain import plain
from ingest.model import Entry, FeedSpec

ENOUGH = 200
"""Words that a whole article has at least."""
FULLER = 1.5
"""How many times longer than its summary."""

_ELLIPSIS = re.compile(r"(…|\.\.\.|\[…\]|\[\.\.\.\]|\(…\))[\s\W]*$")
_POINTER = re.compile(
    r"""(continue\ reading | read\ (more|on|the\ (full|rest|whole)) | read\ the\ (article|story) | full\ (story|article)
    | view\ (the\ )?(full|original) | click\ here\ to | keep\ reading | learn\ more | see\ more
    | weiterlesen | mehr\ lesen | zum\ artikel | den\ ganzen\ artikel | lire\ (la\ suite|plus|l['’]article)
    | seguir\ leyendo | leer\ más | sigue\ leyendo | leia\ mais | continue\ lendo | continua\ a\ leggere | leggi\ (tutto|di\ più)
    | lees\ (meer|verder) | читать\ (далее|дальше|полностью) | devamını\ oku | اقرأ\ المزيد | 続きを読む | 阅读全文 | 더\ 보기).{0,80}$""",
    re.IGNORECASE | re.VERBOSE,
)
_SIGNATURE = re.compile(
    r"^(The post .+ (appeared first on|first appeared on) .+|.{0,20} (appeared first on|first appeared on) .+)$"
)
"""What WordPress puts below every item, whole or not: https://developer.wordpress.org (Yoast's RSS footer)."""


def needs_page(feed: FeedSpec, entry: Entry) -> tuple[bool, str]:
    """Whether the article's page must be fetched, and why, in one line of words."""
    if not entry.url:
        return False, "the entry has no link"
    if feed.full_text == "always":
        return True, "the feed is set to full_text: always"
    if feed.full_text == "never":
        return False, "the feed is set to full_text: never"
    lack = _lack(entry)
    return bool(lack), lack or "the feed's own content is the whole article"


def _lack(entry: Entry) -> str:
    """What the feed's content lacks to be the whole article; empty where it lacks nothing."""
    paragraphs = _paragraphs(entry.content)
    length = sum(map(words, paragraphs))
    if not paragraphs:
        return "the feed gives no content"
    if length < ENOUGH:
        return f"the feed's content is short ({length} words)"
    if len(paragraphs) < 2:
        return "the feed's content is a single paragraph"
    if _ELLIPSIS.search(paragraphs[-1]) or _POINTER.search(paragraphs[-1]):
        return "the feed's content breaks off"
    if entry.summary and length < FULLER * words(entry.summary):
        return "the feed's content is hardly longer than its summary"
    return ""


def _paragraphs(html: str) -> list[str]:
    """The paragraphs of a feed's content, without the signature below them."""
    found = [block for block in map(str.strip, plain(html).split("\n\n")) if block]
    while found and _SIGNATURE.match(found[-1]):
        found.pop()
    return found
