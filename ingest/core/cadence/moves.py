"""Where a feed is asked: permanent redirects, twins, and addresses that turned out to be wrong.

Rule 1: a redirect counts where every hop is permanent (301, 308), and is kept once a second poll in a row confirms it.
Rule 2: a new address that is gone or fails for long is given up again for the feed's own.
Rule 3: of two feeds at one address that one goes on whose own it is; of two that moved there, the older.
"""

from ingest.model import FeedState, Response, WrittenDown

PERMANENT = frozenset({301, 308})

Update = dict[str, object]
"""Fields of a FeedState that change."""


def after_answer(state: FeedState, response: Response, written: WrittenDown) -> Update:
    """What an answer says about the feed's address."""
    if written.twin:
        return {
            "ended": "merged",
            "notice": f"the same feed as {written.twin}, which goes on; this one is polled no more",
        }
    target = _permanent_target(response)
    if not target or target != state.moving_to:
        return {"moving_to": target}
    return {"moving_to": "", "moved_to": target, "notice": f"moved for good to {target}, and is asked there"}


def _permanent_target(response: Response) -> str:
    hops = response.redirects
    permanent = bool(hops) and all(status in PERMANENT for status, _ in hops)
    return response.final_url if permanent and response.final_url != response.url else ""


def undone(state: FeedState) -> Update:
    """Back to the feed's own address, of which no validators are known, and which has not failed yet."""
    return {
        "failures": 0,
        "failing_since": None,
        "failure": "",
        "problem": "not asked yet at its own address",
        "etag": "",
        "last_modified": "",
        "body_hash": "",
        "window": 0,
        "moved_to": "",
        "moving_to": "",
        "notice": f"had moved to {state.moved_to}, which fails for good; it is asked at its own address again",
    }
