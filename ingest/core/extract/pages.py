"""Articles that are spread over several pages: which page comes next, and their texts as one.

Sites say `rel=next` for the next page of an article and for the next article alike. So a link is believed only where
its address is that of the page itself with the number that follows: `/story?page=2`, `/story/2`, `/story-2.html`.
An article begins at an address without a number, or with one that is named (`?page=1`): the number in `/posts/7` or
`/2024/01/19` is its own, and the next one is another article.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from lxml.html import HtmlElement

from ingest.core.dedupe.url import canonical
from ingest.core.extract.page import Page

_PARAMETERS = frozenset({"page", "p", "pg", "seite", "pagina", "página", "page_no", "pageno", "part", "s"})
_MARKS = (
    re.compile(r"/(?:page|seite|pagina|p|part)[/_-]?(?P<number>[1-9]\d?)(?=/?$)", re.IGNORECASE),
    re.compile(r"/(?P<number>[1-9]\d?)(?=/?$)"),
    re.compile(r"[-_.,](?:page|seite|pagina|p|s)?[-_]?(?P<number>[1-9]\d?)(?=(?:\.[a-z]{3,5})?/?$)", re.IGNORECASE),
)
"""What stands in a path for the number of a page; it is cut out to compare the rest."""
_WORDS = re.compile(
    r"\W*(next( page)?|continue|nächste( seite)?|weiter|(page )?suivante?|siguiente|próxima|seguinte|successiva"
    r"|pagina seguente|volgende( pagina)?|далее|следующая|sonraki( sayfa)?"
    r"|次(の)?(ページ|へ)|下一页|下一頁|다음|التالي)\W*",
    re.IGNORECASE,
)
_MOST_PAGES = 30


def next_page(page: Page, number: int = 1) -> str:
    """The address of the next page of the same article; empty where there is none.

    Args:
        number: which page of the article this is.
    """
    here = {stem for stem, read in _readings(page.url) if read == number}
    for reference in _references(page.tree, str(number + 1)):
        url = page.link(reference).partition("#")[0]
        if url and any(read == number + 1 and stem in here for stem, read in _readings(url)):
            return url
    return ""


def joined(texts: Sequence[str]) -> str:
    """The texts of an article's pages as one; a paragraph that a page before had is not given again."""
    seen: set[str] = set()
    kept: list[str] = []
    for text in texts:
        paragraphs = [paragraph for paragraph in text.split("\n\n") if paragraph not in seen]
        kept.extend(paragraphs)
        seen.update(paragraphs)
    return "\n\n".join(filter(None, kept))


def adds(text: str, texts: Sequence[str]) -> bool:
    """Whether a page has a paragraph that the pages before had not."""
    return joined([*texts, text]) != joined(texts)


def _references(tree: HtmlElement, following: str) -> Iterator[str]:
    """Links that may lead to the next page, the most explicit first."""
    declared = tree.xpath("//link[@rel='next']/@href | //a[contains(concat(' ', @rel, ' '), ' next ')]/@href")
    shown = (link.get("href") for link in tree.iter("a") if link.get("href") and _is_pager(link, following))
    return chain(map(str, declared), shown)


def _is_pager(link: HtmlElement, following: str) -> bool:
    text = "".join(link.itertext()).strip() if len(link) < 3 else ""
    return text == following or _WORDS.fullmatch(text) is not None


def _readings(url: str) -> Iterator[tuple[str, int]]:
    """What an address may mean: (the address without its number, the number of the page); a plain one is page 1."""
    parts = urlsplit(canonical(url))
    yield _stem(parts.netloc, parts.path, parts.query), 1
    query = parse_qsl(parts.query, keep_blank_values=True)
    for name, value in query:
        if name.lower() in _PARAMETERS and value.isdecimal() and int(value) <= _MOST_PAGES:
            rest = urlencode([pair for pair in query if pair != (name, value)])
            yield _stem(parts.netloc, parts.path, rest), int(value)
    for mark in _MARKS:
        if (found := mark.search(parts.path)) and _is_page(found):
            path = parts.path[: found.start()] + parts.path[found.end() :]
            yield _stem(parts.netloc, path, parts.query), int(found["number"])


def _is_page(found: re.Match[str]) -> bool:
    """Whether a number may be that of a page; a plain 1 is rather the first of something else."""
    number = int(found["number"])
    return number <= _MOST_PAGES and (number > 1 or any(map(str.isalpha, found[0])))


def _stem(place: str, path: str, query: str) -> str:
    return urlunsplit(("", place, path.rstrip("/"), urlencode(parse_qsl(query, keep_blank_values=True)), ""))
