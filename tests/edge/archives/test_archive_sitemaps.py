"""Sitemaps as an archive: what is asked for, what is found, in which order, and that each walk ends."""

import gzip

import pytest
from listed_site import SAMPLES, SITE, Web, day, walk

from ingest.edge.archives import sitemaps
from ingest.edge.archives.sitemaps import MOST_ASKED, PAGES_A_STEP, PLACES, Sitemaps
from ingest.errors import FetchError, FetchFailure
from ingest.model import Cursor
from ingest.ports import Archive


def urlset(*urls: str, changed: str = "") -> str:
    lastmod = f"<lastmod>{changed}</lastmod>" if changed else ""
    return "<urlset>" + "".join(f"<url><loc>{url}</loc>{lastmod}</url>" for url in urls) + "</urlset>"


def index(*urls: str, changed: str = "") -> str:
    lastmod = f"<lastmod>{changed}</lastmod>" if changed else ""
    return (
        "<sitemapindex>" + "".join(f"<sitemap><loc>{url}</loc>{lastmod}</sitemap>" for url in urls) + "</sitemapindex>"
    )


def article(on: str, number: int = 1) -> str:
    return f"{SITE}world/{on.replace('-', '/')}/the-long-way-home-{number}"


def with_robots(*sitemaps: str) -> Web:
    web = Web()
    web.answers[f"{SITE}robots.txt"] = "User-agent: *\n" + "".join(f"Sitemap: {url}\n" for url in sitemaps)
    return web


async def test_the_sitemaps_that_robots_txt_names_are_walked() -> None:
    web = with_robots(f"{SITE}a.xml", f"{SITE}b.xml")
    web.answers |= {f"{SITE}a.xml": urlset(article("2024-05-01")), f"{SITE}b.xml": urlset(article("2024-05-02"))}
    walked = await walk(Sitemaps(web.search()))
    assert sorted(walked.urls) == [article("2024-05-01"), article("2024-05-02")]
    assert walked.steps[0].note == "robots.txt names 2 sitemaps"
    assert walked.note == "2 sitemaps read"
    assert not web.guessed


async def test_usual_places_are_guessed_where_none_is_named_until_one_is_found() -> None:
    web = Web({f"{SITE}sitemap.xml": urlset(article("2024-05-01"))})
    walked = await walk(Sitemaps(web.search()))
    assert walked.urls == [article("2024-05-01")]
    assert web.guessed == [f"{SITE}sitemap-news.xml", f"{SITE}sitemap.xml"]
    assert web.most_asked == 1


async def test_a_news_sitemap_at_a_usual_place_comes_before_the_whole() -> None:
    web = Web(
        {
            f"{SITE}sitemap-news.xml": urlset(article("2024-05-31")),
            f"{SITE}wp-sitemap.xml": urlset(article("2024-05-01")),
        }
    )
    assert (await walk(Sitemaps(web.search()))).urls == [article("2024-05-31"), article("2024-05-01")]


@pytest.mark.parametrize("answer", [404, 403, "<!doctype html><html><title>Not here</title>", "robots", 500])
async def test_a_site_without_sitemaps_ends_with_a_note(answer: str | int) -> None:
    web = Web({f"{SITE}{place}": answer for place in PLACES})
    step = await Sitemaps(web.search()).step(None)
    assert step.cursor is None
    assert step.note == "no sitemap is named or found"


async def test_a_search_without_a_site_ends_at_once() -> None:
    web = Web()
    step = await Sitemaps(web.search(samples=(), feed_url="", site_url="")).step(None)
    assert (step.cursor, web.asked) == (None, [])


async def test_sitemaps_whose_names_tell_another_time_are_not_asked_for() -> None:
    months = [f"{SITE}sitemap-{year}-{month:02d}.xml" for year in (2023, 2024) for month in range(1, 13)]
    web = with_robots(f"{SITE}index.xml")
    web.answers[f"{SITE}index.xml"] = index(*months)
    web.answers |= {url: urlset(article(url[-11:-4] + "-15")) for url in months}
    walked = await walk(Sitemaps(web.search("2024-02-10", "2024-04-10")))
    assert walked.urls == [article("2024-03-15"), article("2024-02-15")]
    assert [url[-11:-4] for url in web.asked[2:]] == ["2024-04", "2024-03", "2024-02"]
    assert walked.oldest == day("2024-02-15")  # what nobody read proves nothing


async def test_numbers_that_look_like_years_among_others_are_no_years() -> None:
    parts = [f"{SITE}post-sitemap{number}.xml" for number in (1, 2, 2001, 2002)]
    web = with_robots(f"{SITE}index.xml")
    web.answers[f"{SITE}index.xml"] = index(*parts)
    await walk(Sitemaps(web.search("2024-05-01")))
    assert web.asked[2:] == parts[::-1]


