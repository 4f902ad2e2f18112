"""The feed's and the page's own tags, as far as they say something of the article.

1. A list or a path in one string is parted: `Kingston, Ontario`, `World > Asia`; of `news/world/asia` only the last
   step counts. The hyphens of a slug are spaces. What stands in brackets explains the tag and is no part of it.
2. Left out: names of shelves that hold everything (`Uncategorized`, `News`, `Blog`), addresses, numbers of machines
   and labels (`arXiv:2507.20190`, UUIDs, `section:sport`), dates in figures, and phrases of more than
   five words, which are sentences.
"""

import html
import re
from collections.abc import Iterator

from ingest.core.hashtags.spelling import spell, tag_key
from ingest.model import Article, Entry, FeedSpec

_MOST_WORDS = 5
_LONGEST = 100
"""Characters of a tag; a longer text is none, and would take the patterns long."""

_SEPARATOR = re.compile(r"[,;|>›»\n、،]|\s/\s")
_BRACKETS = re.compile(r"\s*[(\[（][^)\]）]*[)\]）]")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")
_PATH = re.compile(r"(?:[\w-]{2,}/)+([\w-]{2,})")
_MACHINE = re.compile(
    r".*://.*|www\..*|\S+@\S+|[a-z][\w-]*[:=]\S.*|(?:nlp )?(?:category|section|type|entity tokens): .+"
    r"|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    re.IGNORECASE,
)

_SHELVES = """
    uncategorized / uncategorised / unclassified / no category / non classé / sin categoría / sin categorizar /
    sem categoria / senza categoria / nicht kategorisiert / ohne Kategorie / allgemein / geen categorie /
    okategoriserade / без рубрики / bez kategorii / kategorisiz / genel / غير مصنف / 未分类 / 未分類 /
    news / latest news / breaking news / top news / top stories / headlines / noticias / notícias / actualités /
    nachrichten / notizie / nieuws / новости / أخبار / haberler /
    article / articles / author / blog / post / posts / stories / featured / general / misc / miscellaneous / other /
    all / home / main / default / rss
"""
_SAYS_NOTHING = frozenset(map(tag_key, _SHELVES.split("/")))


def category(article: Article, entry: Entry, feed: FeedSpec) -> Iterator[str]:
    """The article's categories as tags."""
    for written in article.categories:
        for part in _SEPARATOR.split(html.unescape(written)):
            tag = _spelled(part.strip().lstrip("#＃")) if len(part) <= _LONGEST else None
            if tag and tag_key(tag) not in _SAYS_NOTHING:
                yield tag


def _spelled(part: str) -> str | None:
    if _MACHINE.fullmatch(part):
        return None
    phrase = _BRACKETS.sub("", part)
    if not phrase.isupper():  # AC/DC and TCP/IP are names
        phrase = _PATH.sub(r"\1", phrase)
    if _SLUG.fullmatch(phrase):
        phrase = phrase.replace("-", " ")
    return spell(phrase) if len(phrase.split()) <= _MOST_WORDS else None
