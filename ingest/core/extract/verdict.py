"""Pages that answer 200 and say nothing: consent walls, paywall stubs, soft 404s, notices of removal, bot walls, empty pages.

1. Only a short text is suspected: an article about cookies or error pages is an article.
2. A title is evidence where a phrase is all that a part of it says (`Page not found | Example`), not where it begins
   a headline (`Unusual traffic on the A9`): then hardly any text may stand below, or the text must say so too.
   A text is evidence where it is so short that the phrase is what it says.
3. What the address and the structure of the page give away needs no phrase.
"""

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from ingest.core.extract.length import words
from ingest.core.extract.page import Page
from ingest.core.extract.paywall import PLEA
from ingest.core.extract.withdrawn import WITHDRAWN
from ingest.core.plain import fold

SHORT = 150
"""Words; a text above this is what the page is about."""
STUB = 60
"""Words; a text of a page that must be paid for, above this, may be all of it, unless it asks for a subscription."""
EMPTY = 5
_HEADINGS = 3
_LOOKED_AT = 5000
"""Characters of a text; of so few words, more is no language."""


@dataclass(frozen=True)
class Sign:
    """What gives away one kind of page that says nothing."""

    problem: str
    phrases: re.Pattern[str]
    longest: int
    """Words of a text above which a phrase in it proves nothing."""
    times: int = 1
    """How many different phrases the text must hold."""
    longest_titled: int = 0
    """Words of a text up to which a title that is a phrase proves it; 0: `longest`."""

    def shows(self, titles: Sequence[str], text: str, length: int) -> bool:
        """Whether a page with these titles and a text of so many words is of this kind."""
        said = self._said(text)
        rest = min(map(self._rest, titles), default=_NO_PHRASE)
        if rest <= _ALL_OF_IT and length <= (self.longest_titled or self.longest):
            return True
        if rest <= _TITLE_REST and (length <= _HARDLY or said):
            return True
        return length <= self.longest and said >= self.times

    def _rest(self, title: str) -> int:
        """Characters beyond a phrase in that part of a title that has the fewest."""
        parts = map(str.strip, _PARTED.split(title[:_LOOKED_AT]))
        found = ((part, self.phrases.search(part)) for part in parts)
        return min((len(part) - len(phrase.group()) for part, phrase in found if phrase), default=_NO_PHRASE)

    def _said(self, text: str) -> int:
        """How many different phrases a text holds."""
        return len({phrase.group().lower() for phrase in self.phrases.finditer(text[:_LOOKED_AT])})


_PARTED = re.compile(r"\s+[-–—|•·:]+\s+|\s*\|\s*")
_NO_PHRASE = sys.maxsize
_ALL_OF_IT = 2
"""Characters beyond the phrase in a part of a title that is nothing else: a point, an exclamation mark."""
_TITLE_REST = 14
"""The same in one that says hardly more: `Error:`, `to Example`, `Sorry, `."""
_HARDLY = 25
"""Words of a text that proves nothing against a title."""

