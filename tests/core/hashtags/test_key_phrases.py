"""Key phrases of a text, in many languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.core.hashtags.body import body
from ingest.core.hashtags.spelling import tag_key
from ingest.model import Article, Entry, FeedSpec

FEED = FeedSpec(url="https://example.com/rss", name="example")
PADDING = "and so it was with all of them, as it had been for some of those who were there before "


def phrases(text: str, language: str | None = "en", title: str = "") -> list[str]:
    """The key phrases of a text."""
    return list(body(Article(url="https://example.com/a", title=title, text=text, language=language), Entry(), FEED))


def padded(text: str) -> str:
    """The text, long enough to have key phrases, with nothing added that could be one."""
    return f"{text} {PADDING * 4}"


TEXTS = {
    "en": (
        """Ada Quill, who leads the port authority of Eastport, said on Monday that the tidal barrier would
        open in May. The Bank of Eastport lends the money. Quill told reporters that the tidal barrier is
        the largest in Norland. Fishermen fear for their boats. "The tidal barrier is ours," Quill said.
        Opponents of the barrier went to court in Westmark, where a judge will hear them. The Bank of
        Eastport did not answer.""",
        {"AdaQuill", "BankOfEastport", "TidalBarrier"},
    ),
    "de": (
        """Die Bürgermeisterin Ada Quill hat am Montag das neue Sperrwerk eröffnet. Das Sperrwerk schützt
        den Hafen von Ostheim vor der Flut. Quill sagte, die Kosten seien gestiegen. Die SPD will die Kosten
        prüfen lassen. Ein Sprecher der SPD nannte das Sperrwerk zu teuer. Nach Angaben der Stadt hat der
        Bau drei Jahre gedauert. Die Fischer in der Gegend fürchten um ihre Boote und wollen vor Gericht
        ziehen.""",
        {"AdaQuill", "SPD", "Sperrwerk"},
    ),
    "fr": (
        """La maire de Port-Clair, Ada Quille, a inauguré lundi le barrage flottant. Le barrage flottant
        protège la ville contre les marées. Selon Quille, le barrage flottant a coûté moins que prévu. La
        Banque de Norlande a prêté l'argent, et le Parlement norlandais a voté la loi. Le Parlement
        norlandais siège à Port-Clair. Les pêcheurs ont peur pour leurs bateaux.""",
        {"AdaQuille", "PortClair", "BarrageFlottant", "ParlementNorlandais"},
    ),
    "ru": (
        """Мэр города Ада Квилл открыла в понедельник новую плотину. Плотина защитит порт от наводнений. По
        словам Квилл, строительство плотины заняло три года и обошлось дешевле. Деньги на строительство дал
        банк «Нордия». Рыбаки боятся за свои лодки и идут в суд, где дело рассмотрят в мае. В банке «Нордия»
        отказались от комментариев, и в городе ждут решения суда.""",
        {"АдаКвилл", "строительство"},
    ),
    "el": (
        """Η δήμαρχος Αθηνά Κορδάτου εγκαινίασε τη Δευτέρα το νέο φράγμα στο λιμάνι. Το φράγμα προστατεύει
        την πόλη από τις πλημμύρες. Η Κορδάτου είπε ότι το φράγμα κόστισε λιγότερο από όσο υπολόγιζαν. Οι
        ψαράδες φοβούνται για τις βάρκες τους και θα πάνε στο δικαστήριο. Η απόφαση αναμένεται τον Μάιο και
        η πόλη περιμένει με αγωνία το αποτέλεσμα αυτής της δίκης.""",
        {"ΑθηνάΚορδάτου", "φράγμα"},
    ),
    "tr": (
        """Doğukent Belediye Başkanı Ada Kıl pazartesi günü yeni barajı açtı. Doğukent'in limanını taşkından
        koruyacak olan baraj üç yılda bitti. Ada Kıl'ın sözlerine göre baraj beklenenden ucuza mal oldu.
        Balıkçılar tekneleri için endişe ediyor ve mahkemeye gidiyor. Mahkeme kararını mayıs ayında verecek.
        Bu yeni baraj için parayı bir banka verdi ve o banka ile Doğukent arasında uzun bir görüşme oldu.""",
        {"Doğukent", "AdaKıl", "baraj"},
    ),
    "ar": (
        """افتتحت رئيسة البلدية يوم الاثنين سد الميناء الجديد في المدينة الشرقية. وقالت رئيسة البلدية إن سد
        الميناء يحمي البيوت من الفيضانات. ويخشى الصيادون على قواربهم ويريدون الذهاب إلى المحكمة. وستنظر
        المحكمة في القضية في شهر مايو. وكان بناء سد الميناء قد بدأ قبل ثلاث سنوات بأموال من مصرف كبير. ولم
        يعلق المصرف على الخبر حتى الآن، كما لم يتحدث أحد من سكان الحي.""",
        {"سدالميناء", "رئيسةالبلدية"},
    ),
    "hi": (
        """पूर्वनगर की महापौर ने सोमवार को नया ज्वार बांध खोला। यह ज्वार बांध शहर को बाढ़ से बचाएगा। महापौर
        ने कहा कि ज्वार बांध तीन साल में बना और इसकी लागत कम रही। मछुआरे अपनी नावों के लिए डरते हैं और अदालत
        जा रहे हैं। अदालत मई में इस मामले को सुनेगी। पूर्वनगर के लोग फैसले का इंतजार कर रहे हैं और शहर में
        बहुत चर्चा है।""",
        {"ज्वारबांध", "महापौर", "पूर्वनगर"},
    ),
    "zh": (
        """
        东港市市长周一为新的防洪大坝揭幕。防洪大坝将保护港口免受洪水侵袭。市长表示,防洪大坝的建设用了三年时间,费用低于预期。
        渔民担心他们的船只,并准备向法院提起诉讼。法院将在五月审理此案。银行为大坝提供了贷款,但拒绝对此发表评论。
        当地居民正在等待法院的判决。""",
        {"防洪大坝", "法院"},
    ),
    "ja": (
        """
        東港市の市長は月曜日、新しい防潮堤の開通式を行った。防潮堤は港を津波から守る。市長によると、防潮堤の建設には三年かかり、費用は
        予想より少なかった。漁師たちは船を心配し、裁判所に訴えを起こす。裁判所は五月に審理を行う予定だ。銀行は防潮堤の資金を貸したが、
        コメントを控えた。""",
        {"防潮堤", "裁判所"},
    ),
    "th": (
        """นายกเทศมนตรีเปิดเขื่อนกันน้ำแห่งใหม่เมื่อวันจันทร์ เขื่อนแห่งนี้จะปกป้องท่าเรือจากน้ำท่วม
        นายกเทศมนตรีกล่าวว่าเขื่อนใช้เวลาสร้างสามปี ชาวประมงกังวลเรื่องเรือของตนและจะไปศาล
        ศาลจะพิจารณาคดีในเดือนพฤษภาคม ธนาคารให้เงินกู้แก่เขื่อนแต่ไม่แสดงความคิดเห็น""",
        {"เขื่อน"},
    ),
    "ko": (
        """동항시 시장은 월요일에 새 방조제를 열었다. 방조제는 항구를 홍수에서 지킨다. 시장은 방조제 공사가
        삼 년 걸렸고 비용은 예상보다 적었다고 말했다. 어민들은 배를 걱정하며 법원으로 간다. 법원은 오월에
        사건을 심리한다. 은행은 방조제에 돈을 빌려주었지만 말을 아꼈다. 주민들은 판결을 기다린다. 동항시
        주민들은 이 판결이 앞으로 다른 도시에도 큰 영향을 줄 것으로 본다고 전했다. 그 밖의 사람들도 오늘
        여기 모여 있었다고 한다.""",
        {"방조제", "법원"},
    ),
}


@pytest.mark.parametrize(("language", "text", "expected"), [(code, *case) for code, case in TEXTS.items()], ids=TEXTS)
def test_names_and_recurrent_terms_are_found(language: str, text: str, expected: set[str]) -> None:
    assert expected <= set(phrases(" ".join(text.split()), language))


def test_a_short_text_has_none() -> None:
    assert phrases("Ada Quill met Ada Quill in Eastport.") == []


def test_there_are_five_at_most_none_of_them_twice() -> None:
    names = "Ada Brim met Cato Dane. Eli Fenn met Gus Holt. Ida Jolt met Kit Lamb. Mia Nash met Oda Pryce."
    found = phrases(padded(names))
    assert len(found) == len(set(map(tag_key, found))) == 5


NAMES = {
    "a surname is the person who was introduced": ("The mayor is Ada Quill. Now Quill says so.", "AdaQuill"),
    "a surname in the possessive too": ("The mayor is Ada Quill. It is Quill’s plan.", "AdaQuill"),
    "a name that opens a sentence": ("Ada Quill is mayor. Soon Quill will go.", "AdaQuill"),
    "an office is no part of a name": ("It was Prime Minister Ada Quill.", "AdaQuill"),
    "an office before a name that also stands alone": (
        "It was Captain Ada Quill. To me Ada Quill said so.",
        "AdaQuill",
    ),
    "a small word within a name": ("It was the Bank of Norland.", "BankOfNorland"),
    "initials": ("It was George W. Brim.", "GeorgeWBrim"),
    "an abbreviation": ("It was the U.S. then.", "US"),
    "a number after a name": ("It was the Norland 737.", "Norland737"),
    "a hyphen": ("It was Ada Quill-Brim.", "AdaQuillBrim"),
}


@pytest.mark.parametrize(("text", "name"), NAMES.values(), ids=NAMES)
def test_a_name_is_found_whole(text: str, name: str) -> None:
    assert phrases(padded(text)) == [name]


NO_NAMES = {
    "the first word of a sentence": "Then they left. Everything was there. Fishing stopped.",
    "months and days": "It was there on Monday and in May.",
    "what stands once without a capital": "It was the barrier of the harbour.",
    "what only long lists leave out": "It was important. Is it important? It is important.",
    "numbers": "It was 1984 and 1984 and 1,000.",
}


@pytest.mark.parametrize("text", NO_NAMES.values(), ids=NO_NAMES)
def test_other_words_are_none(text: str) -> None:
    assert phrases(padded(text)) == []


def test_names_do_not_reach_over_punctuation() -> None:
    assert set(phrases(padded("It was in Eastport, Norland."))) == {"Eastport", "Norland"}


def test_a_name_within_a_row_of_names_is_itself_where_it_also_stands_alone() -> None:
    text = padded("Было это с США. Сказал это США Адам Квилл.")
    assert set(phrases(text, "en")) >= {"США", "АдамКвилл"}


def test_a_longer_term_takes_the_place_of_its_parts() -> None:
    assert phrases(padded("It is the tidal barrier. That tidal barrier is it. But the barrier is it.")) == [
        "TidalBarrier"
    ]


def test_a_name_and_an_adjective_that_follows_it_are_one() -> None:
    text = padded("It is the Union norlandaise. That Union norlandaise is it.")
    assert phrases(text) == ["UnionNorlandaise"]


def test_a_common_noun_of_german_is_one_only_if_it_recurs() -> None:
    text = "Das ist das Sperrwerk und der Hafen. " + "So ist es, und so war es auch für die, die da waren. " * 5
    assert phrases(text + "Das Sperrwerk.", "de") == ["Sperrwerk"]


def test_an_adjective_of_german_is_none() -> None:
    assert (
        phrases(
            "So ist es am östlichen Rand. Und so am östlichen. " + "So war es auch für die, die da waren. " * 6, "de"
        )
        == []
    )


def test_what_is_in_the_title_ranks_before_what_is_as_frequent() -> None:
    text = padded("It is Norland, it is Eastport.")
    assert phrases(text, title="Eastport at sea") == ["Eastport", "Norland"]


def test_what_comes_first_ranks_before_what_is_as_frequent() -> None:
    assert phrases(padded("It is Norland. ") + "It is Eastport.") == ["Norland", "Eastport"]


def test_an_inflected_name_is_shown_in_its_shortest_form() -> None:
    text = padded("Было это у Квилла. Сказал это Квилл. Было это с Квиллом.")
    assert phrases(text, "ru")[0] == "Квилл"


@given(st.text(), st.sampled_from(["en", "de", "ru", "ko", "zh", "xx", None]))
def test_any_text_gives_valid_hashtags_five_at_most(text: str, language: str | None) -> None:
    found = phrases(padded(text), language)
    assert len(found) <= 5
    assert all(any(map(str.isalpha, tag)) and " " not in tag for tag in found)
