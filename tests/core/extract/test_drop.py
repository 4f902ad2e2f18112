"""Dropping many elements at once leaves what dropping one after the other would."""

from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from lxml.html import HtmlElement

from ingest.core.extract.drop import drop

TEXTS = st.sampled_from(["", "one ", "two ", "three"])
TAGS = st.sampled_from(["b", "i", "div"])


def markup(depth: int) -> st.SearchStrategy[str]:
    inner = TEXTS if depth == 0 else st.lists(markup(depth - 1), max_size=3).map("".join)
    return st.tuples(TEXTS, TAGS, inner, TEXTS).map(lambda parts: "{0}<{1}>{2}</{1}>{3}".format(*parts))


def tree(source: str) -> HtmlElement:
    return html.fragment_fromstring(source, create_parent="body")


def as_text(body: HtmlElement) -> str:
    return html.tostring(body, encoding="unicode")


@given(markup(3), st.randoms(use_true_random=False))
def test_what_is_left_is_what_dropping_one_by_one_leaves_in_any_order(source: str, random: object) -> None:
    at_once, one_by_one = tree(source), tree(source)
    order = list(range(len(list(at_once.iter("b")))))
    random.shuffle(order)  # type: ignore[attr-defined]  # hypothesis types it as any object
    chosen, others = list(at_once.iter("b")), list(one_by_one.iter("b"))
    drop(chosen[place] for place in order)
    for element in others:
        if element.getparent() is not None:
            element.drop_tree()
    assert as_text(at_once) == as_text(one_by_one)


def test_the_text_behind_and_between_stays_in_its_order() -> None:
    body = tree("a<b>x</b>c<b>y</b>d<i>e</i>f<b>z</b>g")
    drop(body.iter("b"))
    assert as_text(body) == "<body>acd<i>e</i>fg</body>"


def test_an_element_without_a_parent_is_left() -> None:
    body = tree("<p>a</p>")
    drop([body])
    assert as_text(body) == "<body><p>a</p></body>"