async def test_sitemaps_that_did_not_change_since_are_not_asked_for() -> None:
    web = with_robots(f"{SITE}index.xml")
    web.answers[f"{SITE}index.xml"] = index(f"{SITE}old.xml", changed="2023-01-01T10:00:00Z")
    await walk(Sitemaps(web.search("2024-05-01")))
    assert f"{SITE}old.xml" not in web.asked


async def test_sitemaps_of_lists_are_not_asked_for() -> None:
    names = ["category-sitemap.xml", "post_tag-sitemap2.xml", "wp-sitemap-users-1.xml", "author-sitemap.xml"]
    web = with_robots(f"{SITE}index.xml")
    web.answers[f"{SITE}index.xml"] = index(*(f"{SITE}{name}" for name in names))
    await walk(Sitemaps(web.search()))
    assert len(web.asked) == 2


async def test_compressed_sitemaps_within_indexes_within_indexes_are_read() -> None:
    web = with_robots(f"{SITE}index.xml.gz")
    web.answers[f"{SITE}index.xml.gz"] = gzip.compress(index(f"{SITE}inner.xml").encode())
    web.answers[f"{SITE}inner.xml"] = index(f"{SITE}list.xml.gz")
    web.answers[f"{SITE}list.xml.gz"] = gzip.compress(urlset(article("2024-05-01")).encode())
    assert (await walk(Sitemaps(web.search()))).urls == [article("2024-05-01")]


async def test_a_large_sitemap_is_asked_for_once_and_comes_in_parts_newest_first() -> None:
    urls = [article(f"2024-05-{number % 28 + 1:02d}", number) for number in range(1000)]
    web = with_robots(f"{SITE}all.xml")
    web.answers[f"{SITE}all.xml"] = urlset(*urls)
    walked = await walk(Sitemaps(web.search()))
    assert sorted(walked.urls) == sorted(urls)
    assert [one.at for one in walked.found] == sorted((one.at for one in walked.found if one.at), reverse=True)
    assert max(len(step.found) for step in walked.steps) == PAGES_A_STEP
    assert web.most_asked == 1


async def test_what_lies_outside_by_its_address_or_its_last_change_is_counted_once() -> None:
    inside = [article(f"2024-05-{number % 20 + 8:02d}", number) for number in range(700)]
    web = with_robots(f"{SITE}a.xml", f"{SITE}b.xml")
    web.answers[f"{SITE}a.xml"] = urlset(*inside, article("2023-05-05"), article("2024-06-20"))
    web.answers[f"{SITE}b.xml"] = urlset(f"{SITE}world/another-story-of-some-kind-123456", changed="2024-04-01")
    walked = await walk(Sitemaps(web.search("2024-05-05", "2024-05-30")))
    assert (len(walked.urls), walked.outside) == (700, 3)
    assert walked.oldest == day("2024-04-01")  # one that is far from the others is none to go by


async def test_a_last_change_that_is_today_for_all_leaves_nothing_out() -> None:
    web = with_robots(f"{SITE}all.xml")
    urls = [f"{SITE}world/story-number-{number}-of-many" for number in range(10000, 10010)]
    web.answers[f"{SITE}all.xml"] = urlset(*urls, changed="2024-05-31T12:00:00Z")
    assert len((await walk(Sitemaps(web.search("2022-01-01", "2022-02-01")))).urls) == 10


async def test_news_say_when_and_what() -> None:
    web = with_robots(f"{SITE}news.xml")
    web.answers[f"{SITE}news.xml"] = f"""<urlset xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
        xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"><url><loc>{article("2024-05-30")}</loc>
        <image:image><image:loc>/river.jpg</image:loc></image:image><news:news>
        <news:publication><news:name>Amble</news:name><news:language>en</news:language></news:publication>
        <news:publication_date>2024-05-30T09:00:00+02:00</news:publication_date>
        <news:title>The long way home</news:title>
        <news:keywords>river, home, long walks</news:keywords></news:news></url></urlset>"""
    (one,) = (await walk(Sitemaps(web.search()))).found
    assert one.entry.published is not None
    assert one.entry.published.at.isoformat() == "2024-05-30T07:00:00+00:00"
    assert (one.entry.title, one.entry.site, one.entry.language) == ("The long way home", "Amble", "en")
    assert one.entry.categories == ("river", "home", "long walks")
    assert one.entry.image == f"{SITE}river.jpg"
    assert one.at is None


