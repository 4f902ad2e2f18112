"""The headline's hashtags, in many languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.core.hashtags.headline import headline_tags
from ingest.core.hashtags.spelling import tag_key

TITLES = {
    "seed": (
        "en",
        "Pakistan and Iran cool tension with fraternal messages after bombings",
        "Pakistan Iran cool tension fraternal messages bombings",
    ),
    "content words that stop lists swallow": ("en", "State bill funds research", "State bill funds research"),
    "possessive": ("en", "Iran's port and Kenya’s farmers", "Iran port Kenya farmers"),
    "plural possessive": ("en", "Workers' rights", "Workers rights"),
    "contractions": ("en", "They'll say we’re late, but it's fine and he can't stay", "say late fine stay"),
    "hyphens": ("en", "COVID-19 cease-fire: a U.S.-led effort", "COVID19 ceasefire USled effort"),
    "apostrophe in a name": ("en", "O'Brien reads Qur’an", "OBrien reads Quran"),
    "abbreviations": ("en", "U.S. and U.K. meet J.K. Rowling in Washington D.C", "US UK meet JK Rowling Washington DC"),
    "degrees": ("en", "A Ph.D. student", "PhD student"),
    "two contracted verbs": ("en", "You'd've come", "come"),
    "initials": ("en", "George W. Bush on Plan B", "George Bush Plan"),
    "numbers": ("en", "In 2024, 1,000 join 3.5 million for $1.5bn at 7pm", "join million 7pm"),
    "names with figures": ("en", "G7 buys F-16 and GPT-4.5", "G7 buys F16 GPT45"),
    "each word once": ("en", "Iran IRAN iran's Tehran", "Iran Tehran"),
    "names in capitals": ("en", "US and WHO ask IT for help with us", "US WHO ask IT help"),
    "title in capitals": ("en", "WHO ASKS US FOR IT", "ASKS"),
    "abbreviation in a title in capitals": ("en", "U.S. AND IRAN TALK", "US IRAN TALK"),
    "long dash parts words": ("en", "Iran–Pakistan border — calm", "Iran Pakistan border calm"),
    "quotes and signs": ("en", "‘Calm’ & “peace”: #Eastport @mayor, 100% sure…", "Calm peace Eastport mayor sure"),
    "elided article in English": ("en", "Côte d'Ivoire and L'Oréal", "Côte Ivoire LOréal"),
    "wide letters": ("en", "Ｔｏｋｙｏ opens", "Tokyo opens"),
    "decomposed letters": ("en", "Cafe\u0301 opens", "Café opens"),
    "region of a language": ("en-US", "The mayor of Eastport", "mayor Eastport"),
    "es": (
        "es",
        "El Gobierno y la oposición acuerdan una ley contra el fuego en Galicia",
        "Gobierno oposición acuerdan ley fuego Galicia",
    ),
    "es content words": ("es", "Este país no es el estado de mi trabajo", "país estado trabajo"),
    "es ordinal": ("es", "La 3ª edición del 1º de mayo", "edición mayo"),
    "fr": (
        "fr",
        "L’Iran et l'Europe s'accordent : qu'est-ce qui a été signé d’abord ?",
        "Iran Europe accordent signé abord",
    ),
    "es doubled letters": ("es", "EE. UU. y los EE.UU. en los JJ. OO.", "EEUU JJOO"),
    "fr pronoun with a hyphen": ("fr", "Ceux-ci et celui-là", ""),
    "fr inversion": ("fr", "Faut-il partir ? Peut-on rester, dit-elle", "Faut partir rester dit"),
    "fr hyphen": ("fr", "Les États-Unis aujourd'hui", "ÉtatsUnis aujourdhui"),
    "fr name with an apostrophe": ("fr", "Un livre sur Jeanne D'Arc", "livre Jeanne DArc"),
    "de": ("de", "Die Menschen in der Stadt und das Land werden nicht gefragt", "Menschen Stadt Land gefragt"),
    "de ß": ("de", "Große Straße: STRASSE gesperrt", "Große Straße gesperrt"),
    "de hanging hyphen": ("de", "Ost- und Westküste: CO2-Preis", "Ost Westküste CO2Preis"),
    "pt": ("pt", "Prefeito de São Paulo diz que as obras são boas", "Prefeito São Paulo diz obras boas"),
    "pt enclitic": ("pt", "Porto tornou-se a sede dos jogos", "Porto tornou sede jogos"),
    "it": (
        "it",
        "L'Italia e gli Stati Uniti: c'è l'accordo, è stato firmato all’alba",
        "Italia Stati Uniti accordo firmato alba",
    ),
    "it elided before a verb": ("it", "Com'è dov'era, c'è e s'è visto", "visto"),
    "it names": ("it", "Il ritorno di D'Alema a L'Aquila", "ritorno DAlema LAquila"),
    "ca": ("ca", "L'Ajuntament d'Osca s'oposa a l'amnistia", "Ajuntament Osca oposa amnistia"),
    "ca point between two l": ("ca", "El Paral·lel i el COL·LEGI", "Parallel COLLEGI"),
    "ca enclitic": ("ca", "Posar-se el premi, donar-los el premi", "Posar premi donar"),
    "nl": ("nl", "De burgemeester van Utrecht wil zo'n park met zon", "burgemeester Utrecht park zon"),
    "ru": ("ru", "Народ и деньги: в России не будет новых налогов", "Народ деньги России новых налогов"),
    "ru hyphen": ("ru", "Из-за шторма IT-компания закрыта", "шторма ITкомпания закрыта"),
    "ar": ("ar", "اتفاق بين إيران وباكستان على وقف النار في الحدود", "اتفاق إيران وباكستان وقف النار الحدود"),
    "ar marks": ("ar", "مُحَمَّد في مصر", "مُحَمَّد مصر"),
    "tr": (
        "tr",
        "İran'ın Türkiye’deki elçisi ve İSTANBUL için yeni bir plan",
        "İran Türkiye elçisi İSTANBUL yeni plan",
    ),
    "tr not an ending": ("tr", "Kur'an kursunda O'Neill'ın kitabı", "Kuran kursunda ONeill kitabı"),
    "tr ordinal": ("tr", "15 Temmuz'da 3'üncü görüşme", "Temmuz görüşme"),
    "tr in capitals": ("tr", "THY'NİN UÇAĞI İZMİR'DE", "THY UÇAĞI İZMİR"),
    "tr one i": ("tr", "IRAK ırak Irak", "IRAK"),
    "uk apostrophe": ("uk", "М’яч і сім'я", "Мяч сімя"),
    "hi": ("hi", "प्रधानमंत्री ने कहा कि भारत में शांति है", "प्रधानमंत्री भारत शांति"),
    "fa": ("fa", "کتاب‌های قدیمی در تهران", "کتابهای قدیمی تهران"),
    "sv": ("sv", "Regeringen och kommunen bygger en skola", "Regeringen kommunen bygger skola"),
    "nb is Norwegian": ("nb", "Kongen og dronningen på ski", "Kongen dronningen ski"),
    "he abbreviation": ("he", 'ארה"ב וצה״ל', "ארהב וצהל"),
    "he hyphen and geresh": ("he", "תל־אביב וג׳ורג'", "תלאביב וגורג"),
    "ta initials": ("ta", "மு.க.ஸ்டாலின்", "முக ஸ்டாலின்"),
    "hy apostrophe-like mark": ("hy", "Հայաստանի վարչապետը՝ Երևանում", "Հայաստանի վարչապետը Երևանում"),
    "el final sigma": ("el", "Ο πρωθυπουργός: ΠΡΩΘΥΠΟΥΡΓΌΣ", "πρωθυπουργός"),
    "el function words with an accent": ("el", "Γι' αυτό και για αυτόν απ’ την Αθήνα", "Αθήνα"),
    "el abbreviation": ("el", "Η Ε.Ε. και ο Ο.Η.Ε.", "ΕΕ ΟΗΕ"),
    "el": ("el", "Η Αθήνα και οι νησιώτες", "Αθήνα νησιώτες"),
    "zh": ("zh", "中国总理会见美国财政部长", "中国 总理 会见 美国 财政 部长"),
    "zh unknown name": ("zh", "记者采访李强", "记者 采访 李强"),
    "zh particles": ("zh-Hans", "北京的新机场和上海的港口", "北京 机场 上海 港口"),
    "zh with a single letter": ("zh", "A股上涨，T恤打折", "A股 上涨 T恤 打折"),
    "zh with Latin": ("zh", "北京推出5G网络和iPhone 16", "北京 推出 5G 网络 iPhone"),
    "ja": ("ja", "東京で地震、津波の心配なし", "東京 地震 津波 心配"),
    "ja with Latin": ("ja", "ＮＨＫがiPS細胞を発表", "NHK iPS 細胞 発表"),
    "ja middle dot": ("ja", "ジョン・スミスが来日", "ジョン スミス 来日"),
    "th": ("th", "นายกรัฐมนตรีไทยและสหรัฐอเมริกา", "นายก รัฐมนตรี ไทย สหรัฐอเมริกา"),
    "th with its own vowel": ("th", "น้ำท่วมหนัก", "น้ำ ท่วม หนัก"),
    "th with Latin": ("th", "รถไฟฟ้าBTSและ AI", "รถไฟฟ้า BTS AI"),
    "ko": ("ko", "서울 그리고 부산", "서울 부산"),
    "unknown language": (None, "The mayor and the harbour", "mayor harbour"),
    "script tells the language": (None, "東京で地震", "東京 地震"),
    "keycap and emoji": ("en", "1️⃣ Fire 🔥 out", "Fire"),
    "nothing": ("en", " … 2024! ", ""),
    "empty": ("en", "", ""),
}


@pytest.mark.parametrize(("language", "title", "tags"), TITLES.values(), ids=TITLES)
def test_the_words_that_carry_meaning(language: str | None, title: str, tags: str) -> None:
    assert " ".join(headline_tags(title, language)) == tags


LANGUAGES = st.sampled_from(["en", "fr", "it", "pt", "tr", "zh", "ja", "th", "xx", None])


@given(st.text(), LANGUAGES)
def test_any_title_gives_valid_hashtags_each_once(title: str, language: str | None) -> None:
    tags = headline_tags(title, language)
    assert all(len(tag) > 1 and any(map(str.isalpha, tag)) for tag in tags)
    assert len({tag_key(tag) for tag in tags}) == len(tags)
