"""Who gets a stream while others hold some."""

import contextlib

import pytest

from ingest.web.api import places
from ingest.web.api.places import Places, Taken
from ingest.web.guard import Caller

HOLDER, OTHER_HOLDER = Caller("token a", "read"), Caller("token b", "write")
STRANGER, OTHER_STRANGER = Caller("address 192.0.2.1", None), Caller("address 192.0.2.2", None)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> contextlib.ExitStack:
    """Of 5 places 2 are kept for holders of tokens, and nobody has more than 3."""
    for name, most in (("MOST", 5), ("KEPT", 2), ("SHARE", 3)):
        monkeypatch.setattr(places, name, most)
    return contextlib.ExitStack()


@pytest.mark.parametrize(
    ("there", "comes", "status"),
    [
        ([], STRANGER, None),
        ([STRANGER] * 2, STRANGER, None),
        ([STRANGER] * 3, STRANGER, 429),
        ([STRANGER] * 3, OTHER_STRANGER, 503),
        ([STRANGER] * 3 + [HOLDER], HOLDER, None),
        ([HOLDER] * 3, HOLDER, 429),
        ([HOLDER] * 3, STRANGER, None),
        ([HOLDER] * 3 + [OTHER_HOLDER], OTHER_HOLDER, None),
        ([HOLDER] * 3 + [STRANGER] * 2, OTHER_HOLDER, 503),
    ],
)
def test_a_place_is_given_or_refused(
    held: contextlib.ExitStack, there: list[Caller], comes: Caller, status: int | None
) -> None:
    streams = Places()
    with held:
        for caller in there:
            held.enter_context(streams.one_for(caller))
        refused = None
        try:
            held.enter_context(streams.one_for(comes))
        except Taken as taken:
            refused = taken.answer
    assert (refused and refused.status_code) == status
    assert refused is None or refused.headers["retry-after"] == "30"


def test_who_leaves_makes_room(held: contextlib.ExitStack) -> None:
    streams = Places()
    for _ in range(9):
        with held:
            for caller in [STRANGER] * 3 + [HOLDER] * 2:
                held.enter_context(streams.one_for(caller))
