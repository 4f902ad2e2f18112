"""The pace of a scope follows from what was heard of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.edge.fetch.scopes import (
    AGREED_WITHIN_S,
    PENALTY_FIRST_S,
    PENALTY_MOST_S,
    REST_MOST_S,
    USUAL_MOST_S,
    Scope,
    answered,
    refused,
    refused_again,
    refused_for,
    started,
    wait_s,
)

NOW = 1_700_000_000.0
NEW = Scope()


def after_answers(scope: Scope, *took_s: float, at_once: int = 2) -> Scope:
    for one in took_s:
        scope = answered(scope, NOW, one, at_once, well=True)
    return scope


def once_refused(scope: Scope, retry_after_s: float | None) -> Scope:
    return refused(scope, refused_again(None, NOW, retry_after_s))


def after_refusals(scope: Scope, times: int, retry_after_s: float | None = None) -> Scope:
    for _ in range(times):
        scope = once_refused(scope, retry_after_s)
    return scope


SPACINGS = [
    ("unknown", NEW, 0, 0.0),
    ("fast", after_answers(NEW, 0.015), 0, 0.0),
    ("usual", after_answers(NEW, 0.6), 0, 0.3),
    ("usual, one at a time", after_answers(NEW, 0.6, at_once=1), 0, 0.6),
    ("slow", after_answers(NEW, 60.0), 0, USUAL_MOST_S),
    ("one slow answer among fast ones", after_answers(NEW, 0.2, 0.2, 1.0), 0, 0.2),
    ("delay by robots.txt", after_answers(NEW, 0.6), 7, 7.0),
    ("refused once", after_refusals(NEW, 1), 0, PENALTY_FIRST_S),
    ("refused thrice", after_refusals(NEW, 3), 0, 4 * PENALTY_FIRST_S),
    ("refused always", after_refusals(NEW, 20), 0, PENALTY_MOST_S),
    ("slow and refused", after_refusals(after_answers(NEW, 4.0), 1), 0, 4.0),
    ("refused once, then good", after_answers(after_refusals(NEW, 1), 0.0), 0, 0.9 * PENALTY_FIRST_S),
    ("refused thrice, then good for long", after_answers(after_refusals(NEW, 3), *[0.0] * 60), 0, 0.0),
]


@pytest.mark.parametrize(
    ("scope", "delay_s", "spacing_s"), [case[1:] for case in SPACINGS], ids=[c[0] for c in SPACINGS]
)
def test_the_next_request_begins_a_spacing_after_the_last(scope: Scope, delay_s: float, spacing_s: float) -> None:
    assert wait_s(started(scope, NOW), NOW, delay_s) == pytest.approx(spacing_s, abs=1e-6)


def test_a_spacing_that_has_passed_is_not_waited_for() -> None:
    assert wait_s(started(after_refusals(NEW, 1), NOW), NOW + PENALTY_FIRST_S) == 0.0


@pytest.mark.parametrize(
    ("retry_after_s", "rest_s"), [(None, 0.0), (0.0, 0.0), (5.0, 5.0), (1800.0, 1800.0), (1e9, REST_MOST_S)]
)
def test_retry_after_closes_a_scope_within_bounds(retry_after_s: float | None, rest_s: float) -> None:
    assert wait_s(once_refused(NEW, retry_after_s), NOW) == rest_s


def test_a_shorter_retry_after_does_not_open_what_a_longer_one_closed() -> None:
    assert wait_s(once_refused(once_refused(NEW, 600), 5), NOW) == 600


def test_an_answer_that_is_no_good_one_proves_nothing() -> None:
    assert answered(NEW, NOW, 0.1, 2, well=False).well_at == NEW.well_at


def test_an_answer_that_was_long_under_way_takes_no_proof_back() -> None:
    assert answered(answered(NEW, NOW, 0.1, 2, well=True), NOW - 3, 3.1, 2, well=True).well_at == NOW


@pytest.mark.parametrize(("well_at", "concerned"), [(NOW - 1, True), (NOW, True), (NOW + 1, False)])
def test_a_url_speaks_for_itself_once_another_was_answered_well_since_its_first_refusal(
    well_at: float, concerned: bool
) -> None:
    again = refused_again(refused_again(None, NOW, 60), NOW + 100, 60)
    assert (refused(answered(NEW, well_at, 0.1, 2, well=True), again).closed_until > NOW) is concerned


REFUSALS = [
    ("one host", [("a", 0)], 0.0),
    ("one host, twice", [("a", 0), ("a", 1)], 0.0),
    ("two hosts", [("a", 0), ("b", 1)], 60.0),
    ("two hosts, one of them twice", [("a", 0), ("b", 1), ("b", 2)], 60.0),
    ("two hosts, far apart", [("a", 0), ("b", AGREED_WITHIN_S + 1)], 0.0),
]


@pytest.mark.parametrize(("refusals", "rest_s"), [case[1:] for case in REFUSALS], ids=[case[0] for case in REFUSALS])
def test_a_domain_rests_once_two_of_its_hosts_ask_for_it(refusals: list[tuple[str, float]], rest_s: float) -> None:
    domain = NEW
    for host, later in refusals:
        domain = refused_for(domain, host, refused_again(None, NOW + later, 60), NOW + later)
    assert wait_s(domain, NOW + refusals[-1][1]) == rest_s


def test_a_url_that_speaks_for_itself_is_no_witness_for_its_domain() -> None:
    domain = refused_for(NEW, "a", refused_again(None, NOW, 60), NOW)
    domain = answered(domain, NOW + 1000, 0.1, 2, well=True)
    domain = refused_for(domain, "a", refused_again(refused_again(None, NOW, 60), NOW + 2000, 60), NOW + 2000)
    domain = refused_for(domain, "b", refused_again(None, NOW + 2001, 60), NOW + 2001)
    assert wait_s(domain, NOW + 2001) == 0.0


def test_a_domain_remembers_no_more_than_two_hosts() -> None:
    domain = NEW
    for number in range(100):
        domain = refused_for(domain, f"{number}", refused_again(None, NOW, None), NOW)
    assert len(domain.refused_by) == 2


HEARD = st.one_of(
    st.tuples(st.just("answered"), st.floats(0, 1e4)), st.tuples(st.just("refused"), st.none() | st.floats(0, 1e10))
)


@given(st.lists(HEARD, max_size=30), st.floats(-1e6, 1e6), st.floats(0, 30))
def test_no_wait_is_longer_than_an_hour_whatever_comes_and_however_the_clock_jumps(
    heard: list[tuple[str, float | None]], jump_s: float, delay_s: float
) -> None:
    scope = started(NEW, NOW)
    for what, seconds in heard:
        scope = (
            answered(scope, NOW, seconds or 0.0, 2, well=True) if what == "answered" else once_refused(scope, seconds)
        )
    assert 0.0 <= wait_s(scope, NOW + jump_s, delay_s) <= REST_MOST_S
