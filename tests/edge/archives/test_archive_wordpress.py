"""Walking back along the posts of WordPress, or the numbered pages of its feed."""

import datetime as dt
import json
from collections.abc import Sequence
from urllib.parse import parse_qs, urlsplit

import pytest
from answering import FEED, SITE, Answer, Site, day, found, said, titles, walked

from ingest.edge.archives.wordpress import FEWER, WordPress
from ingest.errors import FetchError, FetchFailure, ParseError
from ingest.model import Response

ROOT = f"{SITE}/wp-json/"
LINK = f'<{ROOT}>; rel="https://api.w.org/"'
NO_MORE = said('{"code": "rest_post_invalid_page_number"}', 400)


def days(numbers: Sequence[int]) -> list[str]:
    return [f"Day {number}" for number in numbers]


def post(number: int) -> dict[str, object]:
    at = f"{day(number):%Y-%m-%dT%H:%M:%S}"
    name = {"rendered": f"{SITE}/?p={number}"}
    return {"date_gmt": at, "date": at, "guid": name, "link": f"{SITE}/{number}/",
            "title": {"rendered": f"Day {number}"}}  # fmt: skip


def feed(numbers: Sequence[int], **more: str) -> Response:
    items = "".join(
        f"<item><guid>{SITE}/?p={number}</guid><title>Day {number}</title><link>{SITE}/{number}/</link>"
        f"<pubDate>{day(number):%a, %d %b %Y %H:%M:%S +0000}</pubDate></item>"
        for number in numbers
    )
    return said(f"<rss version='2.0'><channel><title>Amble</title>{items}</channel></rss>", **more)


