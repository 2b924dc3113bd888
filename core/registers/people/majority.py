"""
When a person comes of age: never stored, told from the birth date that the directory keeps sealed.

Majority is at eighteen full years (Code civil, articles 388 and 414). Born on 29 February, they are
full on 1 March (D).
"""

from datetime import date

MAJORITY = 18


def majority_on(born: date) -> date:
    """The day of the eighteenth birthday."""
    try:
        return born.replace(year=born.year + MAJORITY)
    except ValueError:
        return date(born.year + MAJORITY, 3, 1)
