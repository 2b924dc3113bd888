"""A play in which every request that writes is accepted; the tests of the API send them."""

from plugins._template.module import MODULE
from tests.api.play import Play


def writing(api: Play) -> None:
    """A notebook is opened, and a note is written in it."""
    notebook = api(f"{MODULE.name}_open_notebook")["id"]
    api(f"{MODULE.name}_notebooks_write_note", notebook=notebook)


PLAYS = (writing,)
