"""One message, one receiver on this machine."""

import ssl
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from core.webhooks.sending import Message, Outbound
from core.webhooks.signing import new_secret
from core.webhooks.tests.receiver import receiving

SECRET = new_secret()


def message(url: str) -> Message:
    return Message(url=url, secrets=[SECRET], id="m1", body=b'{"minutes":180}')


async def test_a_receiver_gets_the_signed_bytes_as_a_cloud_event() -> None:
    async with receiving() as receiver, Outbound("loopback") as outbound:
        outcome = await outbound.send(message(f"{receiver.url}/jalon?a=b"))
    assert (outcome.delivered, outcome.code) == (True, "http_204")
    (received,) = receiver.received
    assert received.path == "/jalon?a=b"
    assert received.body == b'{"minutes":180}'
    assert received.headers["content-type"] == "application/cloudevents+json"
    assert received.headers["host"] == receiver.url.removeprefix("http://")
    assert received.is_signed_with(SECRET)


@pytest.mark.parametrize("status", ["400 Bad Request", "410 Gone", "500 Oops", "503 Busy"])
async def test_anything_but_a_2xx_is_a_failure(status: str) -> None:
    async with receiving() as receiver, Outbound("loopback") as outbound:
        receiver.answer = lambda _received: f"{status}\r\nRetry-After: 7"
        outcome = await outbound.send(message(receiver.url))
    assert not outcome.delivered
    assert outcome.code == f"http_{status[:3]}"
    assert outcome.retry_after == 7.0


async def test_a_redirect_is_not_followed() -> None:
    async with receiving() as elsewhere, receiving() as receiver, Outbound("loopback") as outbound:
        receiver.answer = lambda _received: f"307 Moved\r\nLocation: {elsewhere.url}/"
        outcome = await outbound.send(message(receiver.url))
    assert (outcome.delivered, outcome.code) == (False, "http_307")
    assert elsewhere.received == []


async def test_a_receiver_that_does_not_answer_is_left() -> None:
    async with receiving() as receiver, Outbound("loopback", within=0.2) as outbound:
        receiver.answer = lambda _received: ""
        outcome = await outbound.send(message(receiver.url))
    assert (outcome.delivered, outcome.code) == (False, "timeout")


async def test_a_receiver_that_is_not_there_is_a_code() -> None:
    async with receiving() as receiver:
        url = receiver.url
    async with Outbound("loopback") as outbound:
        assert (await outbound.send(message(url))).code == "connection_failed"


async def test_an_address_is_checked_again_when_it_is_sent_to() -> None:
    """A name that led outside when it was subscribed leads inside now."""
    answers = [["93.184.215.14"], ["127.0.0.1"]]

    async def resolve(_host: str, _port: int) -> Sequence[str]:
        return answers.pop(0)

    async with receiving() as receiver, Outbound("public", resolve=resolve) as outbound:
        port = receiver.url.rpartition(":")[2]
        await outbound.check(f"https://exemple.fr:{port}/")
        outcome = await outbound.send(message(f"https://exemple.fr:{port}/"))
    assert outcome.code == "target_is_not_public"
    assert receiver.received == []


async def test_the_next_address_of_a_name_is_tried_when_one_does_not_answer() -> None:
    async def resolve(_host: str, _port: int) -> Sequence[str]:
        return ["127.0.0.2", "127.0.0.1"]

    async with receiving() as receiver, Outbound("loopback", resolve=resolve) as outbound:
        port = receiver.url.rpartition(":")[2]
        outcome = await outbound.send(message(f"http://recepteur.test:{port}/"))
    assert outcome.delivered
    assert receiver.received[0].headers["host"] == f"recepteur.test:{port}"


async def test_the_certificate_is_that_of_the_name_though_the_address_is_called(
    tmp_path: Path,
) -> None:
    async def resolve(_host: str, _port: int) -> Sequence[str]:
        return ["127.0.0.1"]

    tls, trust = certified("recepteur.test", tmp_path)
    async with (
        receiving(tls=tls) as receiver,
        Outbound("loopback", resolve=resolve, trust=trust) as outbound,
    ):
        port = receiver.url.rpartition(":")[2]
        right = await outbound.send(message(f"https://recepteur.test:{port}/"))
        wrong = await outbound.send(message(f"https://autre.test:{port}/"))
    assert (right.delivered, right.code) == (True, "http_204")
    assert (wrong.delivered, wrong.code) == (False, "tls_failed")
    assert len(receiver.received) == 1


def certified(name: str, folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """What a server of this name listens with, and what trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName(
                [x509.DNSName(name), x509.IPAddress(ip_address("10.9.8.7"))]
            ),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    file = folder / "serveur.pem"
    file.write_bytes(
        pem
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(file)
    return tls, ssl.create_default_context(cadata=pem.decode())
