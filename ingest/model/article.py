"""An article on its way from a page to a story."""

import datetime as dt
from typing import Literal

from ingest.model.entry import Moment
from ingest.model.noun import Noun

TextSource = Literal["page", "feed"]
Kind = Literal["article", "live", "gallery", "video"]
TagSource = Literal["declared", "category", "headline", "body", "feed"]


class Hashtag(Noun):
    """A tag without its `#`, and where it came from."""

    tag: str
    source: TagSource


class Article(Noun):
    """The readable part of a page, or of a feed's own content, with its metadata."""

    url: str
    """The URL that answered; in a draft without fragment and tracking parameters. Empty for an entry without a link."""
    canonical_url: str | None = None
    """The absolute URL that the page itself names as canonical."""
    title: str = ""
    text: str = ""
    """Paragraphs separated by one empty line."""
    summary: str = ""
    authors: tuple[str, ...] = ()
    site: str = ""
    language: str | None = None
    published: Moment | None = None
    modified: Moment | None = None
    next_page: str = ""
    """Address of the page on which the article goes on; empty where it ends on this one."""
    image: str | None = None
    section: str = ""
    categories: tuple[str, ...] = ()
    """The page's and the feed's own tags, as written."""
    kind: Kind = "article"
    """What it is besides a text: a running report, or a page of pictures or a video with what text it has."""
    free: bool | None = None
    """Whether all of it may be read without paying, as the page declares."""
    problem: str = ""
    """Why this is no article worth keeping; empty if it is.

    `consent`, `paywall`, `withdrawn`, `soft-404`, `bot-wall`, `empty`, or `unreadable: ` with what our libraries made
    of it.
    """
    methods: dict[str, str] = {}
    """Field name → what gave it: `json-ld`, `open-graph`, `main-part`, `feed`, …"""


class Fingerprint(Noun):
    """What identifies a text, and what it is found again by."""

    schema_version: int
    text_hash: str | None
    """Hash of the normalised text; None where there is too little text to identify a story by."""
    size: int = 0
    """Distinct shingles of the text; 0 for a short one."""
    sketch: tuple[int, ...] = ()
    """The hashes of a fixed part of these, ascending."""


class Indexed(Noun):
    """A story as the search index has it: what `core.search.tokens` makes of its title and text, parted by spaces."""

    title: str
    text: str


class Answer(Noun):
    """How a server gave a page: what is kept of its answer beside the body."""

    url: str
    """That answered, after redirects."""
    status: int
    at: dt.datetime
    headers: dict[str, str] = {}
    """Lower-case names; those of `core.read.KEPT_HEADERS`."""


class RawPage(Noun):
    """The page that a story was made from, as it is kept."""

    fetched_at: dt.datetime
    """When it was read; `answer.at` is earlier where an archive had it."""
    type: str
    """Content-Type."""
    body: bytes
    """As it came, but for chunks and codings."""
    answer: Answer | None = None
    """None of pages that were kept before answers were."""


class Draft(Noun):
    """An article that was extracted, tagged and fingerprinted, and is not yet settled."""

    article: Article
    hashtags: tuple[Hashtag, ...]
    fingerprint: Fingerprint
    tokens: Indexed | None = None
    """What a search goes through; None: whoever saves it makes them."""
    url_key: str
    """The identity of the article's address: the canonical form of the URL that answered, or `feed:ID:GUID`."""
    alias_keys: tuple[str, ...] = ()
    """Further addresses of the same article: what the feed linked to. Canonical forms."""
    canonical_key: str | None = None
    """Canonical form of the page's own canonical link, where it stays within the publisher."""
    publisher: str
    """Registrable domain of the address that answered, or the host of an IP address."""
    paragraphs: tuple[int, ...] = ()
    """Keys of the paragraphs as they were read, by which the furniture of the publisher is told."""
    source: TextSource
    problem: str = ""
    """What stood in place of the article, as `Article.problem` has it; empty where it could be read."""
    note: str = ""
    """Why the feed's own content was used, or what is odd; for `ingest explain`."""
    raw: bytes = b""
    """The page as it came, compressed as `core.packing` does it; empty where none came."""
    raw_type: str = ""
    """Content-Type of the raw page."""
    answer: Answer | None = None
    """What else is kept of how the raw page came."""
    etag: str = ""
    last_modified: str = ""
    """What its server said of the page, for the question whether it changed."""
    pages: int = 1
    """How many pages the article was read from; the raw page is the first."""


class Candidate(Noun):
    """A stored story that a draft may be the same as, or a copy of, or the other way round."""

    story_id: str
    publisher: str
    url: str | None
    title: str
    text: str
    text_hash: str | None
    source: TextSource
    appeared_at: dt.datetime
    duplicate_of: str | None
    matched: Literal["url", "canonical", "text", "likeness", "cluster"]
    """What led to it: an address of the draft, only the page's canonical link, the text, the sketch of the text, or
    another candidate of its cluster."""


class Comparison(Noun):
    """What came of comparing a draft with a stored story of which it may be a copy; shares from 0 to 1."""

    story_id: str
    containment: float
    """Of the shorter text in the longer."""
    resemblance: float
    """Of what both have together."""
    titles: float
    objection: str
    """Why they are no copies of each other; empty if they are."""


class Move(Noun):
    """Where a stored story belongs from now on."""

    story_id: str
    duplicate_of: str | None
    """The origin of its cluster; empty for the draft that is settled; None where it is an origin itself."""


class Settlement(Noun):
    """The decision about a draft."""

    kind: Literal["new", "same", "version", "copy"]
    story_id: str | None = None
    """The stored story that it is the same as, or a new version of."""
    duplicate_of: str | None = None
    """The origin that it is a copy of."""
    moved: tuple[Move, ...] = ()
    """Stored stories whose origin it changes, since it appeared before them."""
    compared: tuple[Comparison, ...] = ()
    why: str
