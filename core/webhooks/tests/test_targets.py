"""Addresses a user gives and the server calls."""

from collections.abc import Sequence

import pytest

from core.settings import Reach
from core.webhooks.targets import TargetRefused, addresses_of, target_of


async def reached(reach: Reach, url: str, *addresses: str) -> list[str] | str:
    """What would be connected to when the name gives these addresses, or why not."""

    async def resolve(_host: str, _port: int) -> Sequence[str]:
        if not addresses:
            raise OSError
        return addresses

    try:
        return await addresses_of(target_of(url), reach, resolve)
    except TargetRefused as error:
        return error.code


@pytest.mark.parametrize(
    "url",
    [
        "https://",
        "https:///chemin",
        "https://compte:secret@exemple.fr/",
        "https://exemple.fr/#fragment",
        "https://exemple.fr:99999/",
        "https://exemple.fr/un chemin",
        "https://exemple.fr/\r\nHost: autre",
        "https://[::1/",
        "https://exemple.fr/" + "a" * 2000,
        "https://fe80::1%25eth0/",
    ],
)
def test_an_address_that_is_not_plain_is_refused(url: str) -> None:
    with pytest.raises(TargetRefused) as caught:
        target_of(url)
    assert caught.value.code == "target_is_malformed"


@pytest.mark.parametrize("url", ["ftp://exemple.fr/", "file:///etc/passwd", "exemple.fr", ""])
def test_an_address_is_an_https_one(url: str) -> None:
    with pytest.raises(TargetRefused) as caught:
        target_of(url)
    assert caught.value.code == "target_is_not_https"


def test_the_authority_says_the_port_when_it_is_not_the_usual_one() -> None:
    assert target_of("https://exemple.fr/a?b=c").authority == "exemple.fr"
    assert target_of("https://exemple.fr:8443/").authority == "exemple.fr:8443"
    assert target_of("https://[2001:db8::1]:8443/").authority == "[2001:db8::1]:8443"
    assert target_of("https://exemple.fr?b=c").path == "/?b=c"


PRIVATE = [
    "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "fd00::1", "::ffff:10.0.0.1",
    "64:ff9b::10.0.0.1", "2002:0a00:0001::1",
]  # fmt: skip
LOOPBACK = ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1", "64:ff9b::127.0.0.1"]
NEVER = [
    "169.254.169.254", "fe80::1", "0.0.0.0", "::", "224.0.0.1", "ff02::1", "::ffff:169.254.169.254",
]  # fmt: skip


@pytest.mark.parametrize("address", [*PRIVATE, *LOOPBACK, *NEVER])
async def test_nothing_but_public_servers_is_reached_unless_the_site_says_so(address: str) -> None:
    assert await reached("public", "https://exemple.fr/", address) == "target_is_not_public"


async def test_a_public_server_is_reached_over_https_only() -> None:
    assert await reached("public", "https://exemple.fr/", "93.184.215.14") == ["93.184.215.14"]
    for reach in ("public", "loopback", "private"):
        code = await reached(reach, "http://exemple.fr/", "93.184.215.14")
        assert code == "target_is_not_https"


@pytest.mark.parametrize("address", LOOPBACK)
async def test_this_machine_is_reached_over_http_when_the_site_says_so(address: str) -> None:
    assert isinstance(await reached("loopback", "http://localhost/", address), list)


@pytest.mark.parametrize("address", PRIVATE)
async def test_a_private_network_is_reached_over_https_when_the_site_says_so(address: str) -> None:
    assert await reached("loopback", "https://interne/", address) == "target_is_not_public"
    assert isinstance(await reached("private", "https://interne/", address), list)
    assert await reached("private", "http://interne/", address) == "target_is_not_https"


@pytest.mark.parametrize("address", NEVER)
async def test_what_answers_with_a_machines_own_credentials_is_never_reached(address: str) -> None:
    assert await reached("private", "https://interne/", address) == "target_is_not_public"


async def test_one_inner_address_among_public_ones_refuses_them_all() -> None:
    url = "https://exemple.fr/"
    assert await reached("public", url, "93.184.215.14", "10.0.0.1") == "target_is_not_public"


async def test_a_name_that_gives_no_address_is_refused() -> None:
    assert await reached("public", "https://exemple.invalid/") == "target_is_not_resolved"
