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

_ENDING = 120
"""Characters of a text that show how it ends; patterns that are tied to the end look at no more."""
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
    r"(the post .+|l['’]article .+|der beitrag .+|la entrada .+|o post .+|l['’]articolo .+|het bericht .+|сообщение .+|.{0,20})"
    r" (appeared first on|first appeared on|est apparu en premier sur|erschien zuerst auf|se publicó primero en"
    r"|apareceu primeiro em|proviene da|verscheen eerst op|появились сначала на) .+",
    re.IGNORECASE,
)
"""What plug-ins of WordPress put below every item, whole or not (Yoast's RSS footer)."""


def needs_page(feed: FeedSpec, entry: Entry) -> tuple[bool, str]:
    """Whether the article's page must be fetched, and why, in one line of words."""
    if not entry.url:
        return False, "the entry has no link"
    if entry.shares_page and (entry.content or entry.summary):
        return False, "its page holds other entries of the feed too"
    if feed.full_text == "always":
        return True, "the feed is set to full_text: always"
    if feed.full_text == "never":
        return False, "the feed is set to full_text: never"
    lack = _lack(entry)
    return bool(lack), lack or "the feed's own content is the whole article"


def paragraphs(html: str) -> list[str]:
    """The paragraphs of a feed's content, without the signature that the feed's software puts below them."""
    found = plain(html).split("\n\n")
    while found and (not found[-1] or _SIGNATURE.fullmatch(found[-1])):
        found.pop()
    return found


def _lack(entry: Entry) -> str:
    """What the feed's content lacks to be the whole article; empty where it lacks nothing."""
    given = paragraphs(entry.content)
    length = sum(map(words, given))
    if not given:
        return "the feed gives no content"
    if length < ENOUGH:
        return f"the feed's content is short ({length} words)"
    if len(given) < 2:
        return "the feed's content is a single paragraph"
    ending = given[-1][-_ENDING:]
    if _ELLIPSIS.search(ending) or _POINTER.search(ending):
        return "the feed's content breaks off"
    if entry.summary and length < FULLER * words(entry.summary):
        return "the feed's content is hardly longer than its summary"
    return ""
