"""Each field of an Entry: links, ids, texts, people, categories, pictures, dates."""

import pytest
from answers import answer, atom, rss

from ingest.core.parse import parse
from ingest.core.parse.fields import ARTICLE_MIN, ID_MAX, NAME_MAX, PEOPLE_MAX
from ingest.model import Enclosure, Entry, Response

MEDIA = 'xmlns:media="http://search.yahoo.com/mrss/"'
CONTENT = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
PARAGRAPH = "<p>" + "The ferry waits for the tide. " * 20 + "</p>"


def only(response: Response) -> Entry:
    (entry,) = parse(response).entries
    return entry


# Links and ids


@pytest.mark.parametrize(
    ("item", "url"),
    [
        ("<link>https://a.example.org/1</link>", "https://a.example.org/1"),
        ("<link> /1 </link>", "https://example.org/1"),
        ("<link>1?a=1&amp;b=2</link>", "https://example.org/feeds/1?a=1&b=2"),
        ("<guid>https://a.example.org/1</guid>", "https://a.example.org/1"),
        ('<guid isPermaLink="false">https://a.example.org/1</guid>', ""),
        ("<guid>42</guid>", ""),
        ("<link>https://a.example.org/1</link><guid>https://a.example.org/2</guid>", "https://a.example.org/1"),
        ("<link>javascript:alert(1)</link>", ""),
        ("<link>http://[::1</link>", ""),
        ("<link>https://a.example.org/a b</link>", "https://a.example.org/a%20b"),
        ("<title>no link</title>", ""),
    ],
)
def test_the_link_of_an_item_is_absolute_or_absent(item: str, url: str) -> None:
    assert only(rss(f"<item>{item}</item>")).url == url


@pytest.mark.parametrize(
    ("links", "url"),
    [
        ('<link href="a"/>', "https://b.example.org/deep/a"),
        ('<link rel="self" href="s"/><link rel="alternate" href="a"/>', "https://b.example.org/deep/a"),
        (
            '<link rel="alternate" type="text/html" href="a"/><link rel="alternate" type="text/html" href="b"/>',
            "https://b.example.org/deep/a",
        ),
        ('<link rel="alternate" type="application/pdf" href="p"/><link href="a"/>', "https://b.example.org/deep/a"),
        ('<link rel="alternate" type="application/pdf" href="p"/>', "https://b.example.org/deep/p"),
        ('<link rel="replies" href="r"/>', ""),
    ],
)
def test_an_atom_entry_links_to_its_first_alternate_page(links: str, url: str) -> None:
    response = atom(f"<entry><id>tag:1</id>{links}</entry>", 'xml:base="https://b.example.org/deep/"')
    assert only(response).url == url


def test_an_id_does_not_depend_on_the_address_of_the_feed() -> None:
    body = b'<rss version="2.0"><channel><item><guid>42</guid></item></channel></rss>'
    ids = {only(answer(body, url=url)).guid for url in ("http://example.org/a", "https://example.com/b/c")}
    assert ids == {"42"}


def test_an_item_without_id_and_link_is_kept() -> None:
    assert only(rss("<item><title>Alone</title></item>")).title == "Alone"


def test_an_entry_that_is_listed_twice_is_one() -> None:
    item = "<item><guid>1</guid><title>A</title><link>https://a.example.org/</link></item>"
    assert len(parse(rss(item * 2)).entries) == 1


def test_entries_that_share_an_id_but_neither_link_nor_title_are_two() -> None:
    items = "<item><guid isPermaLink='false'>1</guid><title>A</title></item>"
    assert len(parse(rss(items + items.replace("A", "B"))).entries) == 2


# Texts


@pytest.mark.parametrize(
    ("kind", "written", "title"),
    [
        ("text", "1 &lt; 2 &lt;b&gt;", "1 < 2 <b>"),
        ("html", "&lt;b&gt;Fog&lt;/b&gt; &amp;amp;\n horn", "Fog & horn"),
        ("xhtml", '<div xmlns="http://www.w3.org/1999/xhtml"><b>Fog</b> &amp; horn</div>', "Fog & horn"),
    ],
)
def test_an_atom_title_is_read_by_its_type(kind: str, written: str, title: str) -> None:
    assert only(atom(f'<entry><title type="{kind}">{written}</title></entry>')).title == title


def test_content_beside_a_description_is_content() -> None:
    entry = only(
        rss("<item><description>Short.</description><content:encoded>A longer text.</content:encoded></item>", CONTENT)
    )
    assert (entry.summary, entry.content) == ("Short.", "A longer text.")


def test_content_alone_leaves_the_summary_empty() -> None:
    entry = only(rss("<item><content:encoded>A text.</content:encoded></item>", CONTENT))
    assert (entry.summary, entry.content) == ("", "A text.")