async def test_a_sitemap_that_is_missing_or_garbage_is_passed_over() -> None:
    web = with_robots(*(f"{SITE}{name}.xml" for name in "abcd"))
    web.answers[f"{SITE}b.xml"] = b"\x1f\x8bgarbage"
    web.answers[f"{SITE}c.xml"] = "too-large"
    web.answers[f"{SITE}d.xml"] = urlset(article("2024-05-01"))
    walked = await walk(Sitemaps(web.search()))
    assert walked.urls == [article("2024-05-01")]
    assert walked.note == "1 sitemap read, 3 could not be"
    assert [bool(step.gone) for step in walked.steps] == [False, True, False, False, False]
    assert [bool(step.fault) for step in walked.steps] == [False, False, True, True, False]


async def test_a_busy_server_is_told_with_its_wait_and_the_step_can_be_tried_again() -> None:
    web = with_robots(f"{SITE}all.xml")
    web.answers[f"{SITE}all.xml"] = 429
    archive = Sitemaps(web.search())
    cursor = (await archive.step(None)).cursor
    missed = await archive.step(cursor)
    assert (missed.fault, missed.again_after_s) == (told(f"{SITE}all.xml", 429), 30.0)
    web.answers[f"{SITE}all.xml"] = urlset(article("2024-05-01"))
    assert [one.entry.url for one in (await archive.step(cursor)).found] == [article("2024-05-01")]


@pytest.mark.parametrize("failure", [500, 503, "timeout"])
async def test_a_sitemap_that_fails_for_now_can_be_passed_and_is_counted(failure: FetchFailure) -> None:
    web = with_robots(f"{SITE}index.xml")
    web.answers[f"{SITE}index.xml"] = index(*(f"{SITE}{name}.xml" for name in "abc"))
    web.answers |= {f"{SITE}a.xml": urlset(article("2024-05-01")), f"{SITE}c.xml": urlset(article("2024-05-03"))}
    web.answers[f"{SITE}b.xml"] = failure
    walked = await walk(Sitemaps(web.search()))
    assert walked.urls == [article("2024-05-01"), article("2024-05-03")]
    assert [step.fault for step in walked.steps if step.fault] == [told(f"{SITE}b.xml", failure)]
    assert walked.note == "3 sitemaps read, 1 could not be"
    assert web.most_asked == 1


def told(url: str, failure: FetchFailure) -> str:
    return f"{url}: {failure}" if isinstance(failure, str) else f"{url}: the server answers {failure}"


async def test_a_failure_for_now_is_not_taken_for_a_missing_sitemap() -> None:
    web = Web({f"{SITE}sitemap.xml": "timeout"})
    with pytest.raises(FetchError):
        await Sitemaps(web.search()).step(None)


async def test_indexes_that_lead_to_each_other_end() -> None:
    web = with_robots(f"{SITE}a.xml")
    web.answers[f"{SITE}a.xml"] = index(f"{SITE}a.xml", f"{SITE}b.xml", f"{SITE}c.xml")
    web.answers[f"{SITE}b.xml"] = index(f"{SITE}a.xml", f"{SITE}c.xml", f"{SITE}b.xml")
    web.answers[f"{SITE}c.xml"] = urlset(article("2024-05-01"))
    walked = await walk(Sitemaps(web.search()))
    assert walked.urls == [article("2024-05-01")]
    assert web.most_asked == 1


async def test_indexes_that_are_made_without_end_are_left() -> None:
    web = with_robots(f"{SITE}0.xml")
    web.answering = lambda url: index(*(f"{url[:-4]}{number}.xml" for number in range(3)))
    await walk(Sitemaps(web.search()))
    assert len(web.asked) == 2 + 3 + 9 + 27 + 81


async def test_an_index_of_more_sitemaps_than_anybody_has_is_not_walked_to_its_end() -> None:
    web = with_robots(f"{SITE}a.xml", f"{SITE}b.xml")
    web.answers[f"{SITE}a.xml"] = urlset(article("2024-05-01"))
    cursor = (await Sitemaps(web.search()).step(None)).cursor
    assert cursor is not None
    step = await Sitemaps(web.search()).step(cursor | {"missed": MOST_ASKED})
    assert step.cursor is None
    assert step.fault == "its sitemaps have no end, or more than 20,000"
    assert len(step.found) == 1


async def test_indexes_that_repeat_many_sitemaps_cost_no_further_requests() -> None:
    names = [f"{SITE}list-{number}.xml" for number in range(700)]
    web = with_robots(f"{SITE}a.xml", f"{SITE}b.xml")
    web.answers |= {f"{SITE}a.xml": index(*names), f"{SITE}b.xml": index(*names[::-1])}
    await walk(Sitemaps(web.search()))
    assert (len(web.asked), web.most_asked) == (703, 1)


