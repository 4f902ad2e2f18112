"""What a failed poll means and what to do about it, for people who edit news."""

GOING = "look in a browser where the feed is now, or try `ingest feeds check` with its site's home page"

MEANINGS: dict[str, str] = {
    "dns": "No server goes by that name, or the name service does not answer; check how the address is spelt.",
    "refused": "Nothing answers there: the server is down for now, or the address is wrong.",
    "timeout": "The server is slow or out of reach. Where that is so for long, give the feed a longer `timeout`.",
    "reset": "The server broke off in the middle, which mostly passes.",
    "resting": "It was not asked: its host has asked for a pause, of this feed or of another one.",
    "tls": "The server's certificate or encryption is at fault; only its owner can mend that.",
    "protocol": "The server's answer is at fault, which only its owner can mend.",
    "unreadable": "What lies there is no feed that can be read; look on the site for the address of its feed.",
    "too-large": "If you want it all the same, raise `fetch.max_bytes`.",
    "redirects": f"The redirects of its server lead nowhere; {GOING}.",
    "http-204": f"The server says that it has nothing to send, not even an empty feed; {GOING}.",
    "http-2": "The server answers in a way that brings no whole feed; where that stays so, only its owner can mend it.",
    "http-304": "The server says that nothing changed since an answer that it never gave: only its owner can mend it.",
    "http-3": f"The server points elsewhere, in a way that cannot be followed; {GOING}.",
    "http-401": "The server wants a login: give the feed `basic_auth` or `bearer_token`.",
    "http-403": "The server refuses us: perhaps it wants a login, or another `user_agent`.",
    "http-404": f"There is nothing at this address; {GOING}.",
    "http-410": f"The server says that it is gone for good; {GOING}.",
    "http-429": "The server was asked too often, be it by others from here; a longer `interval` may help.",
    "http-4": f"The server takes the question for a mistake; {GOING}.",
    "http-503": "The server is busy or under repair, which mostly passes.",
    "http-5": "The server has trouble of its own, which mostly passes.",
}
"""By kind of failure as in `failure.BACKOFF`. What is missing says in its own message what to do."""


def meaning(kind: str) -> str:
    """A sentence about a kind of failure; empty where its message says all."""
    return MEANINGS.get(kind) or MEANINGS.get(kind[: len("http-4")], "")