class Blog(Site):
    """A site made with WordPress, with a post on each of so many days, the last on day `posts - 1`."""

    def __init__(self, posts: int, root: str = ROOT, *, link: str = LINK, totals: bool = True, most: int = 100) -> None:
        super().__init__()
        self.posts, self.root, self.totals, self.most = posts, root, totals, most
        self.answers[FEED] = feed(range(posts - 1, posts - 11, -1), link=link)
        self.answers[SITE] = said("<html><head><title>Amble</title></head></html>")
        self.otherwise = self.other

    def other(self, url: str) -> Response:
        asked = {name: value for name, (value, *_) in parse_qs(urlsplit(url).query).items()}
        if not url.startswith(self.root) and asked.get("rest_route") != "/wp/v2/posts":
            return said("Nothing here", 404)
        after, before = (asked.get(name, "").rstrip("Z") for name in ("after", "before"))
        listed = [one for number in range(self.posts - 1, -1, -1) if (one := post(number))
                  and after < str(one["date_gmt"]) and (not before or str(one["date_gmt"]) < before)]  # fmt: skip
        size, page = int(asked["per_page"]), int(asked["page"])
        if size > self.most:
            return said('{"code": "rest_invalid_param"}', 400)
        some = listed[(page - 1) * size : page * size]
        if not some and page > 1:
            return NO_MORE
        totals = {"x_wp_totalpages": str(-(-len(listed) // size))} if self.totals else {}
        return said(json.dumps(some), **totals)

    def questions(self) -> list[str]:
        return [url for url in self.asked if "per_page" in url]


# The interface


async def test_all_posts_are_listed_by_the_interface_that_the_feed_names() -> None:
    site = Blog(250)
    steps = await walked(WordPress(site.search()))
    assert titles(steps) == days(range(249, -1, -1))
    assert [len(step.found) for step in steps] == [100, 100, 50]
    assert steps[0].note == f"the site is made with WordPress, whose posts are listed at {ROOT}"
    assert steps[-1].oldest == day(0)
    assert found(steps)[0].entry.site == "Amble"
    assert len(site.questions()) == 3
    assert not site.guessed


async def test_only_posts_in_the_range_are_asked_for_and_what_lies_at_its_edges_is_counted() -> None:
    site = Blog(250)
    steps = await walked(WordPress(site.search(since=day(100), until=day(110))))
    assert titles(steps) == days(range(109, 99, -1))
    assert len(site.questions()) == 1
    assert steps[0].outside == 1


async def test_a_server_that_does_not_heed_the_range_is_left_once_it_is_passed() -> None:
    site = Blog(350)
    heeding = site.other
    site.otherwise = lambda url: heeding(url.replace("after=", "x=").replace("before=", "y="))
    steps = await walked(WordPress(site.search(since=day(200))))
    assert titles(steps) == days(range(349, 199, -1))
    assert len(steps) == 3


@pytest.mark.parametrize(
    ("root", "asked_before"),
    [(ROOT, []), (f"{SITE}/?rest_route=/", [f"{ROOT}wp/v2/posts"])],
)
async def test_an_interface_that_nobody_names_is_found_at_its_usual_places(root: str, asked_before: list[str]) -> None:
    site = Blog(5, root, link="")
    if asked_before:
        site.root = "nowhere"
    steps = await walked(WordPress(site.search()))
    assert titles(steps) == days(range(4, -1, -1))
    assert [url.partition("?")[0] for url in site.guessed[:-1]] == asked_before
    assert site.guessed == site.questions()


async def test_the_page_of_the_site_may_name_the_interface() -> None:
    site = Blog(5, f"{SITE}/api/", link="")
    site.answers[SITE] = said('<link rel="https://api.w.org/" href="/api/">')
    assert titles(await walked(WordPress(site.search()))) == days(range(4, -1, -1))
    assert not site.guessed


async def test_a_site_is_walked_without_a_feed_and_with_one_that_is_gone() -> None:
    assert len(titles(await walked(WordPress(Blog(5).search(feed_url=""))))) == 5
    gone = Blog(5)
    gone.answers[FEED] = said(status=404)
    assert len(titles(await walked(WordPress(gone.search())))) == 5


async def test_a_server_that_does_not_tell_the_number_of_pages_is_asked_until_there_is_none() -> None:
    site = Blog(250, totals=False)
    steps = await walked(WordPress(site.search()))
    assert titles(steps) == days(range(249, -1, -1))
    assert [step.note for step in steps[1:]] == ["", "", ""]


async def test_a_server_that_gives_fewer_at_once_is_asked_for_fewer() -> None:
    site = Blog(50, most=30)
    steps = await walked(WordPress(site.search()))
    assert titles(steps) == days(range(49, -1, -1))
    assert [len(step.found) for step in steps] == [FEWER, FEWER, 10]


@pytest.mark.parametrize("trouble", ["too-large", "timeout", said(status=500)])
async def test_fewer_posts_are_asked_for_where_a_hundred_are_too_many(trouble: Answer) -> None:
    site = Blog(250)
    first = await WordPress(site.search()).step(None)
    (question,) = site.questions()
    site.answers[question.replace("page=1&", "page=2&")] = trouble
    steps = [first, *await walked(WordPress(site.search()), first.cursor)]
    assert titles(steps) == days(range(249, -1, -1))
    assert [len(step.found) for step in steps[1:]] == [FEWER] * 7 + [10]


async def test_an_interface_that_repeats_itself_ends_the_walk() -> None:
    site = Blog(250)
    first = site.other
    site.otherwise = lambda url: said(first(url.replace("page=2", "page=1").replace("page=3", "page=1")).body.decode())
    steps = await walked(WordPress(site.search()))
    assert titles(steps) == days(range(249, 149, -1))
    assert steps[-1].note == "the pages repeat, or never end"


async def test_an_interface_that_is_gone_ends_the_walk_and_says_where() -> None:
    site = Blog(250)
    first = await WordPress(site.search()).step(None)
    site.otherwise = said(status=404)
    step = await WordPress(site.search()).step(first.cursor)
    gone = f"the posts at {ROOT} are no longer there, from page 2 on"
    assert (step.cursor, step.gone, step.whole) == (None, gone, False)


async def test_an_interface_that_closes_is_an_error() -> None:
    site = Blog(250)
    first = await WordPress(site.search()).step(None)
    site.otherwise = said(status=403)
    with pytest.raises(ParseError, match="the server answers 403"):
        await WordPress(site.search()).step(first.cursor)


@pytest.mark.parametrize("totals", [True, False])
async def test_a_list_of_posts_that_ends_by_its_own_count_is_whole(totals: bool) -> None:
    steps = await walked(WordPress(Blog(250, totals=totals).search()))
    assert [step.whole for step in steps] == [False] * (len(steps) - 1) + [True]


@pytest.mark.parametrize("status", [429, 503])
async def test_a_server_in_trouble_is_to_be_asked_again(status: int) -> None:
    site = Blog(250)
    first = await WordPress(site.search()).step(None)
    site.otherwise = said(status=status, retry_after="60")
    with pytest.raises(FetchError) as trouble:
        await WordPress(site.search()).step(None)
    assert (trouble.value.transient, trouble.value.retry_after_s) == (True, 60.0)
    missed = await WordPress(site.search()).step(first.cursor)
    assert (missed.again_after_s, str(status) in missed.fault) == (60.0, True)


@pytest.mark.parametrize("failure", [503, "timeout"])
async def test_a_page_of_posts_that_fails_for_now_can_be_passed(failure: FetchFailure) -> None:
    site = Blog(350)
    usual = site.other
    site.otherwise = lambda url: failing(url, failure) if posts_around(url, 210) else usual(url)
    steps = await walked(WordPress(site.search()))
    missed = {503: range(150, 250), "timeout": range(210, 230)}[failure]  # what takes too long is asked for by fewer
    assert titles(steps) == days(number for number in range(349, -1, -1) if number not in missed)
    assert len([step for step in steps if step.fault]) == 1


def posts_around(url: str, number: int) -> bool:
    """Whether a post of 350 is on the page that is asked for."""
    asked = {name: value for name, (value, *_) in parse_qs(urlsplit(url).query).items()}
    return "per_page" in asked and int(asked["page"]) == (349 - number) // int(asked["per_page"]) + 1


def failing(url: str, failure: FetchFailure) -> Response:
    if isinstance(failure, str):
        raise FetchError(failure, f"{url}: {failure}")
    return said(status=failure)


async def test_a_page_of_the_feed_that_fails_for_now_can_be_passed() -> None:
    site = numbered(5)
    site.answers[f"{FEED}?paged=3"] = said(status=503)
    steps = await walked(WordPress(site.search()))
    assert titles(steps) == days([*range(49, 29, -1), *range(19, -1, -1)])
    assert [step.fault for step in steps if step.fault] == [f"{FEED}?paged=3: the server answers 503"]


async def test_garbage_in_the_middle_is_an_error() -> None:
    site = Blog(250)
    first = await WordPress(site.search()).step(None)
    site.otherwise = said("<html>Back soon</html>")
    with pytest.raises(ParseError):
        await WordPress(site.search()).step(first.cursor)


# The feed


def numbered(pages: int, url: str = FEED) -> Site:
    """A site whose interface is closed, and whose feed has pages of ten."""
    site = Site({f"{url}?paged={page}": feed(range(10 * (pages - page) + 9, 10 * (pages - page) - 1, -1))
                 for page in range(2, pages + 1)})  # fmt: skip
    site.answers[url] = feed(range(10 * pages - 1, 10 * pages - 11, -1), link=LINK)
    return site


@pytest.mark.parametrize("closed", [401, 403, 404])
async def test_where_the_interface_is_closed_the_numbered_pages_of_the_feed_are_walked(closed: int) -> None:
    site = numbered(4)
    site.otherwise = lambda url: said(status=404 if "paged" in url else closed)
    steps = await walked(WordPress(site.search()))
    assert titles(steps) == days(range(39, -1, -1))
    assert steps[0].note == "the feed has older pages, as WordPress numbers them"
    assert site.guessed == [f"{FEED}?paged={page}" for page in (2, 3, 4, 5)]


async def test_the_pages_of_the_feed_end_with_the_range() -> None:
    site = numbered(6)
    steps = await walked(WordPress(site.search(since=day(35), until=day(55))))
    assert titles(steps) == days(range(54, 34, -1))
    assert site.asked[-1] == f"{FEED}?paged=4"
    assert steps[0].outside == 5


async def test_a_feed_of_a_section_is_walked_by_its_own_pages_though_the_interface_is_open() -> None:
    section = f"{SITE}/category/port/feed/"
    site = numbered(2, section)
    assert titles(await walked(WordPress(site.search(feed_url=section)))) == days(range(19, -1, -1))
    assert not [url for url in site.asked if "wp/v2" in url]


@pytest.mark.parametrize(
    "second",
    [
        feed(range(19, 9, -1)),
        feed(range(29, 19, -1)),
        feed([]),
        said("<html>Amble</html>"),
        said(status=404),
        "robots",
    ],
)
async def test_a_feed_whose_second_page_does_not_go_back_is_no_archive(second: Answer) -> None:
    site = numbered(2)
    site.answers[f"{FEED}?paged=2"] = second
    (step,) = await walked(WordPress(site.search()))
    assert (step.found, step.cursor) == ((), None)
    assert step.note == "no open list of posts, and no further pages of the feed, as WordPress has them"


@pytest.mark.parametrize("second", [feed(range(29, 19, -1)), feed(range(10, 0, -1))])
async def test_pages_go_back_whatever_is_pinned_on_the_first(second: Answer) -> None:
    site = numbered(3)
    site.answers[FEED] = feed([*range(39, 29, -1), -300], link=LINK)
    site.answers[f"{FEED}?paged=2"] = second
    (first, *_) = await walked(WordPress(site.search()))
    assert first.note == "the feed has older pages, as WordPress numbers them"


async def test_pages_of_the_feed_that_begin_to_repeat_end_the_walk() -> None:
    site = numbered(3)
    site.otherwise = lambda url: feed(range(29, 19, -1)) if "paged" in url else said(status=404)
    steps = await walked(WordPress(site.search()), at_most=10)
    assert set(titles(steps)) == set(days(range(30)))
    assert steps[-1].note == "the pages repeat, or never end"


async def test_a_feed_in_trouble_is_to_be_asked_again() -> None:
    site = numbered(4)
    first = await WordPress(site.search()).step(None)
    site.answers[f"{FEED}?paged=3"] = said(status=503)
    missed = await WordPress(site.search()).step(first.cursor)
    assert (missed.again_after_s, missed.fault) == (0.0, f"{FEED}?paged=3: the server answers 503")


@pytest.mark.parametrize(
    ("answer", "error"),
    [(said("<html>Fatal error</html>"), ParseError), (said(status=403), ParseError), ("robots", FetchError)],
)
async def test_a_page_of_the_feed_that_cannot_be_read_is_an_error_and_not_its_end(
    answer: Answer, error: type[Exception]
) -> None:
    site = numbered(4)
    first = await WordPress(site.search()).step(None)
    site.answers[f"{FEED}?paged=3"] = answer
    with pytest.raises(error):
        await WordPress(site.search()).step(first.cursor)


async def test_nothing_to_begin_with_is_told() -> None:
    site = Site()
    (step,) = await walked(WordPress(site.search(feed_url="", site_url="")))
    assert step.note
    assert not site.asked


@pytest.mark.parametrize("since", [None, day(12)])
@pytest.mark.parametrize("site", [Blog(350), numbered(5)])
async def test_each_cursor_leads_to_the_same_entries_in_another_process(since: dt.datetime | None, site: Site) -> None:
    steps = await walked(WordPress(site.search(since)))
    assert len(steps) > 2
    for number, step in enumerate(steps[:-1], 1):
        cursor = json.loads(json.dumps(step.cursor))
        assert titles(await walked(WordPress(site.search(since)), cursor)) == titles(steps[number:])
        assert len(json.dumps(cursor)) < 400
