"""Bytes to text: what proves, declares and suggests an encoding, in that order."""

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.core.extract.decode import ENCODINGS, decode

RUSSIAN = "Паром снова опаздывает, сообщает капитан порта. Мост открыт, часы идут, кот сидит у окна. "


def meta(label: str) -> str:
    return f"<html><head><meta charset='{label}'></head><body>"


@pytest.mark.parametrize(
    ("body", "content_type", "encoding", "text"),
    [
        ("né".encode(), "text/html; charset=utf-8", "utf-8", "né"),
        ("né".encode(), "text/html; charset=iso-8859-1", "utf-8", "né"),
        ("né".encode(), "", "utf-8", "né"),
        (b"plain", "text/html; charset=iso-8859-1", "cp1252", "plain"),
        (b"plain", "", "utf-8", "plain"),
        (codecs.BOM_UTF8 + "né".encode(), "text/html; charset=iso-8859-1", "utf-8", "né"),
        (codecs.BOM_UTF16_LE + "né".encode("utf-16-le"), "", "utf-16-le", "né"),
        ("“né” 5 €".encode("cp1252"), "text/html; charset=latin1", "cp1252", "“né” 5 €"),
        ("né".encode("cp1252"), "text/html; charset=us-ascii", "cp1252", "né"),
        ("中文鎔".encode("gb18030"), "text/html; charset=gb2312", "gb18030", "中文鎔"),
        ("①港".encode("cp932"), "text/html; charset=Shift_JIS", "cp932", "①港"),
        ("ğış".encode("cp1254"), "text/html; charset=iso-8859-9", "cp1254", "ğış"),
        ("港".encode("iso2022_jp"), "text/html; charset=iso-2022-jp", "iso2022_jp", "港"),
    ],
)
def test_bytes_are_read_by_what_they_prove_and_then_by_their_label(
    body: bytes, content_type: str, encoding: str, text: str
) -> None:
    assert decode(body, content_type) == (text, encoding)


@pytest.mark.parametrize(
    "head",
    [
        meta("windows-1251"),
        "<html><meta http-equiv='Content-Type' content='text/html; charset=windows-1251'>",
        "<?xml version='1.0' encoding='windows-1251'?><html>",
    ],
)
def test_a_page_may_declare_its_own_encoding(head: str) -> None:
    assert decode((head + RUSSIAN).encode("cp1251"), "text/html") == (head + RUSSIAN, "cp1251")


def test_the_header_comes_before_the_page() -> None:
    assert decode((meta("koi8-r") + RUSSIAN).encode("cp1251"), "text/html; charset=windows-1251")[1] == "cp1251"


def test_a_page_that_can_be_read_is_not_in_utf_16_whatever_it_says() -> None:
    assert decode((meta("utf-16") + "plain").encode(), "")[0].endswith("plain")


@pytest.mark.parametrize("label", ["rot13", "unicode_escape", "utf-7", "idna", "undefined", "nonsense"])
def test_a_page_cannot_choose_what_is_no_encoding_of_the_web(label: str) -> None:
    assert decode(b"\\u0041 na\xefve", f"text/html; charset={label}")[0] == "\\u0041 naïve"


def test_a_label_that_does_not_fit_is_not_believed() -> None:
    text, encoding = decode((RUSSIAN * 5).encode("cp1251"), "text/html; charset=utf-8")
    assert (text, encoding) == (RUSSIAN * 5, "cp1251")


def test_a_page_that_was_cut_off_within_a_character_keeps_its_encoding() -> None:
    text, encoding = decode((RUSSIAN * 10).encode()[:-2], "text/html; charset=utf-8")
    assert encoding == "utf-8"
    assert text.startswith(RUSSIAN)


def test_every_encoding_is_one_that_python_knows_by_that_name() -> None:
    assert all(codecs.lookup(name).name == name for name in ENCODINGS)


@given(st.binary(max_size=300), st.text(max_size=60))
@settings(max_examples=100, deadline=None)
def test_nothing_raises_and_no_half_of_a_surrogate_pair_comes_out(body: bytes, content_type: str) -> None:
    decode(body, content_type)[0].encode()
