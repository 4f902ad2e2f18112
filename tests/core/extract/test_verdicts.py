"""Pages that say nothing are named; short articles are not taken for them."""

import pytest
from html_pages import BODY, PARAGRAPHS, URL, ld, response

from ingest.core.extract import extract_page
from ingest.model import Entry

BRIEF = f"<p>{PARAGRAPHS[0]}</p>"
LAST = f"<p>{PARAGRAPHS[2]}</p>"


def problem(head: str = "", body: str = BODY, url: str = URL) -> str:
    return extract_page(response(head, body, url), Entry()).problem


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        ("<title>Just a moment...</title>", "<p>Please wait while we look at you.</p>", "bot-wall"),
        ("<title>example.com</title>", "<p>Please verify you are a human by pressing and holding.</p>", "bot-wall"),
        ("<script>window._cf_chl_opt={}</script>", "<p>Waiting for the answer</p>", "bot-wall"),
        ("<title>Before you continue to Example</title>", "<p>There are choices to make.</p>", "consent"),
        ("<title>Example</title>", "<p>We value your privacy.</p><p>Accept all cookies or choose.</p>", "consent"),
        ("<title>Beispiel</title>", "<p>Wir und unsere 842 Partner</p><p>Cookies akzeptieren</p>", "consent"),
        ("<title>Exemple</title>", "<p>Nous respectons votre vie privée.</p><p>Continuer sans accepter</p>", "consent"),
        ("<title>Page not found | Example</title>", "<p>Here is what others read today.</p>", "soft-404"),
        ("<title>404</title>", "<p>Try the search.</p>", "soft-404"),
        ("<title>Beispiel</title>", "<h1>Seite nicht gefunden</h1><p>Zur Startseite</p>", "soft-404"),
        ("<title>Ejemplo</title>", "<h1>Página no encontrada</h1><p>Volver al inicio</p>", "soft-404"),
        ("<title>Ice</title>", "<p>This article has been removed.</p>", "withdrawn"),
        ("<title>Ice</title>", "<p>This story is no longer available at the request of the author.</p>", "withdrawn"),
        ("<title>Eis</title>", "<p>Dieser Artikel wurde gelöscht, wir bitten um Verständnis.</p>", "withdrawn"),
        ("<title>Glace</title>", "<p>Cet article a été supprimé par la rédaction du journal.</p>", "withdrawn"),
        ("<title>Hielo</title>", "<h1>Este artículo ha sido eliminado</h1><p>Volver al inicio</p>", "withdrawn"),
        ("<title>Лёд</title>", "<p>Этот материал был удалён по просьбе редакции газеты.</p>", "withdrawn"),
        ("<title>氷</title>", "<p>この記事は削除されました。</p>", "withdrawn"),
        ("<title>例</title>", "<h1>ページが見つかりません</h1><p>トップへ戻る</p>", "soft-404"),
        ("<title>Ice</title>", "<p>The harbour froze.</p><p>Subscribe to continue reading.</p>", "paywall"),
        ("<title>Eis</title>", "<p>Der Hafen fror zu.</p><p>Nur für Abonnenten.</p>", "paywall"),
        (ld('{"@type": "NewsArticle", "isAccessibleForFree": "False"}'), "<p>The harbour froze.</p>", "paywall"),
        ("<title>Ice</title>", "<p>Ice.</p>", "empty"),
        ("", "", "empty"),
    ],
)
def test_a_page_that_says_nothing_is_named(head: str, body: str, expected: str) -> None:
    assert problem(head, body) == expected


@pytest.mark.parametrize(
    "url", ["https://consent.example.com/collect?session=1", "https://www.example.com/privacy-gate/?next=%2Fnews"]
)
def test_a_consent_walls_address_gives_it_away(url: str) -> None:
    assert problem("<title>Example</title>", "<p>Please choose what suits you best here.</p>", url) == "consent"


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("<title>Page not found: how the web forgets</title>", BODY),
        ("<title>Access denied: journalists barred from the hearing of the harbour</title>", BRIEF),
        ("<title>Ice</title>", f"{BRIEF}<p>This article has been removed from the shelf, said the mayor.</p>{LAST}"),
        ("<title>Flight 404 lands on the ice</title>", BRIEF),
        ("<title>Unusual traffic on A9</title>", BRIEF),
        ("<title>Access denied</title>", f"{BRIEF}{LAST}"),
        ("<title>Not a robot</title>", f"{BRIEF}{LAST}"),
        ("<title>We value your privacy, says mayor</title>", BRIEF),
        ("<title>Ice</title>", f"{BODY}<p>We value your privacy, said the mayor.</p>"),
        ("<title>Ice</title>", f"{BRIEF}<p>Police reported unusual traffic. The page was not found.</p>{LAST}"),
        ("<title>Ice</title><script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>", BRIEF),
        (ld('{"@type": "NewsArticle", "isAccessibleForFree": true}'), BRIEF),
        (ld('{"@type": "NewsArticle", "isAccessibleForFree": false}'), BODY),
    ],
)  # fmt: skip
def test_an_article_is_not_taken_for_a_wall(head: str, body: str) -> None:
    assert problem(head, body) == ""