def test_a_long_description_with_paragraphs_is_an_article() -> None:
    entry = only(rss(f"<item><description><![CDATA[{PARAGRAPH * 2}]]></description></item>"))
    assert len(entry.summary) > ARTICLE_MIN
    assert entry.content == PARAGRAPH * 2


@pytest.mark.parametrize("description", ["<p>Short.</p><p>Very.</p>", "word " * 300], ids=["short", "one paragraph"])
def test_another_description_is_only_a_summary(description: str) -> None:
    assert only(rss(f"<item><description><![CDATA[{description}]]></description></item>")).content == ""


def test_a_caption_that_is_shorter_than_the_description_is_no_content() -> None:
    texts = "<description>The pier was opened on Friday.</description><media:description>Photo</media:description>"
    entry = only(rss(f"<item>{texts}</item>", MEDIA))
    assert (entry.summary, entry.content) == ("The pier was opened on Friday.", "")


def test_atom_content_that_is_no_text_is_left_out() -> None:
    assert only(atom('<entry><content type="image/png">iVBORw0KGgo=</content></entry>')).content == ""


# People, categories, languages, pictures


@pytest.mark.parametrize(
    ("written", "authors"),
    [
        ("jane@example.org (Jane Doe)", ("Jane Doe",)),
        ("Jane Doe &lt;jane@example.org&gt;", ("Jane Doe",)),
        ("Jane Doe (Courier)", ("Jane Doe (Courier)",)),
        ("jane@paper.example (Jane Doe)", ("Jane Doe",)),
        ("jane@paper.example (Doe, Jane)", ("Doe, Jane",)),
        ("Jane Doe &lt;jane@paper.online&gt;", ("Jane Doe",)),
        ("Jane Doe (jane@paper.online)", ("Jane Doe",)),
        ("jane@paper.online", ()),
        ("jane@example.org", ()),
        ("https://example.org/jane", ()),
        ("Tom &amp;amp; Ann", ("Tom & Ann",)),
    ],
)
def test_an_author_is_a_name_without_an_address(written: str, authors: tuple[str, ...]) -> None:
    assert only(rss(f"<item><author>{written}</author></item>")).authors == authors


@pytest.mark.parametrize(
    "written",
    ["jane@paper.example (Jane Doe)", "Jane Doe &lt;jane@paper.online&gt;", "Jane Doe (jane@paper.online)"],
)
def test_each_of_several_authors_is_a_name_without_an_address(written: str) -> None:
    authors = f"<author>{written}</author><author>tom@paper.example (Tom Reed)</author>"
    assert only(rss(f"<item>{authors}</item>")).authors == ("Jane Doe", "Tom Reed")


def test_authors_who_share_an_address_keep_their_names() -> None:
    people = "".join(f"<author><name>{name}</name><email>desk@a.example</email></author>" for name in ("Ann", "Bo Dee"))
    assert only(atom(f"<entry>{people}</entry>")).authors == ("Ann", "Bo Dee")


@pytest.mark.parametrize("date", ["2024-02-30", "2024", "2004년 13월 28일", "03/04/2024"])
def test_a_date_that_cannot_be_told_is_unknown_whatever_feedparser_makes_of_it(date: str) -> None:
    entry = only(rss(f"<item><title>A</title><pubDate>{date}</pubDate></item>"))
    assert (entry.published, entry.updated) == (None, None)


def test_an_id_too_long_to_be_a_key_is_known_by_its_hash() -> None:
    long = "g" * ID_MAX
    ids = [only(rss(f"<item><guid>{guid}</guid></item>")).guid for guid in (long, f"{long}1", f"{long}2")]
    assert ids[0] == long
    assert len(set(ids)) == 3
    assert all(guid.startswith("sha256:") and len(guid) == 71 for guid in ids[1:])


@pytest.mark.parametrize(
    ("response", "site"),
    [
        (rss("<item/>"), "Amble"),
        (rss('<item><source url="https://post.example.org/rss">Amble Post</source></item>'), "Amble Post"),
        (atom("<title>Amble</title><entry><source><title>Post &amp; Co</title></source></entry>"), "Post & Co"),
        (atom(f"<title>{'A' * 5000}</title><entry/>"), "A" * NAME_MAX),
        (answer('{"version": "https://jsonfeed.org/version/1.1", "title": "Amble", "items": [{}]}'), "Amble"),
    ],
)
def test_the_site_of_an_entry_is_its_source_or_its_feed(response: Response, site: str) -> None:
    assert only(response).site == site


def test_a_feed_of_many_authors_does_not_fill_each_entry_with_them() -> None:
    crowd = "".join(f"<author><name>Ann {number}</name></author>" for number in range(PEOPLE_MAX + 1))
    assert len(only(atom(f"{crowd}<entry/>")).authors) == PEOPLE_MAX


