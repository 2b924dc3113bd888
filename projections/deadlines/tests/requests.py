"""A play in which every request about calendars is accepted."""

from tests.api.play import Play


def subscribing(api: Play) -> None:
    """One calendar is read by its address, which stays; another one is revoked."""
    address = api("deadlines_open_feed", expires_on="2027-06-30")["address"]
    api("deadlines_read_calendar", feed=address.partition("feed=")[2])
    revoked = api("deadlines_open_feed", expires_on="2027-06-30")["feed"]
    api("deadlines_revoke_feed", feed=revoked)


PLAYS = (subscribing,)
