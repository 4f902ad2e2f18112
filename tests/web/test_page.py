"""The pages for people: what they say, and that they hold whatever feeds write."""

import base64
import datetime as dt
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from shown import NOTHING, NOW, feed, story

from ingest.model import Failure, Hashtag, Outage, Sighting, Version
from ingest.web.pages import Pages

HOSTILE = """<script>alert(1)</script><img src=x onerror=alert(2)>"'&"""


def home(pages: Pages, stories=(), feeds=(), totals=NOTHING, trouble=None) -> html.HtmlElement:
    return html.document_fromstring(pages.home(totals, feeds, stories, trouble, NOW))


def reading(pages: Pages, stories=(), feeds=(), versions=()) -> html.HtmlElement:
    return html.document_fromstring(pages.story(stories[0], NOW, versions))


def error(pages: Pages, stories=(), feeds=()) -> html.HtmlElement:
    return html.document_fromstring(pages.error("Not Found", "There is no such story.", may_pass=False))


def said(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_without_feeds_the_page_says_how_to_add_one(pages):
    text = said(home(pages).body)
    assert "config/feeds.yaml" in text
    assert "ingest feeds add" in text


def test_with_feeds_and_no_stories_the_page_says_when_they_come(pages):
    assert "No stories yet" in said((home(pages, feeds=[feed()])).body)


def test_an_outage_of_our_own_network_is_told_and_is_the_verdict(pages):
    outage = Outage(since=NOW - dt.timedelta(minutes=4), seen_at=NOW, hosts=12)
    page = home(pages, feeds=[feed(problem="no name")], totals=NOTHING.model_copy(update={"outage": outage}))
    (alarm,) = page.xpath("//*[@role='alert']")
    assert said(alarm).startswith("Our network is down since 2024-01-19 07:56:00 UTC, for 4 min: 12 hosts failed")
    assert page.findtext(".//title") == "Ingest · Our network is down"


def test_feeds_that_wait_for_our_network_stand_as_waiting_without_a_reason_of_their_own(pages):
    outage = Outage(since=NOW - dt.timedelta(minutes=4), seen_at=NOW, hosts=12)
    page = home(pages, feeds=[feed(failure="outage")], totals=NOTHING.model_copy(update={"outage": outage}))
    assert [said(heading) for heading in page.xpath("//h3[contains(@class, 'health')]")] == ["waiting 1"]
    assert "failing" not in said(page.body)


def test_a_network_that_works_is_not_spoken_of(pages):
    assert "network" not in said((home(pages, feeds=[feed()])).body)


def test_the_figures_stand_at_the_head(pages):
    totals = NOTHING.model_copy(
        update={
            "stories": 128441,
            "stories_last_hour": 212,
            "stories_last_day": 4802,
            "pending": 64,
            "failed": 40,
            "lag_s": 412.0,
        }
    )
    page = home(pages, totals=totals)
    figures = {said(pair.find("dt")): said(pair.find("dd")) for pair in page.xpath("//dl[@class='figures']/div")}
    assert figures == {
        "stories": "128,441",
        "last hour": "212",
        "last day": "4,802",
        "pending": "64",
        "failed": "40",
        "lag": "6 min",
    }


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (feed(), "read 3 min ago next in 12 min"),
        (feed(due_at=NOW), "read 3 min ago due now"),
        (feed(polled_at=None, succeeded_at=None), "never polled next in 12 min"),
        (feed(failures=1, problem="no route"), "failing, once: no route read 3 min ago"),
        (feed(failures=4, problem="no route", succeeded_at=None), "failing, 4 times in a row: no route never read yet"),
        (feed(problem="asked for a pause"), "waiting: asked for a pause read 3 min ago"),
        (feed(enabled=False), "read 3 min ago"),
    ],
)
def test_a_feed_tells_its_state_in_words(pages, status, words):
    (row,) = (home(pages, feeds=[status])).xpath("//ul[@class='rows feeds']/li")
    assert words in said(row)


def test_a_disabled_feed_has_no_next_poll(pages):
    (row,) = (home(pages, feeds=[feed(enabled=False)])).xpath("//ul[@class='rows feeds']/li")
    assert "next" not in said(row)


def test_the_exact_time_of_a_poll_stands_in_its_title(pages):
    page = home(pages, feeds=[feed()])
    assert [time.get("title") for time in page.xpath("//ul[@class='rows feeds']//time")] == [
        "2024-01-19 07:57:00 UTC",
        "2024-01-19 08:12:00 UTC",
    ]


def test_feeds_stand_under_their_health_the_failing_ones_first(pages):
    feeds = [feed("a"), feed("b", enabled=False), feed("c", failures=2, problem="no route"), feed("d", polled_at=None)]
    page = home(pages, feeds=feeds)
    assert [said(heading) for heading in page.xpath("//h3[contains(@class, 'health')]")] == [
        "failing 1",
        "never polled 1",
        "fine 1",
        "disabled 1",
    ]


