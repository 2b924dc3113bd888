from datetime import UTC, date, datetime

from core.domain.days import day_of, end_of, noon_of


def test_an_evening_in_winter_is_still_that_day_in_paris() -> None:
    assert day_of(datetime(2026, 1, 15, 22, 59, tzinfo=UTC)) == date(2026, 1, 15)
    assert day_of(datetime(2026, 1, 15, 23, 0, tzinfo=UTC)) == date(2026, 1, 16)


def test_in_summer_paris_is_two_hours_ahead() -> None:
    assert day_of(datetime(2026, 7, 15, 21, 59, tzinfo=UTC)) == date(2026, 7, 15)
    assert day_of(datetime(2026, 7, 15, 22, 0, tzinfo=UTC)) == date(2026, 7, 16)


def test_what_is_told_of_a_day_takes_its_place_at_noon_in_paris_or_now() -> None:
    now = datetime(2026, 7, 2, 8, tzinfo=UTC)
    assert noon_of(date(2026, 7, 1), now) == datetime(2026, 7, 1, 10, tzinfo=UTC)
    assert noon_of(date(2026, 7, 2), now) == now


def test_a_day_ends_in_paris_and_belongs_to_itself() -> None:
    assert end_of(date(2025, 12, 31)) == datetime(2025, 12, 31, 22, 59, 59, 999999, tzinfo=UTC)
    for day in (date(2026, 3, 29), date(2026, 10, 25), date(9999, 12, 31), date(1, 1, 2)):
        assert day_of(end_of(day)) == day
