"""Which language a text is in: what the text says, what is declared, and which of them counts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.core.language import detect, primary, settle_language

ENGLISH = "The ferries stay in port today and the mail goes over the ridge by sledge, says the harbour master. "
GERMAN = "Die Fähren bleiben heute im Hafen, und die Post geht mit dem Schlitten über den Berg, sagt der Hafenmeister. "
NORWEGIAN = "Fergene blir liggende i havna i dag, og posten går over åsen med slede, sier havnesjefen i byen. "


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (ENGLISH, "en"),
        (GERMAN, "de"),
        ("Паром сегодня остаётся в порту, сообщает капитан.", "ru"),
        ("今日は船が出ないと港の人が話した。", "ja"),
        ("العبارات تبقى اليوم في الميناء بسبب الجليد.", "ar"),
        ("", None),
        ("Ice", None),
        ("2024-01-19 12:30 555 666 777 888 999", None),
    ],
)
def test_a_text_tells_its_language_if_there_is_enough_of_it(text: str, language: str | None) -> None:
    assert detect(text) == language


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The ferries stay in port today because the harbour is frozen"),
        ("de", "Die Fähren bleiben heute im Hafen, weil das Wasser gefroren ist"),
        ("fr", "Les bateaux restent au port aujourd'hui parce que la mer a gelé"),
        ("es", "Los barcos se quedan hoy en el puerto porque el agua se ha helado"),
        ("pt", "Os barcos ficam hoje no porto porque a água do mar congelou"),
        ("it", "Oggi i traghetti restano nel porto perché l'acqua è ghiacciata"),
        ("nl", "De veerboten blijven vandaag in de haven omdat het water bevroren is"),
        ("sv", "Färjorna stannar i hamnen i dag eftersom vattnet har frusit till is"),
        ("da", "Færgerne bliver i havnen i dag, fordi vandet er frosset til is"),
        ("fi", "Lautat pysyvät tänään satamassa, koska vesi on jäätynyt"),
        ("pl", "Promy pozostają dziś w porcie, ponieważ woda zamarzła"),
        ("cs", "Trajekty dnes zůstávají v přístavu, protože voda zamrzla"),
        ("hu", "A kompok ma a kikötőben maradnak, mert a víz befagyott"),
        ("ro", "Feriboturile rămân astăzi în port pentru că apa a înghețat"),
        ("tr", "Su donduğu için feribotlar bugün limanda kalıyor, dedi kaptan"),
        ("el", "Τα πλοία μένουν σήμερα στο λιμάνι επειδή πάγωσε το νερό"),
        ("ru", "Паромы остаются сегодня в порту, потому что вода замёрзла"),
        ("uk", "Пороми сьогодні залишаються в порту, бо вода замерзла"),
        ("ar", "تبقى العبارات اليوم في الميناء لأن الماء تجمد"),
        ("he", "המעבורות נשארות היום בנמל כי המים קפאו"),
        ("fa", "کشتی‌ها امروز در بندر می‌مانند چون آب یخ زده است"),
        ("hi", "पानी जम जाने के कारण आज नावें बंदरगाह में रहेंगी"),
        ("th", "เรือข้ามฟากจอดอยู่ที่ท่าเรือวันนี้เพราะน้ำแข็งตัว"),
        ("vi", "Hôm nay các chuyến phà ở lại cảng vì nước đã đóng băng"),
        ("zh", "由于海水结冰，渡轮今天停在港口"),
        ("ja", "海が凍ったため、今日は船が港にとどまっている"),
        ("ko", "바다가 얼어서 오늘 배들은 항구에 머물러 있다"),
    ],
)
def test_a_headline_tells_its_language(language: str, text: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("en", "en"), ("en-GB", "en"), ("pt_BR", "pt"), (" DE ", "de"), ("iw", "he"), ("ckb-IQ", "ckb"),
        ("", None), (None, None), ("und", None), ("x-default", None), ("English", None), ("1", None),
    ],
)  # fmt: skip
def test_a_language_tag_is_reduced_to_its_primary_subtag(tag: str | None, code: str | None) -> None:
    assert primary(tag) == code


@pytest.mark.parametrize(
    ("declared", "text", "language"),
    [
        ("de", GERMAN * 4, "de"),
        ("en", GERMAN * 4, "de"),
        ("en-GB", "Eis im Hafen", "en"),
        ("en", "", "en"),
        ("nb", NORWEGIAN * 4, "nb"),
        (None, GERMAN, "de"),
        ("nonsense", GERMAN, "de"),
        (None, "Ice", None),
    ],
    ids=["both agree", "a copied template", "too short", "no text", "much alike", "none", "no language", "nothing"],
)
def test_a_declaration_counts_unless_a_long_text_contradicts(
    declared: str | None, text: str, language: str | None
) -> None:
    assert settle_language(declared, text) == language


@given(st.text(max_size=300), st.text(max_size=10))
@settings(max_examples=100, deadline=None)
def test_no_text_and_no_tag_raise(text: str, tag: str) -> None:
    assert settle_language(tag, text) is None or len(str(settle_language(tag, text))) in (2, 3)
