"""Our own outage, told from that of others."""

import datetime as dt

import pytest
from fakes import START
from hypothesis import given
from hypothesis import strategies as st

from ingest.core import outage
from ingest.core.outage import FEWEST, MOST, PROBE_EVERY, SPAN, Network, after, may_probe, noted, probed, told
from ingest.model import FeedState

SECOND = dt.timedelta(seconds=1)


def seen(*hosts: tuple[str, bool], network: Network | None = None) -> Network:
    """Hosts asked one a second."""
    network = network or Network()
    for number, (host, reached) in enumerate(hosts):
        network = after(network, host, reached, START + number * SECOND)
    return network


def failing(count: int) -> list[tuple[str, bool]]:
    return [(f"host{number}.example", False) for number in range(count)]


def reached(count: int) -> list[tuple[str, bool]]:
    return [(f"good{number}.example", True) for number in range(count)]


@pytest.mark.parametrize(
    ("hosts", "down"),
    [
        (failing(FEWEST), True),
        (failing(FEWEST - 1), False),
        ([("one.example", False)] * 50, False),
        (reached(2) + failing(8), True),
        (reached(3) + failing(8), False),
        (failing(8) + reached(1), False),
    ],
)
def test_an_outage_is_most_hosts_failing_together(hosts: list[tuple[str, bool]], down: bool) -> None:
    assert bool(seen(*hosts).down_since) is down


def test_an_outage_began_with_the_first_of_its_failures() -> None:
    assert seen(*reached(1), *failing(6)).down_since == START + SECOND


def test_failures_before_the_last_answer_are_none_of_it() -> None:
    dead, up = ("dead.example", False), [(host, True) for host, _ in failing(6)]
    assert seen(dead, *up, *failing(6)).down_since == START + 7 * SECOND


@pytest.mark.parametrize(("count", "hosts"), [(FEWEST, "5 hosts failed"), (MOST + 9, "64 hosts or more failed")])
def test_an_outage_is_told_with_its_beginning_its_hosts_and_what_comes_next(count: int, hosts: str) -> None:
    now = START + 4 * 60 * SECOND
    outage = noted(seen(*failing(count)), now)
    assert outage
    assert told(outage, now) == (
        f"down since 2024-01-19 08:00:00 UTC, for 4 min: {hosts} and none answers. No feed is charged; "
        "one is asked every 15 s, and all within a minute once one answers"
    )


def test_hosts_that_failed_at_its_beginning_still_count_long_after() -> None:
    later = START + 60 * SPAN
    outage = noted(after(seen(*failing(9)), "host0.example", False, later), later)
    assert outage
    assert (outage.hosts, outage.seen_at) == (9, later)


def test_a_network_that_works_has_none_to_tell() -> None:
    assert noted(seen(*failing(6), *reached(1)), START) is None


def test_failures_long_apart_are_no_outage() -> None:
    network = Network()
    for number, (host, ok) in enumerate(failing(20)):
        network = after(network, host, ok, START + number * (SPAN / (FEWEST - 1) + SECOND))
    assert network.down_since is None


def test_an_outage_lasts_through_further_failures_and_ends_with_the_first_answer() -> None:
    down = seen(*failing(9))
    later = after(down, "host0.example", False, START + 60 * SPAN)
    assert later.down_since == down.down_since
    assert after(later, "host1.example", True, START + 61 * SPAN).down_since is None


def test_probes_go_out_one_at_a_time() -> None:
    down = seen(*failing(FEWEST))
    began = START + (FEWEST - 1) * SECOND
    due = began + PROBE_EVERY
    assert [may_probe(down, began), may_probe(down, due), may_probe(probed(down, due), due)] == [False, True, False]


def test_nobody_probes_a_network_that_works() -> None:
    assert not may_probe(Network(), START)


@given(st.lists(st.tuples(st.sampled_from([f"h{n}" for n in range(200)]), st.booleans()), max_size=300))
def test_what_is_remembered_is_bounded_and_the_last_answer_decides(hosts: list[tuple[str, bool]]) -> None:
    network = seen(*hosts)
    assert len(network.sights) <= 64
    if hosts and hosts[-1][1]:
        assert network.down_since is None


def test_what_a_feed_was_charged_before_an_outage_is_not_taken_back_after_it() -> None:
    failing = {"failures": 4, "failure": "dns", "failing_since": START - dt.timedelta(days=4), "problem": "no name"}
    before = FeedState.model_validate({"feed_id": 1, "due_at": START} | failing)
    after = outage.uncharged(before, START)
    kept = ("failures", "failing_since", "problem")
    assert [getattr(after, name) for name in kept] == [getattr(before, name) for name in kept]
    assert after.failure not in outage.UNREACHED  # by which `forgive` finds what was charged within the outage
