from datetime import UTC, date, datetime, time

from core.domain.days import PARIS
from core.session.recurrence import weekly


def test_an_afternoon_a_week_gives_as_many_sessions_as_asked() -> None:
    starts = weekly(date(2026, 1, 8), time(14), 5)
    assert [start.astimezone(PARIS).date().isoformat() for start in starts] == [
        "2026-01-08",
        "2026-01-15",
        "2026-01-22",
        "2026-01-29",
        "2026-02-05",
    ]


def test_the_hour_on_the_wall_stays_when_clocks_change() -> None:
    spring = weekly(date(2026, 3, 26), time(14), 2)
    assert spring == (
        datetime(2026, 3, 26, 13, tzinfo=UTC),
        datetime(2026, 4, 2, 12, tzinfo=UTC),
    )
    autumn = weekly(date(2026, 10, 22), time(14), 2)
    assert autumn == (
        datetime(2026, 10, 22, 12, tzinfo=UTC),
        datetime(2026, 10, 29, 13, tzinfo=UTC),
    )


def test_a_skipped_date_pushes_the_rest_back() -> None:
    holidays = (date(2026, 2, 19), date(2026, 2, 26))
    starts = weekly(date(2026, 2, 12), time(14), 3, skipping=holidays)
    assert [start.date().isoformat() for start in starts] == [
        "2026-02-12",
        "2026-03-05",
        "2026-03-12",
    ]


def test_a_first_date_may_be_skipped_too() -> None:
    (start,) = weekly(date(2026, 5, 14), time(14), 1, skipping=(date(2026, 5, 14),))
    assert start.date() == date(2026, 5, 21)


def test_a_session_every_other_week() -> None:
    starts = weekly(date(2026, 1, 8), time(9, 30), 3, weeks_apart=2)
    assert [start.date().day for start in starts] == [8, 22, 5]