_BOT_SCRIPTS = re.compile(r"_cf_chl_opt|challenge-platform/h/|captcha-delivery\.com|px-captcha|/_sec/cp_challenge")
"""Scripts of challenges themselves; those that the same services put on every page prove nothing."""
_BOT_PHRASES = re.compile(
    r"just a moment\.\.\.|attention required!|access (to this page has been )?denied|pardon our interruption"
    r"|are you a (robot|human)|(verify|confirm) (that )?you are (a |not a )?(human|robot)|not a robot|unusual traffic"
    r"|checking (your browser|if the site connection is secure)|enable javascript and cookies to continue"
    r"|(your )?(request|access) (was|has been) (blocked|denied)|bot detection"
    r"|одну секунду|проверка браузера|je ne suis pas un robot|no soy un robot|ich bin kein roboter",
    re.IGNORECASE,
)
_CONSENT_ADDRESS = re.compile(
    r"^(consent|myprivacy|cmp|privacy-?gate|gdpr)\.|/(consent|cookiewall|privacy-?gate|gdpr-consent)(/|$)"
)
_CONSENT_PHRASES = re.compile(
    r"before you continue|we (value|care about|respect) your privacy|your privacy (choices|matters|settings)"
    r"|we (and our (\d+ )?partners )?use cookies|accept (all )?cookies|manage (your )?(consent|cookies|privacy)"
    r"|wir (und unsere \d* ?partner|benötigen ihre (zustimmung|einwilligung))|(mit werbung|weiter) (weiterlesen|lesen mit)"
    r"|datenschutzeinstellungen|cookies akzeptieren|nous (et nos \d* ?partenaires|respectons votre vie privée)"
    r"|accepter (et continuer|les cookies)|continuer sans accepter|(valoramos|respetamos) (su|tu) privacidad"
    r"|aceptar (todas )?las cookies|aceitar (todos os )?cookies|accetta(re)? (tutti )?i cookie"
    r"|la tua privacy|wij gebruiken cookies|cookies accepteren|çerezleri kabul|мы используем (файлы )?cookie",
    re.IGNORECASE,
)
_MISSING_PHRASES = re.compile(
    r"error 404|404 (error|not found|page)|^404$|^not found$"
    r"|(page|article|story|content) (was |is |could |can |has )?(not (be |been )?found|no longer (available|exists?)|unavailable)"
    r"|page (you('re| are)? (were )?(looking|requested)|doesn'?t exist|does not exist)|we can'?t find (that|the|this) page"
    r"|seite (wurde )?nicht (gefunden|verfügbar)|page (introuvable|non trouvée)|página no (encontrada|existe)"
    r"|página não (encontrada|existe)|pagina (non trovata|niet gevonden)|страница не найдена|sayfa bulunamadı"
    r"|nie znaleziono strony|stran(a|ica) ne?(ní|bola)? ?(nalezena|nájdená|pronađena)|sidan (kunde inte hittas|hittades inte)"
    r"|الصفحة غير موجودة|ページが?(見つかりません|存在しません)|页面(不存在|未找到|找不到)|找不到(此|该)?(页面|頁面)|페이지를 찾을 수 없",
    re.IGNORECASE,
)
SIGNS = (
    Sign("bot-wall", _BOT_PHRASES, longest=40),
    Sign("consent", _CONSENT_PHRASES, longest=SHORT, times=2),
    Sign("withdrawn", WITHDRAWN, longest=60),
    Sign("soft-404", _MISSING_PHRASES, longest=60, longest_titled=SHORT),
    Sign("paywall", PLEA, longest=STUB),
)
"""In the order in which they are looked for: a wall hides the page behind it."""


def verdict(page: Page, text: str, paid: bool) -> str:
    """Why the page is no article, as `Article.problem` has it; empty if it is one.

    Args:
        text: the article's text.
        paid: whether the page declares that its article must be paid for.
    """
    length = words(text)
    if length > SHORT:
        return ""
    if length <= STUB and (found := _by_structure(page, paid)):
        return found
    if paid and PLEA.search(text[:_LOOKED_AT]):
        return "paywall"
    titles = [page.title, *(fold(heading.text_content()) for heading in page.tree.findall(".//h1")[:_HEADINGS])]
    said = text or _visible(page)
    for sign in SIGNS:
        if sign.shows(titles, said, length):
            return sign.problem
    if page.is_cut and length < STUB:
        return "unreadable: nested too deeply"
    return "" if length >= EMPTY else "empty"


def _by_structure(page: Page, paid: bool) -> str:
    parts = urlsplit(page.url)
    if _CONSENT_ADDRESS.search(parts.hostname or "") or _CONSENT_ADDRESS.search(parts.path):
        return "consent"
    sources = (source for script in page.tree.iter("script") for source in (script.get("src"), script.text))
    if any(_BOT_SCRIPTS.search(source) for source in sources if source):
        return "bot-wall"
    return "paywall" if paid else ""


def _visible(page: Page) -> str:
    """The beginning of what a page shows in which no article was found."""
    body = page.tree.find(".//body")
    texts = () if body is None else body.itertext()
    return " ".join(" ".join(texts).split())[:2000]
