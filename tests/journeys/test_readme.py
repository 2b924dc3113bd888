"""The README's tour, run as it is written, against `make demo`."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.processes import environment, run, serving
from tests.services import debian

README = (debian.PROJECT / "README.md").read_text()
TOUR = "\n".join(re.findall("```sh\n(.*?)```", README.split("## Cinq minutes")[1], re.DOTALL))


def test_the_readme_names_the_two_commands_of_the_makefile() -> None:
    commands = re.findall("```sh\n(.*?)```", README, re.DOTALL)[0].split("\n")[:-1]
    assert commands == ["make demo", "make test"]
    targets = (debian.PROJECT / "Makefile").read_text()
    assert all(f"\n{command.removeprefix('make ')}:" in targets for command in commands)


def test_the_tour_does_what_it_says(tmp_path: Path) -> None:
    try:
        debian.require("curl")
    except debian.NotInstalledError as reason:
        pytest.skip(str(reason))
    home = tmp_path / "home"
    demo = ["make", "--silent", "demo", "ARGS=--tenants 2 --years 1 --port 0"]
    with serving(demo, environment(home)) as address:
        env = environment(home, JALON_URL=address)
        told = run(["bash", "-euo", "pipefail", "-c", TOUR], env)
    assert '"code":"cycle_has_no_production"' in told
    documents = _documents(told)
    cycle = next(each for each in documents if each.get("theme") == "fin_de_vie")
    assert (cycle["state"], cycle["minutes"]) == ("open", 0)
    now, before = [each for each in documents if each.get("indicator") == "ravie.hours_signed"][:2]
    assert before["figures"][0]["value"] - now["figures"][0]["value"] == 180
    changes = next(each for each in documents if "parts" in each)
    by_category = {part["category"]: part for part in changes["parts"]}
    (cause,) = by_category["annulment"]["facts"]
    assert (cause["fact"]["name"], cause["changes"][0]["value"]) == ("core.fact_annulled.v1", -180)
    assert {part["count"] for code, part in by_category.items() if code != "annulment"} == {0}
    assert "ravie.session_to_hold" in told
    counted = next(each for each in documents if "facts_by_name" in each)
    recounted = [
        figure["value"]
        for figure in counted["indicators"]
        if figure["stamp"]["indicator"] == "ravie.hours_signed"
    ]
    assert [figure["value"] for figure in now["figures"]] == recounted
    assert recounted[0] > 0


def _documents(text: str) -> list[dict[str, Any]]:
    """The JSON objects of a text, one after the other, whatever stands between them."""
    decoder, found, start = json.JSONDecoder(), [], 0
    while (start := text.find("{", start)) >= 0:
        document, start = decoder.raw_decode(text, start)
        found.append(document)
    return found
