"""Who publishes in the newsroom, at which paths and through which feeds. Each has a page layout of its own.

A publisher's layout is `templates/KEY.html`; the variants of page and feed are spread over them so that together they
show what the web is like.
"""

from typing import Literal
from urllib.parse import quote, urlencode

from ingest.model import Noun

FeedFormat = Literal["rss20", "rss20-sloppy", "rss10", "rss091", "atom10", "json11"]


class Channel(Noun):
    """One feed of a publisher."""

    name: str
    path: str
    format: FeedFormat
    tags: tuple[str, ...] = ()
    section: str = ""
    """Lists only the articles that have this category; empty for all."""
    campaign: tuple[tuple[str, str], ...] = ()
    """Tracking parameters that its links carry."""
    full: bool = False
    """Whether it holds the whole text."""
    language: str | None = None
    """Stated to whoever watches the feed."""
    moved_from: str = ""
    """The path that is handed out, and answers with 301 to `path`."""

    def link(self, url: str) -> str:
        """An article's URL as this feed gives it."""
        return f"{url}?{urlencode(self.campaign)}" if self.campaign else url


class Publisher(Noun):
    """A paper, magazine or agency."""

    key: str
    name: str
    tagline: str
    language: str
    utc_offset_h: int
    date_format: str
    """For strftime, as its pages show dates."""
    article_path: str
    """With `{slug}` or `{number}`."""
    channels: tuple[Channel, ...]
    encoding: str = "utf-8"

    def path_of(self, slug: str, number: int) -> str:
        """Path and query of an article, percent-encoded."""
        return quote(self.article_path.format(slug=slug, number=number), safe="/?=")


PUBLISHERS = (
    Publisher(  # HTML5 with JSON-LD; the harbour's news stand in two feeds
        key="courier",
        name="The Saltmere Courier",
        tagline="News of the tide and the town since 1874",
        language="en",
        utc_offset_h=1,
        date_format="%d %B %Y, %H:%M",
        article_path="/news/{slug}",
        channels=(
            Channel(name="saltmere-courier", path="/feed.xml", format="rss20", tags=("Saltmere",)),
            Channel(
                name="saltmere-harbour",
                path="/harbour/feed.xml",
                format="rss20",
                section="Harbour",
                campaign=(("utm_source", "rss"), ("utm_medium", "feed"), ("utm_campaign", "harbour")),
            ),
        ),
    ),
    Publisher(  # Open Graph and microdata
        key="comet",
        name="The Slow Comet",
        tagline="Science that takes its time",
        language="en",
        utc_offset_h=0,
        date_format="%d %B %Y",
        article_path="/features/{slug}/",
        channels=(Channel(name="slow-comet", path="/atom.xml", format="atom10", tags=("science",)),),
    ),
    Publisher(  # a blog theme with all its furniture; the feed does not escape its ampersands
        key="diario",
        name="El Diario de Valdebruma",
        tagline="Noticias & avisos de la comarca",
        language="es",
        utc_offset_h=2,
        date_format="%d/%m/%Y a las %H:%M",
        article_path="/noticias/{slug}/",
        channels=(Channel(name="diario-valdebruma", path="/feed/", format="rss20-sloppy"),),
    ),
    Publisher(  # tables, capitals and windows-1252; an id in the query names the article, and the feed has no dates
        key="kontor",
        name="Hohenlunder Kontorblatt",
        tagline="Handel, Handwerk und Häfen",
        language="de",
        utc_offset_h=2,
        date_format="%d.%m.%Y, %H:%M Uhr",
        article_path="/artikel.php?id={number}",
        channels=(Channel(name="kontorblatt", path="/ticker.rss", format="rss091", tags=("Wirtschaft",)),),
        encoding="windows-1252",
    ),
    Publisher(  # a page with nothing but <h1> and <time>; the feed has moved
        key="lucarne",
        name="La Lucarne bleue",
        tagline="Carnet de culture, ouvert sur la rue",
        language="fr",
        utc_offset_h=2,
        date_format="%d/%m/%Y",
        article_path="/{slug}.html",
        channels=(
            Channel(name="lucarne-bleue", path="/index.rdf", format="rss10", tags=("culture",), moved_from="/rss"),
        ),
    ),
    Publisher(  # an agency in several languages, whose feed has the whole text
        key="plover",
        name="Plover Wire",
        tagline="Small news, promptly",
        language="en",
        utc_offset_h=0,
        date_format="%Y-%m-%d %H:%M UTC",
        article_path="/wire/{number}",
        channels=(Channel(name="plover-wire", path="/wire.xml", format="rss20", tags=("wire",), full=True),),
    ),
    Publisher(  # JSON-LD as a graph
        key="kiri",
        name="霧ヶ浜日報",
        tagline="岬と浜のくらしを毎朝",
        language="ja",
        utc_offset_h=9,
        date_format="%Y年%m月%d日 %H:%M",
        article_path="/articles/{number}",
        channels=(Channel(name="kirigahama", path="/feed.json", format="json11", language="ja"),),
    ),
    Publisher(  # right to left, Open Graph, and a path that is not ASCII
        key="marsa",
        name="صحيفة مرسى الياسمين",
        tagline="أخبار المرفأ والمدينة",
        language="ar",
        utc_offset_h=3,
        date_format="%Y/%m/%d - %H:%M",
        article_path="/أخبار/{slug}",
        channels=(Channel(name="marsa-alyasmin", path="/atom", format="atom10"),),
    ),
)
