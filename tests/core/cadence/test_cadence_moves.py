"""Where a feed is asked."""

import pytest
from given_polls import DAY, NOW, URL, after, answer, document, failed, state

NEW = "https://example.org/new"
NEWER = "https://example.org/newer"


@pytest.mark.parametrize("redirects", [((301, NEW),), ((308, NEW),), ((301, NEWER), (308, NEW))])
def test_a_permanent_redirect_is_kept_once_a_second_poll_confirms_it(redirects: tuple[tuple[int, str], ...]) -> None:
    once = after(state(), answer(redirects=redirects))
    twice = after(once, answer(redirects=redirects))
    assert (once.moving_to, once.moved_to) == (NEW, "")
    assert (twice.moving_to, twice.moved_to) == ("", NEW)
    assert NEW in twice.notice


@pytest.mark.parametrize("redirects", [(), ((302, NEW),), ((307, NEW),), ((301, NEWER), (302, NEW)), ((301, URL),)])
def test_what_is_not_permanent_is_never_kept(redirects: tuple[tuple[int, str], ...]) -> None:
    known = after(after(state(), answer(redirects=redirects)), answer(redirects=redirects))
    assert (known.moving_to, known.moved_to) == ("", "")


def test_a_redirect_that_changes_its_mind_has_to_be_confirmed_anew() -> None:
    known = after(after(state(), answer(redirects=((301, NEW),))), answer(redirects=((301, NEWER),)))
    assert (known.moving_to, known.moved_to) == (NEWER, "")


def test_a_redirect_that_ends_before_it_is_confirmed_is_forgotten() -> None:
    assert after(after(state(), answer(redirects=((301, NEW),))), answer()).moving_to == ""


def test_a_failure_between_does_not_hinder_the_confirmation() -> None:
    once = after(state(), answer(redirects=((301, NEW),)))
    assert after(failed(once), answer(redirects=((301, NEW),))).moved_to == NEW


def test_a_feed_that_moved_may_move_again() -> None:
    known = after(state(moved_to=NEW, moving_to=NEWER), answer(asked=NEW, redirects=((301, NEWER),)))
    assert known.moved_to == NEWER


def test_an_answer_from_the_new_address_keeps_it() -> None:
    assert after(state(moved_to=NEW), answer(asked=NEW)).moved_to == NEW


def test_a_move_to_an_address_that_is_gone_is_undone_and_ends_nothing() -> None:
    known = failed(state(moved_to=NEW, etag='"new"', body_hash="new"), "http-410")
    assert (known.moved_to, known.ended, known.etag, known.body_hash) == ("", "", "", "")
    assert NEW in known.notice


def test_a_move_is_undone_when_the_new_address_fails_for_long_and_the_old_is_asked_soon() -> None:
    before = state(moved_to=NEW, failures=12, failing_since=NOW - 4 * DAY)
    known = failed(before, "timeout")
    assert known.moved_to == ""
    assert known.due_at - NOW < DAY / 24
    assert (known.failures, known.failing_since, known.problem) == (0, None, "not asked yet at its own address")


def test_a_move_outlives_failures_that_pass() -> None:
    assert failed(state(moved_to=NEW, failures=12, failing_since=NOW - DAY), "timeout").moved_to == NEW


def test_the_younger_of_two_feeds_at_one_address_is_ended_with_a_notice() -> None:
    known = after(state(), twin="older")
    assert known.ended == "merged"
    assert "older" in known.notice


def test_validators_stay_over_a_304_that_does_not_repeat_them() -> None:
    before = state(etag='"a"', last_modified="Sun, 01 Mar 2026 10:00:00 GMT")
    known = after(before, answer(status=304))
    assert (known.etag, known.last_modified) == (before.etag, before.last_modified)


def test_validators_that_a_full_answer_no_longer_gives_are_dropped() -> None:
    known = after(state(etag='"a"', last_modified="x"), answer(last_modified="y"))
    assert (known.etag, known.last_modified) == ("", "y")


def test_the_state_takes_what_the_document_says_of_the_feed() -> None:
    known = after(state(), shown=document([NOW]), new=1)
    assert (known.title, known.site_url, known.window) == ("Example", "https://example.org/", 1)
