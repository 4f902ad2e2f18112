"""What we remember of a host, or of a registrable domain, to ask it at a pace that suits it.

Rule 1: requests to a host begin no closer to each other than its usual time to answer, over how many it may be asked
        at once: a fast server is asked fast, and one that grows slow is asked less before it says so.
Rule 2: 429 and 503 double the spacing, and each other answer takes a tenth off what was put on.
Rule 3: Retry-After closes the scope until then.
Rule 4: what two hosts of a domain say holds for the domain: the limit is then likely to be that of the server behind.

Times are seconds since 1970. All of it may be forgotten at any moment: the next answers tell it again.
"""

from dataclasses import dataclass, replace

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
AGREED_WITHIN_S = 600.0
"""Time within which two hosts of a domain have to say so."""
NEVER = float("-inf")


@dataclass(frozen=True)
class Scope:
    """What was learned."""

    usual_s: float = 0.0
    """Spacing by Rule 1: the smoothed time to answer, over how many may be asked at once; 0 until there was one."""
    penalty_s: float = 0.0
    """Spacing that refusals taught."""
    started_at: float = NEVER
    """When the last request began."""
    closed_until: float = NEVER
    refused_by: tuple[tuple[str, float], ...] = ()
    """Of a domain: the two hosts that last asked for less, and when."""


UNKNOWN = Scope()
"""A scope of which nothing is known."""


def wait_s(scope: Scope, now: float, delay_s: float = 0.0) -> float:
    """Seconds until the next request may begin; `delay_s`: the spacing that robots.txt asks for.

    Never more than a spacing or a closure can be, should the clock have been put back.
    """
    spacing_s = max(scope.usual_s, scope.penalty_s, delay_s)
    apart_s = min(scope.started_at + spacing_s - now, spacing_s) if spacing_s > NEGLIGIBLE_S else 0.0
    return max(apart_s, min(scope.closed_until - now, REST_MOST_S), 0.0)


def started(scope: Scope, now: float) -> Scope:
    """Once a request began."""
    return replace(scope, started_at=now)


def answered(scope: Scope, took_s: float, at_once: int) -> Scope:
    """Once there was an answer that asks for nothing."""
    newest_s = min(took_s / at_once, USUAL_MOST_S)
    before_s = scope.usual_s or newest_s
    return replace(scope, usual_s=before_s + SMOOTHING * (newest_s - before_s), penalty_s=scope.penalty_s * RECOVERY)


def refused(scope: Scope, now: float, retry_after_s: float | None) -> Scope:
    """Once the server asked for less."""
    penalty_s = min(max(2 * scope.usual_s, 2 * scope.penalty_s, PENALTY_FIRST_S), PENALTY_MOST_S)
    rest_s = min(retry_after_s or 0.0, REST_MOST_S)
    return replace(scope, penalty_s=penalty_s, closed_until=max(scope.closed_until, now + rest_s))


def refused_for(domain: Scope, host: str, now: float, retry_after_s: float | None) -> Scope:
    """A domain, once one of its hosts asked for less."""
    others = [(name, at) for name, at in domain.refused_by if name != host and now - at <= AGREED_WITHIN_S]
    heard = replace(domain, refused_by=(*others, (host, now))[-2:])
    return refused(heard, now, retry_after_s) if others else heard
