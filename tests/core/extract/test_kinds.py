"""Live blogs, galleries and video pages say what they are; so do pages that are free or not."""

import pytest
from html_pages import BODY, PARAGRAPHS, URL, ld, response

from ingest.core.extract import extract_page
from ingest.model import Article, Entry

BRIEF = f"<p>{PARAGRAPHS[0]}</p>"
ARTICLE = '{"@type": "NewsArticle", "headline": "Ice"}'
VIDEO = '{"@type": "VideoObject", "name": "Ice"}'


def article(head: str = "", body: str = BODY, url: str = URL) -> Article:
    return extract_page(response(head, body, url), Entry())


@pytest.mark.parametrize(
    ("head", "body", "kind"),
    [
        ("", BODY, "article"),
        (ld(ARTICLE), BODY, "article"),
        (ld('{"@type": "LiveBlogPosting", "headline": "Ice"}'), BODY, "live"),
        (ld('{"@type": ["NewsArticle", "LiveBlogPosting"]}'), BODY, "live"),
        (ld('{"@type": "https://schema.org/LiveBlogPosting"}'), BODY, "live"),
        ("", f"<div itemscope itemtype='https://schema.org/LiveBlogPosting'>{BODY}</div>", "live"),
        (ld('{"@type": "ImageGallery", "name": "Ice"}'), BODY, "gallery"),
        (ld(VIDEO), BRIEF, "video"),
        (ld(VIDEO), BODY, "video"),
        (ld(VIDEO) + ld(ARTICLE), BODY, "article"),
        (ld(VIDEO) + ld(ARTICLE), BRIEF, "video"),
        ("<meta property='og:type' content='video.other'>", BRIEF, "video"),
        ("<meta property='og:type' content='article'>", BRIEF, "article"),
    ],
)
def test_a_page_says_what_it_is(head: str, body: str, kind: str) -> None:
    assert article(head, body).kind == kind


@pytest.mark.parametrize(
    ("path", "kind"), [("/video/ice", "video"), ("/galleries/ice", "gallery"), ("/news/video-of-ice", "article")]
)
def test_the_address_tells_the_kind_of_a_page_with_little_text(path: str, kind: str) -> None:
    assert article(body=BRIEF, url=f"https://amble.example.com{path}").kind == kind


def test_a_gallery_gives_the_text_it_has() -> None:
    assert article(ld('{"@type": "ImageGallery"}'), BRIEF).text == PARAGRAPHS[0]


@pytest.mark.parametrize(
    ("head", "free"),
    [
        ("", None),
        (ld('{"@type": "NewsArticle", "isAccessibleForFree": true}'), True),
        (ld('{"@type": "NewsArticle", "isAccessibleForFree": "False"}'), False),
        (ld('{"@type": "NewsArticle", "isAccessibleForFree": "https://schema.org/False"}'), False),
        (ld('{"@type": "NewsArticle", "isAccessibleForFree": "sometimes"}'), None),
        ("<meta property='article:content_tier' content='locked'>", False),
        ("<meta property='article:content_tier' content='free'>", True),
        ("<meta property='article:content_tier' content='metered'>", None),
    ],
)
def test_a_page_says_whether_it_is_free(head: str, free: bool | None) -> None:
    assert article(head).free is free
