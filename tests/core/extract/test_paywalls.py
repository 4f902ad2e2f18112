"""The stub of an article that must be paid for is told by what it asks for, and keeps what it gives of the article."""

import pytest
from html_pages import BODY, PARAGRAPHS, ld, response

from ingest.core.extract import extract_page
from ingest.core.extract.paywall import PLEA
from ingest.model import Entry

PAID = ld('{"@type": "NewsArticle", "isAccessibleForFree": false}')
LEAD = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS[:2])


@pytest.mark.parametrize(
    "plea",
    [
        "This article is for subscribers",
        "This story is only available to our subscribers.",
        "To read the full story, please subscribe or log in to your account.",
        "You have reached your limit of free articles.",
        "Subscribe now from £1 a week to continue reading.",
        "Already a subscriber? Log in.",
        "Dieser Artikel ist nur für Abonnenten.",
        "Exklusiv für Abonnenten",
        "Um diesen Artikel weiterzulesen, brauchen Sie ein Abo.",
        "Sie haben bereits ein Abo?",
        "Cet article est réservé aux abonnés.",
        "Vous avez atteint le nombre maximal de nos articles.",
        "Abonnez-vous dès 1 €",
        "Contenido exclusivo para suscriptores",
        "Ha alcanzado el límite de artículos.",
        "¿Ya eres suscriptor?",
        "Articolo riservato agli abbonati",
        "Per continuare a leggere, abbonati.",
        "Conteúdo exclusivo para assinantes",
        "Já é assinante? Entre.",
    ],
)
def test_a_plea_for_a_subscription_names_the_stub_and_is_no_part_of_it(plea: str) -> None:
    article = extract_page(
        response(
            body=f"<p>It froze on Thursday for the first time in years.</p><div><h2>{plea}</h2><p>Now, £1.</p></div>"
        ),
        Entry(),
    )
    assert (article.problem, article.text, article.free) == (
        "paywall",
        "It froze on Thursday for the first time in years.",
        False,
    )


def test_a_longer_lead_is_a_stub_where_its_page_is_declared_to_be_paid_for() -> None:
    article = extract_page(response(PAID, f"{LEAD}<p>Already a subscriber? Log in.</p>"), Entry())
    assert (article.problem, article.text) == ("paywall", "\n\n".join(PARAGRAPHS[:2]))


@pytest.mark.parametrize(("head", "plea"), [("", "Already a subscriber? Log in."), (PAID, "")])
def test_a_longer_text_is_none_where_only_one_of_both_says_so(head: str, plea: str) -> None:
    assert extract_page(response(head, f"{LEAD}<p>{plea}</p>"), Entry()).problem == ""


def test_a_label_above_the_lead_takes_nothing_of_it_away() -> None:
    article = extract_page(response(PAID, f"<p>Only for subscribers: to subscribers only</p>{LEAD}"), Entry())
    assert article.text == "\n\n".join(PARAGRAPHS[:2])


@pytest.mark.parametrize(
    "sentence",
    [
        "Sweden, which is already a member of the council, will not sign.",
        "The society asked its members to subscribe to a new fund.",
        "He reached the limit of his patience, the papers wrote.",
        "Den Artikel lesen viele.",
    ],
)
def test_a_sentence_of_an_article_is_no_plea(sentence: str) -> None:
    assert PLEA.search(sentence) is None


def test_a_whole_article_that_must_be_paid_for_is_no_stub() -> None:
    assert extract_page(response(PAID, BODY), Entry()).problem == ""