def test_many_healthy_feeds_stand_below_the_stories_and_the_failing_few_beside_them(pages):
    page = home(pages, feeds=[feed(f"feed-{number}", problem="no route" * (number // 299)) for number in range(300)])
    assert len(page.xpath("//aside//ul[@class='rows feeds']/li")) == 1
    assert len(page.xpath("//section[@class='wide']//ul[@class='rows feeds']/li")) == 299


def test_a_feeds_password_is_not_shown(pages):
    page = home(pages, feeds=[feed(url="https://reader:s3cret@example.org/rss.xml")])
    assert b"s3cret" not in html.tostring(page)


def test_what_failed_is_told_with_its_reason(pages):
    totals = NOTHING.model_copy(
        update={
            "failures": (
                Failure(state="failed", why="robots.txt disallows it", count=31),
                Failure(state="pending", why="no answer within 20 s", count=2),
            )
        }
    )
    page = home(pages, totals=totals, feeds=[feed()])
    assert [said(row) for row in page.xpath("//*[@id='failures']//li")] == [
        "31 given up: robots.txt disallows it",
        "2 to be tried again: no answer within 20 s",
    ]


def test_a_scheduler_that_stands_still_is_an_alarm(pages):
    page = home(pages, feeds=[feed()], trouble="the scheduler has not ticked for 75 s")
    assert "has not ticked for 75 s" in said(page.xpath("//*[@role='alert']")[0])


def test_a_story_shows_where_when_and_what_it_is(pages):
    (article,) = (home(pages, [story()])).xpath("//article")
    assert said(article) == (
        "Harbour reopens Example Courier feed courier en 2024-01-19 seen 4 min ago read here "
        "The first ferry left early. The mayor called it an omen. #Harbour"
    )


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        " javascript:alert(1)",
        "data:text/html,x",
        "http:",
        "http://[",
        "//example.org/",
    ],
)
def test_an_address_that_is_not_http_is_no_link(pages, url):
    page = home(pages, [story(url=url)])
    assert not page.xpath("//h3/a")


def test_a_story_of_many_feeds_names_the_first_and_counts_the_rest(pages):
    sightings = tuple(Sighting(feed=name, entry_id="", url="", seen_at=NOW) for name in ("one", "two", "one", "three"))
    (article,) = (home(pages, [story(sightings=sightings)])).xpath("//article")
    assert "feed one and 2 more" in said(article)


def test_a_story_without_title_date_or_language_says_so_or_is_silent(pages):
    (article,) = (home(pages, [story(title="", published_at=None, published_date=None, language=None)])).xpath(
        "//article"
    )
    assert said(article).startswith("Untitled Example Courier feed courier no date seen")


@pytest.mark.parametrize("page_of", [home, reading])
def test_markup_in_a_story_is_shown_as_text(pages, page_of):
    stranger = story(
        title=HOSTILE,
        text=HOSTILE,
        site=HOSTILE,
        language='"><script>',
        authors=(HOSTILE,),
        note=HOSTILE,
        url="javascript:alert(1)",
        hashtags=(Hashtag(tag=HOSTILE, source="declared"),),
        sightings=(Sighting(feed=HOSTILE, entry_id=HOSTILE, url="javascript:alert(1)", seen_at=NOW),),
        methods={HOSTILE: HOSTILE},
    )
    page = page_of(pages, [stranger], [feed(HOSTILE, "javascript:alert(1)", failures=1, problem=HOSTILE)])
    assert not page.xpath("//script | //img | //@onerror | //@href[starts-with(., 'javascript')]")
    assert HOSTILE in page.text_content()


@pytest.mark.parametrize("page_of", [home, reading])
def test_a_title_takes_the_direction_of_its_own_script(pages, page_of):
    page = page_of(pages, [story(title="ميناء المدينة", language="ar")])
    (title,) = page.xpath("//article/h3 | //article/h1")
    assert title.getparent().get("dir") == "auto"
    assert title.get("lang") == "ar"


@pytest.mark.parametrize("page_of", [home, reading, error])
def test_a_page_loads_nothing_from_elsewhere(pages, page_of):
    page = page_of(pages, [story(image="https://example.org/a.jpg")], [feed()])
    assert not page.xpath("//script | //img | //iframe | //object | //link[@rel='stylesheet']")
    assert "url(" not in page.xpath("//style")[0].text


@pytest.mark.parametrize("page_of", [home, reading, error])
def test_the_style_sheet_is_the_one_that_the_policy_allows(pages, page_of):
    style = page_of(pages, [story()], [feed()]).xpath("//style")[0].text
    assert pages.style_source == f"'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'"


def test_the_first_page_renews_itself(pages):
    (refresh,) = (
        home(
            pages,
        )
    ).xpath("//meta[@http-equiv='refresh']")
    assert refresh.get("content") == "30"


def test_a_story_is_read_paragraph_by_paragraph(pages):
    page = reading(pages, [story()])
    assert [said(paragraph) for paragraph in page.xpath("//p[@class='paragraph']")] == [
        "The first ferry left early.",
        "The mayor called it an omen.",
    ]


def test_a_storys_hashtags_stand_under_their_source_in_order_of_rank(pages):
    hashtags = (
        Hashtag(tag="world", source="feed"),
        Hashtag(tag="Harbour", source="headline"),
        Hashtag(tag="ferry", source="declared"),
        Hashtag(tag="reopens", source="headline"),
    )
    page = reading(pages, [story(hashtags=hashtags)])
    assert [said(line) for line in page.xpath("//p[@class='tags']")] == [
        "declared #ferry",
        "headline #Harbour #reopens",
        "feed #world",
    ]


def test_a_story_tells_how_it_was_read(pages):
    page = reading(pages, [story(source="feed", note="the page answered 404", methods={"title": "feed"})])
    assert "text from the feed’s own content note the page answered 404 title feed" in said(page.body)


def test_a_story_tells_where_it_was_seen(pages):
    page = reading(pages, [story()])
    assert "courier just now example.org/news/harbour?x=1 entry guid-7" in said(page.body)


def test_a_copy_leads_to_the_story_that_it_is_a_copy_of(pages):
    page = reading(pages, [story(duplicate_of="01J000")])
    assert page.xpath("//a[@href='/stories/01J000']")


def cluster_of(pages, shown, *others) -> html.HtmlElement:
    (section,) = html.document_fromstring(pages.story(shown, NOW, cluster=[shown, *others])).xpath(
        "//section[@id='cluster']"
    )
    return section


def test_an_origin_leads_to_its_copies_and_names_their_publishers(pages):
    copies = [story(id=name, publisher=f"{name}.example", duplicate_of=story().id) for name in ("two", "three")]
    section = cluster_of(pages, story(), *copies)
    assert section.xpath(".//h2/text()") == ["Copies"]
    assert section.xpath(".//a/@href") == ["/stories/two", "/stories/three"]
    assert section.xpath(".//bdi/text()") == ["two.example", "three.example"]


def test_a_copy_leads_to_its_origin_and_then_to_the_other_copies(pages):
    section = cluster_of(pages, story(duplicate_of="one"), story(id="one"), story(id="two", duplicate_of="one"))
    assert section.xpath(".//h2/text()") == ["Told first by", "Other copies"]
    assert section.xpath(".//a/@href") == ["/stories/one", "/stories/two"]


def test_a_story_that_nobody_copied_speaks_of_no_cluster(pages):
    assert not html.document_fromstring(pages.story(story(), NOW, cluster=[story()])).xpath("//section[@id='cluster']")


def test_markup_in_a_copy_is_shown_as_text(pages):
    section = cluster_of(pages, story(), story(id=HOSTILE, title=HOSTILE, publisher=HOSTILE))
    assert not section.xpath(".//script | .//img")
    assert HOSTILE in section.text_content()


def texts(*texts: str) -> list[Version]:
    """Versions of a story with these texts."""
    same = {"read_at": NOW, "title": "Harbour reopens", "summary": "", "modified_at": None}
    return [Version(version=number, text=text, **same) for number, text in enumerate(texts, 1)]


def test_a_storys_versions_stand_with_what_they_changed_and_the_earlier_text(pages):
    page = reading(pages, [story(version=2)], versions=texts("One.\n\nTwo.", "One.\n\nThree."))
    (versions,) = page.xpath("//*[@id='versions']")
    assert said(versions).startswith("Versions 2 read just now What changed")
    assert [said(one) for one in versions.xpath(".//del | .//ins")] == ["Two.", "Three."]
    assert said(versions.xpath(".//details[2]")[0]) == "Version 1, read just now Harbour reopens One. Two."


def test_markup_in_an_earlier_version_is_shown_as_text(pages):
    page = reading(pages, [story(version=2)], versions=texts(f"One.\n\n{HOSTILE}", "One."))
    assert not page.xpath("//script | //img")
    assert said(page.xpath("//*[@id='versions']//del")[0]) == HOSTILE


def test_a_story_of_one_version_lists_none(pages):
    assert not reading(pages, [story()], versions=texts("One.")).xpath("//*[@id='versions']")


@pytest.mark.parametrize(("at", "told"), [(None, []), (NOW, ["Withdrawn by its publisher, found just now."])])
def test_a_withdrawn_story_says_so_and_stays_readable(pages, at, told):
    page = reading(pages, [story(withdrawn_at=at)])
    assert [said(one) for one in page.find_class("withdrawn")] == told
    assert "The first ferry left early." in said(page.body)


@pytest.mark.parametrize(("may_pass", "refreshes"), [(True, 1), (False, 0)])
def test_an_error_that_may_pass_is_asked_for_again(pages, may_pass, refreshes):
    page = html.document_fromstring(pages.error("Service Unavailable", "the disk is full", may_pass))
    assert said(page.xpath("//p[@class='paragraph']")[0]) == "the disk is full"
    assert len(page.xpath("//meta[@http-equiv='refresh']")) == refreshes


@given(title=st.text(max_size=200), language=st.text(max_size=20))
def test_no_title_breaks_out_of_its_place(pages, title, language):
    page = pages.home(NOTHING, [], [story(title=title, language=language)], None, NOW)
    (article,) = html.document_fromstring(page).xpath("//article")
    assert [element.tag for element in article] == ["h3", "p", "p", "p"]
