"""The words of dates: names of months in the languages of news, and of zones.

A month's name stands for itself and for its abbreviations of three letters and more, where they mean one month only.
"""

import unicodedata
from collections import defaultdict

_MONTH_NAMES = (
    # English, Spanish, French, German, Portuguese, Italian, Dutch, Turkish, Polish, Russian (of the month; the month),
    # Hungarian, Greek
    "january enero janvier januar jänner janeiro gennaio januari ocak stycznia января январь ιανουαρίου",
    "february febrero février februar fevereiro febbraio februari şubat lutego февраля февраль φεβρουαρίου",
    "march marzo mars märz março maart mrt mart marca марта март március μαρτίου",
    "april abril avril aprile nisan kwietnia апреля апрель április απριλίου",
    "may mayo mai maio maggio mei mayıs maja мая май május μαΐου",
    "june junio juin juni junho giugno haziran czerwca июня июнь június ιουνίου",
    "july julio juillet juli julho luglio temmuz lipca июля июль július ιουλίου",
    "august agosto août augustus ağustos sierpnia августа augusztus αυγούστου",
    (
        "september septiembre setiembre septembre setembro settembre eylül września сентября сентябрь"
        " szeptember σεπτεμβρίου"
    ),
    "october octubre octobre oktober outubro ottobre ekim października октября октябрь οκτωβρίου",
    "november noviembre novembre novembro kasım listopada ноября ноябрь νοεμβρίου",
    "december diciembre décembre dezember dezembro dicembre aralık grudnia декабря декабрь δεκεμβρίου",
)


def bare(word: str) -> str:
    """A word without case and accents, as the tables below spell it."""
    if word.isascii():
        return word.lower()
    decomposed = unicodedata.normalize("NFKD", word.casefold().replace("ı", "i"))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _months() -> dict[str, int]:
    meanings: defaultdict[str, set[int]] = defaultdict(set)
    for number, names in enumerate(_MONTH_NAMES, start=1):
        for name in map(bare, names.split()):
            for length in range(3, len(name) + 1):
                meanings[name[:length]].add(number)
    return {word: numbers.pop() for word, numbers in meanings.items() if len(numbers) == 1}


MONTHS = _months()
"""Bare word → number of the month."""

ZONES = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0,
    "west": 60, "bst": 60, "cet": 60, "mez": 60, "wat": 60,
    "cest": 120, "mesz": 120, "eet": 120, "sast": 120, "cat": 120,
    "eest": 180, "msk": 180, "trt": 180, "eat": 180, "idt": 180, "irst": 210, "msd": 240, "gst": 240,
    "pkt": 300, "ist": 330, "npt": 345, "ict": 420, "wib": 420,
    "hkt": 480, "sgt": 480, "pht": 480, "awst": 480, "jst": 540, "kst": 540,
    "acst": 570, "aest": 600, "acdt": 630, "aedt": 660, "nzst": 720, "nzdt": 780,
    "brt": -180, "art": -180, "adt": -180, "nst": -210, "ndt": -150, "ast": -240, "clt": -240,
    "edt": -240, "est": -300, "et": -300, "cdt": -300, "cst": -360, "ct": -360,
    "mdt": -360, "mst": -420, "mt": -420, "pdt": -420, "pst": -480, "pt": -480,
    "akdt": -480, "akst": -540, "hst": -600,
}  # fmt: skip
"""Bare word → minutes east of Greenwich, as feeds mean it: `ist` is India's, `cst` and `ast` are America's, `bst` is
Britain's summer time, `et` is winter time as in `est`. Military letters but `z` are left out: RFC 2822, section 4.3."""
