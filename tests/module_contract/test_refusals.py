"""A refusal is a code with a French sentence; a sentence nobody says is dead."""

import ast
import re
from collections.abc import Iterator
from string import Formatter

from core.domain.refusal import CORE_REFUSALS
from tests.module_contract.installed import Installed, always_on, calls_in

_SAYS_NO = ("Refused", "refusal")


def codes_in(one: Installed) -> Iterator[tuple[str, ast.Call]]:
    """Every code a module's own files refuse with, and the call."""
    for path, tree in one.sources():
        passes_on = {
            id(call)
            for function in ast.walk(tree)
            if isinstance(function, ast.FunctionDef) and function.name in _SAYS_NO
            for call in calls_in(function, _SAYS_NO)
        }
        for call in calls_in(tree, _SAYS_NO):
            if id(call) in passes_on:
                continue
            code = call.args[0] if call.args else None
            where = f"{path.name}:{call.lineno}"
            assert isinstance(code, ast.Constant), f"{where} : le code doit être écrit là"
            assert isinstance(code.value, str), where
            yield code.value, call


def test_every_refusal_has_its_sentence(one: Installed) -> None:
    known = set(CORE_REFUSALS) | set(one.module.refusals)
    known |= {code for module in always_on() for code in module.refusals}
    assert {code for code, _ in codes_in(one)} - known == set()


def test_every_sentence_is_said(one: Installed) -> None:
    assert set(one.module.refusals) - {code for code, _ in codes_in(one)} == set()


def test_every_rule_that_says_no_is_seen_to_say_it(one: Installed) -> None:
    tried = set()
    for path in sorted(path for each in one.folders for path in each.rglob("tests/**/*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                tried.add(node.value)
    assert {code for code, _ in codes_in(one) if code in one.module.refusals} - tried == set()


def test_sentences_are_sentences(one: Installed) -> None:
    for code, sentence in one.module.refusals.items():
        assert re.fullmatch(r"[a-z0-9_]+", code)
        assert sentence[0].isupper() or sentence[0] == "{", code
        assert sentence.endswith("."), code


def test_the_values_a_sentence_needs_are_given(one: Installed) -> None:
    for code, call in codes_in(one):
        sentence = one.module.refusals.get(code)
        if sentence is None:
            continue
        needed = {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}
        given = needed if _spreads(call) else _values(call)
        assert needed <= given, f"{code} : {needed - given}"


def _values(call: ast.Call) -> set[str]:
    """The names of the values given in a dict, or as keywords of `refusal`."""
    named = {keyword.arg for keyword in call.keywords if keyword.arg not in (None, "values")}
    dicts = [*call.args, *(keyword.value for keyword in call.keywords)]
    keys = {
        key.value
        for node in dicts
        if isinstance(node, ast.Dict)
        for key in node.keys
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
    }
    return keys | {name for name in named if name is not None}


def _spreads(call: ast.Call) -> bool:
    """Whether some values come from elsewhere: then only running the rule tells."""
    values = [*call.args[2:], *(k.value for k in call.keywords if k.arg in (None, "values"))]
    return any(
        not isinstance(node, ast.Dict) or any(key is None for key in node.keys) for node in values
    )
