"""Signatures that any library of Standard Webhooks verifies."""

import base64

from core.webhooks.signing import new_secret, signed_headers
from core.webhooks.tests.receiver import Received

# The example of the specification's own reference implementation.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MESSAGE = "msg_p5jXN8AQM9LWM0D4loKWxJek"
BODY = b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_signature_is_that_of_the_specification() -> None:
    headers = signed_headers([SECRET], MESSAGE, 1614265330, BODY)
    assert headers == {
        "webhook-id": MESSAGE,
        "webhook-timestamp": "1614265330",
        "webhook-signature": SIGNATURE,
    }


def test_during_a_rotation_both_secrets_verify() -> None:
    first, second, other = new_secret(), new_secret(), new_secret()
    received = Received("/", signed_headers([first, second], MESSAGE, 1, BODY), BODY)
    assert received.is_signed_with(first)
    assert received.is_signed_with(second)
    assert not received.is_signed_with(other)


def test_one_byte_more_and_the_signature_no_longer_holds() -> None:
    secret = new_secret()
    received = Received("/", signed_headers([secret], MESSAGE, 1, BODY), BODY + b" ")
    assert not received.is_signed_with(secret)


def test_a_secret_is_as_long_as_the_specification_asks() -> None:
    assert 24 <= len(base64.b64decode(new_secret().removeprefix("whsec_"))) <= 64
    assert new_secret() != new_secret()
