"""What we remember of hosts, registrable domains and refused URLs, to ask each at a pace that suits it.

Rule 1: requests to a host begin no closer to each other than its usual time to answer, over how many it may be asked
        at once: a fast server is asked fast, and one that grows slow is asked less before it says so.
Rule 2: 429 and 503 double the spacing, and each other answer takes a tenth off what was put on.
Rule 3: Retry-After closes the scope until then; a URL that was refused comes a while after the others.
Rule 4: a URL that is refused again, while its scope answered another one well since the first time, speaks for itself
        alone: it teaches the scope nothing. So an endpoint that always says 503 silences its host once. Errors of the
        server are no good answers, nor are redirects, which often come from a machine before it.
Rule 5: what two hosts of a domain say holds for the domain: the limit is then likely to be that of the server behind.

Times are seconds since 1970. All of it may be forgotten at any moment: the next answers tell it again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from ingest.core.cadence.failure import OTHERS_FIRST

SMOOTHING = 0.25
"""Weight of the newest answer: four of a kind are most of what is believed."""
USUAL_MOST_S = 5.0
"""Spacing for an answer time alone: whoever takes longer has limited us already, by `at_once`."""
NEGLIGIBLE_S = 0.01
"""Less is not waited for: a server that answers in 20 ms is not hurt."""
PENALTY_FIRST_S = 1.0
"""What most published limits come to: a request a second."""
PENALTY_MOST_S = 10.0
RECOVERY = 0.9
"""Of the penalty, left by each good answer: after seven it is half, after seventy nothing."""
REST_MOST_S = 3600.0
"""Longest closure: a day for one page would silence all feeds of the host; after an hour one request asks again."""
OTHERS_FIRST_S = OTHERS_FIRST.total_seconds()
"""How long after a closure a URL that was refused still waits."""
AGREED_WITHIN_S = 600.0
"""Time within which two hosts of a domain have to say so."""
NEVER = float("-inf")


class Scope(NamedTuple):
    """What was learned."""

    usual_s: float = 0.0
    """Spacing by Rule 1: the smoothed time to answer, over how many may be asked at once; 0 until there was one."""
    penalty_s: float = 0.0
    """Spacing that refusals taught."""
    started_at: float = NEVER
    """When the last request began."""
    closed_until: float = NEVER
    well_at: float = NEVER
    """When the last request began that was answered well."""
    refused_by: tuple[tuple[str, float], ...] = ()
    """Of a domain: the two hosts that last asked for less, and when."""


UNKNOWN = Scope()
"""A scope of which nothing is known."""


@dataclass(frozen=True)
class Refusals:
    """Of one URL, one after the other."""

    since: float
    closed_until: float
    """By the last of them, for this URL alone."""


def wait_s(scope: Scope, now: float, delay_s: float = 0.0) -> float:
    """Seconds until the next request may begin; `delay_s`: the spacing that robots.txt asks for.

    Never more than a spacing or a closure can be, should the clock have been put back.
    """
    spacing_s = max(scope.usual_s, scope.penalty_s, delay_s)
    apart_s = min(scope.started_at + spacing_s - now, spacing_s) if spacing_s > NEGLIGIBLE_S else 0.0
    return max(apart_s, min(scope.closed_until - now, REST_MOST_S), 0.0)


def started(scope: Scope, now: float) -> Scope:
    """Once a request began."""
    return scope._replace(started_at=now)


def held_s(refusals: Refusals, scopes: Iterable[Scope], now: float) -> float:
    """Seconds until a URL that was refused has its turn, for which it does not stand in line."""
    until = max(refusals.closed_until, *(scope.closed_until + OTHERS_FIRST_S for scope in scopes))
    return max(min(until - now, REST_MOST_S + OTHERS_FIRST_S), 0.0)


def answered(scope: Scope, began: float, took_s: float, at_once: int, well: bool) -> Scope:
    """Once there was an answer that asks for nothing; `well`: and shows the server at work."""
    newest_s = min(took_s / at_once, USUAL_MOST_S)
    before_s = scope.usual_s or newest_s
    usual_s = before_s + SMOOTHING * (newest_s - before_s)
    well_at = max(scope.well_at, began) if well else scope.well_at
    return scope._replace(usual_s=usual_s, penalty_s=scope.penalty_s * RECOVERY, well_at=well_at)


def refused_again(before: Refusals | None, now: float, retry_after_s: float | None) -> Refusals:
    """A URL, once the server asked for less of it."""
    closed_until = now + min(retry_after_s, REST_MOST_S) if retry_after_s else NEVER
    return Refusals(before.since if before else now, closed_until)


def refused(scope: Scope, refusals: Refusals) -> Scope:
    """Once one of its URLs was refused."""
    if scope.well_at > refusals.since:
        return scope
    penalty_s = min(max(2 * scope.usual_s, 2 * scope.penalty_s, PENALTY_FIRST_S), PENALTY_MOST_S)
    return scope._replace(penalty_s=penalty_s, closed_until=max(scope.closed_until, refusals.closed_until))


def refused_for(domain: Scope, host: str, refusals: Refusals, now: float) -> Scope:
    """A domain, once a URL of one of its hosts was refused."""
    if domain.well_at > refusals.since:
        return domain
    others = [(name, at) for name, at in domain.refused_by if name != host and now - at <= AGREED_WITHIN_S]
    heard = domain._replace(refused_by=(*others, (host, now))[-2:])
    return refused(heard, refusals) if others else heard
