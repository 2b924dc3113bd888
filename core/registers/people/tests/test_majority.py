from datetime import date

from core.registers.people.majority import majority_on


def test_majority_is_at_eighteen_full_years() -> None:
    assert majority_on(date(2008, 5, 4)) == date(2026, 5, 4)
    assert majority_on(date(2008, 2, 29)) == date(2026, 3, 1)