async def test_another_process_goes_on_from_each_cursor_with_one_request_repeated() -> None:
    web = with_robots(f"{SITE}index.xml", f"{SITE}news.xml")
    web.answers[f"{SITE}news.xml"] = urlset(article("2024-05-31"))
    web.answers[f"{SITE}index.xml"] = index(f"{SITE}one1.xml", f"{SITE}one2.xml", f"{SITE}gone.xml")
    for number in (1, 2):
        urls = [article(f"2024-05-{n % 28 + 1:02d}", n + 1000 * number) for n in range(700)]
        web.answers[f"{SITE}one{number}.xml"] = urlset(*urls)
    whole = await walk(Sitemaps(web.search()))
    for done, cursor in enumerate(whole.cursors):
        web.asked.clear()
        before = [one.entry.url for step in whole.steps[:done] for one in step.found]
        rest = await walk(Sitemaps(web.search()), cursor)
        assert before + rest.urls == whole.urls
        assert web.most_asked == 1


async def test_another_process_asks_again_only_for_what_is_in_hand_though_several_indexes_list_the_same() -> None:
    lists = [f"{SITE}list-{number}.xml" for number in range(6)]
    web = with_robots(f"{SITE}a.xml", f"{SITE}b.xml", lists[2])
    web.answers |= {f"{SITE}a.xml": index(*lists, f"{SITE}inner.xml"), f"{SITE}b.xml": index(*lists[::-1])}
    web.answers[f"{SITE}inner.xml"] = index(*lists)
    web.answers |= {url: urlset(article(f"2024-05-{day:02d}")) for day, url in enumerate(lists[:5], 1)}
    cursors = (await walk(Sitemaps(web.search()))).cursors
    asked = len(web.asked)
    for cursor in cursors[1:]:
        before, after = Web(web.answers), Web(web.answers)
        await walk_until(Sitemaps(before.search()), cursor)
        await walk(Sitemaps(after.search()), cursor)
        in_hand = {frame["url"] for frame in cursor["frames"]}
        assert set(before.asked) & set(after.asked) <= in_hand
        assert len({*before.asked, *after.asked}) == asked == web.most_asked * 10


async def walk_until(archive: Archive, end: Cursor) -> None:
    cursor = None
    while cursor != end:
        cursor = (await archive.step(cursor)).cursor


async def test_a_cursor_holds_so_many_sitemaps_and_more_are_walked_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sitemaps, "MOST_KNOWN", 50)
    web = with_robots(f"{SITE}a.xml")
    web.answers[f"{SITE}a.xml"] = index(*(f"{SITE}list-{number}.xml" for number in range(70)))
    walked = await walk(Sitemaps(web.search()))
    assert (len(web.asked), web.most_asked) == (72, 1)
    assert max(len(cursor["known"]) for cursor in walked.cursors if cursor) == 50


async def test_a_step_that_is_repeated_finds_the_same() -> None:
    web = with_robots(f"{SITE}index.xml")
    web.answers[f"{SITE}index.xml"] = index(f"{SITE}a.xml", f"{SITE}b.xml")
    web.answers |= {f"{SITE}a.xml": urlset(article("2024-05-01")), f"{SITE}b.xml": urlset(article("2024-05-02"))}
    archive = Sitemaps(web.search())
    cursor = None
    while True:
        first, second = await archive.step(cursor), await archive.step(cursor)
        assert first == second
        cursor = first.cursor
        if cursor is None:
            break


async def test_only_articles_of_the_feeds_own_site_are_found() -> None:
    web = with_robots("https://cdn.example.net/map.xml")
    web.answers["https://cdn.example.net/map.xml"] = "\n".join([
        SITE, f"{SITE}about", f"{SITE}tag/rivers", f"{SITE}world/2024/05/", f"{SITE}files/2024/05/17/map.pdf",
        "https://www.example.net/world/2024/05/17/how-the-river-came-back", SAMPLES[0], article("2024-05-02"),
    ])  # fmt: skip
    assert (await walk(Sitemaps(web.search()))).urls == [SAMPLES[0], article("2024-05-02")]


async def test_of_50_000_addresses_those_of_the_range_are_found_once_and_the_list_is_asked_for_once() -> None:
    spring = [(f"2024-{month:02}-{on:02}", number) for month in (3, 4) for on in range(1, 31) for number in range(834)]
    listed = [f"<url><loc>{article(on, n)}</loc><lastmod>{on}</lastmod></url>" for on, n in spring[:50_000]]
    web = with_robots(f"{SITE}all.xml")
    web.answers[f"{SITE}all.xml"] = f"<urlset>{''.join(listed)}</urlset>"
    walked = await walk(Sitemaps(web.search(since="2024-04-11", until="2024-04-21")))
    within = range(10, 22)  # a day more at both ends: days are those of some time zone
    assert sorted(walked.urls) == sorted(article(f"2024-04-{on}", n) for on in within for n in range(834))
    assert walked.outside + len(walked.urls) == 50_000
    assert max(len(step.found) for step in walked.steps) <= PAGES_A_STEP
    assert web.most_asked == 1
