"""A play in which every request about webhooks is accepted; nobody listens where they lead."""

from tests.api.play import Play

_NOWHERE = "http://127.0.0.1:9/jalon"


def play(api: Play) -> None:
    written = api("webhooks_subscribe", url=_NOWHERE, names=["tenants.*"])
    webhook = written["id"]
    api("webhooks_rotate", webhook=webhook)
    api("webhooks_pause", webhook=webhook)
    api("webhooks_resume", webhook=webhook)
    api("webhooks_replay", webhook=webhook)
    api("webhooks_retry", webhook=webhook)
    api("webhooks_ping", webhook=webhook)
    api("webhooks_remove", webhook=webhook)
