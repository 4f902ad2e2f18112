"""Which addresses look like articles of a site."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.core.archives.shapes import home_of, looks_like_article, shapes_of

H = "https://www.example.org"
DATED = [f"{H}/world/2024/05/{day}/title-of-some-words-{day}" for day in range(10, 20)]


def looks(path: str, *samples: str) -> bool:
    return looks_like_article(path if "//" in path else H + path, shapes_of(samples, f"{H}/", f"{H}/feed"))


@pytest.mark.parametrize(
    "path",
    [
        "/2024/05/17/rain",
        "/2024/05/rain-again",
        "/news/how-the-river-came-back",
        "/news/how-the-river-came-back.html",
        "/news/67890123",
        "/news/world-67890123",
        "/a/0b7cb1a2-1111-4222-8333-444455556666",
        "/index.php?id=55",
        "/?p=123",
        "/故事/河水回来了故事很长",
        "https://blog.example.org/how-the-river-came-back",
    ],
)
def test_without_samples_dates_titles_and_long_numbers_speak_for_an_article(path: str) -> None:
    assert looks(path)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/?utm_source=feed",
        "/about",
        "/privacy-policy",
        "/world",
        "/tag/how-the-river-came-back",
        "/author/12345678",
        "/category/news/page/3",
        "/search?q=river",
        "/2024/05/17/",
        "/2024/may/",
        "/2024/",
        "/wp-content/2024/05/how-the-river-came-back.jpg",
        "/papers/how-the-river-came-back.pdf",
        "/how-the-river-came-back/feed/",
        "https://www.example.com/how-the-river-came-back",
        "ftp://www.example.org/how-the-river-came-back",
        "https://[bad/how-the-river-came-back",
    ],
)
def test_home_lists_files_and_other_sites_are_no_articles(path: str) -> None:
    assert not looks(path)


def test_a_shape_that_known_articles_have_is_one_of_articles() -> None:
    samples = [f"{H}/posts/{word}" for word in ("rain", "sun", "wind", "hail", "fog")]
    assert looks("/posts/snow", *samples)
    assert not looks("/people/snow", *samples)
    assert not looks("/posts", *samples)


def test_what_lies_in_another_folder_than_all_known_articles_is_none() -> None:
    assert looks("/world/2021/03/02/title-of-other-words", *DATED)
    assert not looks("/sport/2021/03/02/title-of-other-words", *DATED)
    assert looks("/sport/2021/03/02/title-of-other-words", *DATED[:3])


def test_titles_alone_are_not_enough_where_known_articles_have_dates() -> None:
    assert not looks("/world/everything-there-is-about-rivers", *DATED)
    assert looks("/world/everything-there-is-about-rivers", *DATED[:3])


def test_older_addresses_with_numbers_are_articles_all_the_same() -> None:
    assert looks("/world/europe-12345678", *DATED)


def test_words_of_lists_are_no_hindrance_where_known_articles_have_them() -> None:
    samples = [f"{H}/topics/{number}/title-of-some-words" for number in range(10, 16)]
    assert looks("/topics/17/another-title-of-words", *samples)


def test_the_parameters_of_known_articles_are_those_of_others() -> None:
    samples = [f"{H}/show?story=rain-{number}&lang=en" for number in range(5)]
    assert looks("/show?lang=en&story=sun-9", *samples)
    assert looks("/show?lang=en&story=sun-9&utm_source=feed", *samples)
    assert not looks("/show?lang=en&print=1", *samples)


def test_a_feed_that_lies_elsewhere_does_not_hide_its_site() -> None:
    shapes = shapes_of(DATED, "", "https://feeds.example.net/all")
    assert looks_like_article(f"{H}/world/2021/03/02/title-of-other-words", shapes)
    assert home_of(DATED, "", "https://feeds.example.net/all") == f"{H}/"


def test_an_aggregator_has_no_publisher_but_its_own() -> None:
    samples = [f"https://site{number}.example/title-of-some-words" for number in range(9)]
    shapes = shapes_of(samples, f"{H}/", f"{H}/feed")
    assert shapes.publishers == {"example.org"}
    assert home_of(samples, f"{H}/", f"{H}/feed") == f"{H}/"


def test_the_home_has_no_user() -> None:
    assert home_of((), "", "https://ann:secret@example.org:8443/feed") == "https://example.org:8443/"
    assert home_of((), "", "") == ""


@given(st.text(max_size=60), st.lists(st.text(max_size=40), max_size=8))
def test_any_text_is_judged_without_an_error(text: str, samples: list[str]) -> None:
    addresses = [f"{H}/{sample}" for sample in samples] + samples
    looks_like_article(f"{H}/{text}", shapes_of(addresses, f"{H}/", ""))
    looks_like_article(text, shapes_of(addresses, text, text))
    home_of(addresses, text, text)
