"""
The contract of a deadline: a kind of thing that is due on a day, and a query over read models.

A read model says what is due; a deadline says in French what there is to do, who may see it and how
many days before one wants to be told. What is due across modules is one ordered list.
"""

import msgspec


class Deadline(msgspec.Struct, frozen=True, kw_only=True):
    """
    One kind of deadline.

    `rows` is SQL over read models written `{name}`, which gives one line for each thing due, with
    the columns
    - `subject` (text): the id of what it is about, and `person` (text or null): the one person;
    - `due_on` (date), and `done_on` (date or null): the day it was done;
    - `assigned` (text or null): the account or the professional it falls to;
    - `structure` (text or null): the structure it belongs to.

    There is one line at most for a subject and a person. `permission` is what one needs to see it:
    those to whom it is granted on some things only see what is theirs. `reminders` are in days
    before, the calendar's alarms.
    """

    kind: str
    sentence: str
    permission: str
    reminders: tuple[int, ...] = (7,)
    rows: str