def test_an_atom_entry_without_authors_has_those_of_its_feed() -> None:
    response = atom("<author><name>Ann</name></author><author><name>Bo</name></author><entry><id>1</id></entry>")
    assert only(response).authors == ("Ann", "Bo")


@pytest.mark.parametrize(
    ("written", "categories"),
    [
        (["Port", "Ice", "Port"], ("Port", "Ice")),
        (["Port, Ice, Snow"], ("Port", "Ice", "Snow")),
        (["Washington, D.C."], ("Washington, D.C.",)),
        (["Food, Drink, and Travel"], ("Food, Drink, and Travel",)),
        (["Port, Ice, Snow", "Sea"], ("Port, Ice, Snow", "Sea")),
        (["https://example.org/terms#1", "2840258b-adfc-538f-a571-df789a0627bc", "R&amp;amp;D"], ("R&D",)),
    ],
)
def test_categories_are_kept_as_written_each_once(written: list[str], categories: tuple[str, ...]) -> None:
    items = "".join(f"<category>{category}</category>" for category in written)
    assert only(rss(f"<item>{items}</item>")).categories == categories


@pytest.mark.parametrize(
    ("written", "language"), [("de-CH", "de-CH"), ("en_us", "en-us"), ("und", None), ("English!", None)]
)
def test_a_language_is_a_tag_or_unknown(written: str, language: str | None) -> None:
    assert parse(rss(f"<language>{written}</language><item/>")).language == language


@pytest.mark.parametrize(
    ("item", "image"),
    [
        ('<media:thumbnail url="/t.jpg"/>', "https://example.org/t.jpg"),
        ('<media:content url="/v.mp4" medium="video"/>', None),
        ('<enclosure url="/e.jpg" type="image/jpeg"/>', "https://example.org/e.jpg"),
        ("<description>&lt;img src='/a.png?x=1&amp;amp;y=2'&gt;</description>", "https://example.org/a.png?x=1&y=2"),
        (
            "<description>&lt;img src='/pixel.gif' width='1'&gt;&lt;img src='/b.png'&gt;</description>",
            "https://example.org/b.png",
        ),
        ("<description>&lt;img data-src='/lazy.png'&gt;</description>", None),
    ],
)
def test_the_picture_of_an_entry(item: str, image: str | None) -> None:
    assert only(rss(f"<item>{item}</item>", MEDIA)).image == image


@pytest.mark.parametrize(("length", "count"), [("12", 12), ("", None), ("-1", None), ("many", None), ("9" * 30, None)])
def test_the_length_of_a_file_is_a_number_or_unknown(length: str, count: int | None) -> None:
    entry = only(rss(f'<item><enclosure url="/a.mp3" type="audio/mpeg" length="{length}"/></item>'))
    assert entry.enclosures == (Enclosure(url="https://example.org/a.mp3", type="audio/mpeg", length=count),)


# Dates


def test_the_date_of_dublin_core_is_the_publication() -> None:
    dc = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    entry = only(rss("<item><dc:date>2024-01-19</dc:date></item>", dc))
    assert entry.published is not None
    assert entry.published.day.isoformat() == "2024-01-19"


def test_an_atom_entry_that_was_only_updated_has_no_known_publication() -> None:
    entry = only(atom("<entry><updated>2024-01-19T08:30:00Z</updated></entry>"))
    assert entry.published is None
    assert entry.updated is not None


def test_a_notation_that_only_feedparser_knows_is_read() -> None:
    entry = only(rss("<item><pubDate>Κυρ, 11 Ιούλ 2004 12:00:00 EST</pubDate></item>"))
    assert entry.published is not None
    assert entry.published.at.isoformat() == "2004-07-11T17:00:00+00:00"


def log(*items: tuple[str, str]) -> list[bool]:
    """Which of these entries, (link, words), share a page with others."""
    text = "".join(f"<item><link>{link}</link><description>{words}</description></item>" for link, words in items)
    return [entry.shares_page for entry in parse(rss(text)).entries]


@pytest.mark.parametrize(
    ("items", "shared"),
    [
        ([("/log#1", "Rain."), ("/log#2", "Sun."), ("/other", "Wind.")], [True, True, False]),
        ([("/log#1", "Rain.")], [False]),
        ([("/log", "Rain."), ("/log", "Sun.")], [False, False]),
        ([("/a#from-rss-1", "Rain."), ("/a#from-rss-2", "Rain.")], [False, False]),
        ([("", "Rain."), ("", "Sun.")], [False, False]),
    ],
)
def test_entries_at_fragments_of_one_page_are_told_apart_from_several_links_to_one_article(
    items: list[tuple[str, str]], shared: list[bool]
) -> None:
    assert log(*items) == shared
