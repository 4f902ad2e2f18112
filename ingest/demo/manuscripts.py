"""The written material: one text file an article, which a person can edit.

A file opens with `key: value` lines, then an empty line, then paragraphs parted by empty lines. Its name is a number,
which gives the order of publication, and a slug: `07-tide-mill.txt`. A file without text of its own `carries` that of
another; a file that `revises` another replaces it at the same address.
"""

from collections.abc import Iterable
from importlib.resources import files
from typing import Literal

from pydantic import ValidationError

from ingest.errors import ConfigError
from ingest.model import Noun

Trouble = Literal["missing", "faltering", "consent"]
"""What its page answers: 404 always, 500 to the first request, or a redirect to a consent wall."""


class Manuscript(Noun):
    """An article as it was written, before anybody published it."""

    number: int
    slug: str
    publisher: str
    """Key of its publisher."""
    title: str
    author: str
    categories: tuple[str, ...]
    """The first is the section that it stands in."""
    paragraphs: tuple[str, ...]
    language: str = ""
    """Empty where it is the publisher's own."""
    carries: str = ""
    """Slug of the article whose text this one repeats."""
    revises: str = ""
    """Slug of the article that this one replaces."""
    trouble: Trouble | None = None


def read_manuscripts() -> tuple[Manuscript, ...]:
    """All articles, in the order of publication.

    Raises:
        ConfigError: a file is not written as it should be; the message names it.
    """
    folder = files("ingest.demo") / "articles"
    texts = sorted((file.name, file.read_text("utf-8")) for file in folder.iterdir() if file.name.endswith(".txt"))
    return _with_carried_texts([parse_manuscript(name, text) for name, text in texts])


def parse_manuscript(name: str, text: str) -> Manuscript:
    """One file, by its name and what is in it.

    Raises:
        ConfigError: a line of the head is no `key: value`, a key is unknown or missing, or a value is wrong.
    """
    number, _, slug = name.removesuffix(".txt").partition("-")
    head, _, body = text.strip().partition("\n\n")
    fields: dict[str, object] = {"number": number, "slug": slug, **_head(name, head)}
    fields["categories"] = tuple(str(fields.get("categories", "")).split(", "))
    fields["paragraphs"] = tuple(" ".join(paragraph.split("\n")) for paragraph in body.split("\n\n") if paragraph)
    try:
        return Manuscript.model_validate(fields)
    except ValidationError as error:
        fault = error.errors()[0]
        raise ConfigError(f"article {name}, {'.'.join(map(str, fault['loc']))}: {fault['msg']}") from error


def _head(name: str, head: str) -> dict[str, str]:
    pairs = [line.partition(": ") for line in head.splitlines()]
    wrong = next((key for key, colon, _ in pairs if not colon), None)
    if wrong is not None:
        raise ConfigError(f"article {name}: the head has a line that is no `key: value`: {wrong!r}")
    return {key: value.strip() for key, _, value in pairs}


def _with_carried_texts(manuscripts: Iterable[Manuscript]) -> tuple[Manuscript, ...]:
    by_slug = {manuscript.slug: manuscript for manuscript in manuscripts}
    return tuple(
        manuscript.model_copy(update={"paragraphs": by_slug[manuscript.carries].paragraphs})
        if manuscript.carries
        else manuscript
        for manuscript in by_slug.values()
    )
