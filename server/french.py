"""argparse in French: what it says by itself, in the language of the rest of the command line."""

import argparse
from typing import NoReturn

FRENCH = {
    "usage: ": "usage : ",
    "positional arguments": "mots",
    "options": "options",
    "show this help message and exit": "affiche cette aide",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s : %(message)s",
    "the following arguments are required: %s": "il manque %s",
    "one of the arguments %s is required": "il manque l'un de %s",
    "unrecognized arguments: %s": "de trop : %s",
    "not allowed with argument %s": "ne va pas avec %s",
    "expected one argument": "une valeur est attendue",
    "ignored explicit argument %r": "%r est de trop",
    "ambiguous option: %(option)s could match %(matches)s": (
        "« %(option)s » peut vouloir dire %(matches)s"
    ),
    "invalid choice: %(value)r (choose from %(choices)s)": (
        "%(value)r n'est pas un choix (il y a : %(choices)s)"
    ),
}
"""By its English sentence. A sentence that a later Python changes is said in English."""


class FrenchParser(argparse.ArgumentParser):
    """Says what is wrong in one line, and where help is."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog} : {message}. Aide : « {self.prog} --help ».\n")


def speak_french() -> None:
    """Has argparse speak French in this process, whatever its locale."""
    # Its only way in: gettext would need a compiled catalogue and the locale of whoever runs it.
    vars(argparse)["_"] = lambda sentence: FRENCH.get(sentence, sentence)
