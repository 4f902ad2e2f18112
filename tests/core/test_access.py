import pytest

from ingest.core.access import Denial, Terms, bearer, denial, is_same, token_digest
from ingest.model import Scope

CASES: list[tuple[str, Scope, Scope | None, Denial | None]] = [
    # where: l(oopback) or e(lsewhere), p(ublic), t(oken made); wanted, held, why it is refused
    ("l--", "read", None, None),
    ("l--", "write", None, None),
    ("l-t", "read", None, None),
    ("l-t", "write", None, "no token"),
    ("l-t", "write", "read", "read only"),
    ("l-t", "write", "write", None),
    ("lpt", "write", None, "no token"),
    ("e--", "read", None, "no token"),
    ("e--", "write", None, "none made"),
    ("e-t", "read", None, "no token"),
    ("e-t", "read", "read", None),
    ("e-t", "read", "write", None),
    ("e-t", "write", None, "no token"),
    ("e-t", "write", "read", "read only"),
    ("e-t", "write", "write", None),
    ("ep-", "read", None, None),
    ("ep-", "write", None, "none made"),
    ("ept", "read", None, None),
    ("ept", "write", None, "no token"),
    ("ept", "write", "read", "read only"),
    ("ept", "write", "write", None),
]


@pytest.mark.parametrize(("where", "wanted", "held", "why"), CASES)
def test_who_may_do_what_where(where: str, wanted: Scope, held: Scope | None, why: Denial | None) -> None:
    terms = Terms(on_loopback="l" in where, public_read="p" in where, any_token="t" in where)
    assert denial(wanted, held, terms) == why


@pytest.mark.parametrize(
    ("header", "token"),
    [
        ("Bearer abc", "abc"),
        ("bearer  abc ", "abc"),
        ("Basic abc", None),
        ("Bearer", None),
        ("Bearer ", None),
        ("", None),
    ],
)
def test_a_bearer_token_is_read_from_its_header(header: str, token: str | None) -> None:
    assert bearer(header) == token


def test_only_the_very_token_is_the_same() -> None:
    assert is_same("secret", "secret")
    assert not any(is_same(other, "secret") for other in ("", "secre", "secrets", "Secret", "sécret"))


def test_a_digest_does_not_hold_the_token() -> None:
    assert (len(token_digest("secret")), "secret" in token_digest("secret")) == (64, False)
