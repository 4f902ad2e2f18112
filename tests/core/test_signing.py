"""Signatures of webhooks, by the example of the Standard Webhooks."""

import base64

import pytest

from ingest.core.signing import signatures, signing_key

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
SIGNED = ("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", b'{"test": 2432232314}')


def test_what_is_signed_is_signed_as_others_do() -> None:
    assert signatures([signing_key(SECRET)], *SIGNED) == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_several_secrets_sign_one_after_the_other() -> None:
    other = base64.b64encode(bytes(32)).decode()
    first, second = signatures([signing_key(SECRET), signing_key(other)], *SIGNED).split(" ")
    assert first == signatures([signing_key(SECRET)], *SIGNED)
    assert second == signatures([bytes(32)], *SIGNED)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_!!!", "whsec_c2hvcnQ=", "whsec_" + "QUFB" * 40, "ключ"])
def test_what_is_no_secret_is_refused_without_being_shown(secret: str) -> None:
    with pytest.raises(ValueError, match=r"is no base64|bytes") as refused:
        signing_key(secret)
    assert not secret.removeprefix("whsec_") or secret.removeprefix("whsec_") not in str(refused.value)
