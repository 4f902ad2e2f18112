"""HTML fragments as plain text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.core.plain import clean, fold, plain, plain_line


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("<p>One\n  line</p>\n<p> </p>", "One line"),
        ("One<br>line<br/><br />Two", "One line\n\nTwo"),
        ("a<b>b</b>c", "abc"),
        ("He said:<q>yes, <q>“no”</q></q>.", "He said:“yes, “no””."),
        ("<ul><li>One</li><li>Two</li></ul>", "One\n\nTwo"),
        ("<h2>Head</h2>Text<blockquote>Quote</blockquote>", "Head\n\nText\n\nQuote"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\n\nc"),
        ("One\n\nTwo\nlines", "One\n\nTwo lines"),
        ("One\r\n\r\nTwo", "One\n\nTwo"),
        ("<p>One\n\nstill one</p>", "One still one"),
        ("Tom &amp; Ann&nbsp;&#8211; &copy", "Tom & Ann – ©"),
        ("AT&T, 3 < 4 and R&D", "AT&T, 3 < 4 and R&D"),
        ("&lt;p&gt;Tom &amp;amp; Ann&lt;/p&gt;&lt;p&gt;Two&lt;/p&gt;", "Tom & Ann\n\nTwo"),
        ("The tag &lt;br&gt; breaks a line", "The tag <br> breaks a line"),
        ("a<script>if (1 < 2) '<p>'</script>b<style>p {}</style>c", "abc"),
        ("a<iframe src='x'>no frames</iframe>b<form><input>Subscribe</form>c", "abc"),
        ("before<form>not closed", "beforenot closed"),
        ("a<!-- <p>no</p> -->b<!-- never closed <p>c</p>", "ab"),
        ("<![CDATA[One]]>", "One"),
        ('<a title="a > b <p>">link</a>', "link"),
        ('<a href="never closed>text</a> more', "text more"),
        ("hy\u00adphen\u200b ated\ufeff", "hyphen ated"),
        ("a\x00b\x1b\ud800c&#0;&#xD800;", "abc\ufffd\ufffd"),
        ("&#" + "9" * 5000 + ";x", "x"),
        ("a \u202egnp.exe\u202c, &#8238;b&#x2067;c\u2069\u202a", "a gnp.exe, bc"),
        ("\u200fשלום\u200e (Hi)", "\u200fשלום\u200e (Hi)"),
    ],
)
def test_a_fragment_becomes(html: str, text: str) -> None:
    assert plain(html) == text


def test_a_title_is_one_line() -> None:
    assert plain_line("<p>One</p>\n<p>T<b>w</b>o &amp; three</p>") == "One Two & three"


def test_a_folded_text_keeps_what_looks_like_markup() -> None:
    assert fold(" 1 <\n b> &amp; ") == "1 < b> &amp;"


@pytest.mark.parametrize("opening", ["<div>", "<b>", "<form>", "<a ", '<a "', "<!--", "<", "&#x", "<![CDATA["])
def test_very_deep_or_broken_markup_is_survived(opening: str) -> None:
    assert isinstance(plain(opening * 100_000), str)


@given(st.text())
def test_any_text_becomes_paragraphs_that_can_be_stored(html: str) -> None:
    text = plain(html)
    text.encode()
    assert "\x00" not in text
    assert all(paragraph == " ".join(paragraph.split()) != "" for paragraph in text.split("\n\n") if text)


@given(st.text(st.characters(categories=["Cc", "Cs", "L", "Zs"])))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)
