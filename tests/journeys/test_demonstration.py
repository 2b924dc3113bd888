"""What `jalon demo` leaves: the cycle of Gap after its source, figures that can be recounted."""

import json
from collections import Counter
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from psycopg import sql

from core.domain.days import PARIS
from core.event_store.mapper import to_recorded
from core.session.events import SessionHeld, SessionPlanned
from plugins.ravie.cycle.events import (
    CycleClosed,
    CycleOpened,
    ProductionRecorded,
    QuestionsGathered,
)
from projections.tables import Table
from server.assembly import Parts, assembled
from server.demo.calendar import period_of
from server.demo.summary import Counted, recount
from tests.journeys.demonstrations import Played, history
from tests.journeys.processes import run

pytestmark = pytest.mark.postgres

PURPOSES = [
    "lancement_et_ideation",
    "identification_du_lieu",
    "programmation_annuelle",
    "plan_de_communication",
    "programme_d_inauguration",
]


def test_the_summary_says_what_was_played(played: Played) -> None:
    summary = played.summary
    assert (summary.seed, summary.years) == (1, 1)
    assert list(summary.facts_by_tenant) == ["01D", "02D", "05D"]
    assert summary.facts == sum(summary.facts_by_tenant.values())
    assert summary.facts == sum(summary.facts_by_name.values())
    assert summary.facts_by_name["session.attendance_recorded.v1"] > 300
    assert list(summary.seconds) == ["start", "provision", "play", "follow", "summary"]
    assert summary.seconds["play"] > 0


def test_every_figure_is_stamped_with_what_it_was_computed_from(played: Played) -> None:
    names = Counter(figure.stamp.indicator for figure in played.summary.indicators)
    assert len(names) >= 5
    assert set(names.values()) == {3}
    for figure in played.summary.indicators:
        assert figure.stamp.version >= 1
        assert figure.stamp.position == played.summary.facts_by_tenant[figure.stamp.tenant]
        assert figure.stamp.territory_vintage
        assert figure.period == period_of(1)


def test_what_the_source_does_not_give_is_said_to_be_invented(played: Played) -> None:
    assert {"dates", "personnes", "animatrice", "experte"} <= set(played.summary.invented["05D"])


async def test_the_cycle_of_gap_is_played_after_its_source(played: Played) -> None:
    async with assembled(played.site, connections=2) as parts:
        tenant = parts.tenants.find("05D")
        registry = parts.catalogue.registry
        facts = [to_recorded("05D", each, registry) for each in await history(parts, tenant)]
        opened = [each for each in facts if isinstance(each.fact, CycleOpened)]
        (gap,) = [each for each in opened if each.fact.theme == "lieu_ressources"]
        assert gap.fact.kind == "project"
        of_gap = [
            each
            for each in facts
            if gap.stream in (each.stream, getattr(each.fact, "series", None))
        ]
        planned = [each.fact for each in of_gap if isinstance(each.fact, SessionPlanned)]
        assert [(each.number, each.purpose) for each in planned] == list(enumerate(PURPOSES, 1))
        starts = [each.starts_at.astimezone(PARIS) for each in planned]
        ends = [each.ends_at.astimezone(PARIS) for each in planned]
        assert [f"{start:%H:%M}-{end:%H:%M}" for start, end in zip(starts, ends, strict=True)] == [
            "14:00-17:00"
        ] * 5
        first = starts[0].date()
        assert [start.date() for start in starts] == [
            first + timedelta(weeks=week) for week in range(5)
        ]
        assert sum(isinstance(each.fact, SessionHeld) for each in of_gap) == 5
        (asked,) = [each.fact for each in of_gap if isinstance(each.fact, QuestionsGathered)]
        opening = [("questions", token) for token in asked.questions]
        texts = await parts.vault.open_many(tenant, opening)
        assert len(texts) == 3
        assert all(text and text.endswith("?") for text in texts)
        assert any(isinstance(each.fact, ProductionRecorded) for each in of_gap)
        assert isinstance(of_gap[-1].fact, CycleClosed)


async def test_figures_and_counts_are_those_that_sql_recounts(played: Played) -> None:
    period = period_of(1)
    words = ["--from", f"{period.start}", "--to", f"{period.end}"]
    tenants = [word for code in played.summary.facts_by_tenant for word in ("--tenant", code)]
    counted = json.loads(run(["jalon", "facts", "count", *tenants, *words], played.env))
    said = msgspec.to_builtins(played.summary)
    for part in ("facts", "facts_by_tenant", "facts_by_name", "indicators"):
        assert counted[part] == said[part]
    for figure in counted["indicators"]:
        assert figure["value"] is not None or figure["denominator"] == 0
    said_something = {f["stamp"]["indicator"] for f in counted["indicators"] if f["value"]}
    assert {"ravie.hours_signed", "ravie.completion_rate", "ravie.attestations_issued"} <= (
        said_something
    )
    hours = [each["value"] for each in counted["indicators"] if "hours" in str(each["stamp"])]
    assert all(hours)


async def test_a_read_model_that_lies_is_caught_by_the_recount(played: Played) -> None:
    async with assembled(played.site, connections=4) as parts:
        tenant = parts.tenants.find("05D")
        assert await _figures(parts, "05D") == await _recounted(parts, "05D")
        (sheet,) = await parts.engine.projections(tenant, ["ravie.attendance_sheet"])
        table = Table.live(sheet, tenant.read_schema).identifier
        more = sql.SQL("update {} set minutes = minutes + %s where minutes > 0").format(table)
        projecting = parts.projecting[tenant.placement]
        async with projecting.projecting(tenant) as connection:
            await connection.execute(more, (1,))
        try:
            assert await _figures(parts, "05D") != await _recounted(parts, "05D")
            assert (await parts.engine.differences(tenant))["ravie.attendance_sheet"] > 0
        finally:
            async with projecting.projecting(tenant) as connection:
                await connection.execute(more, (-1,))
        assert await _figures(parts, "05D") == await _recounted(parts, "05D")


async def _figures(parts: Parts, code: str) -> list[Any]:
    tenant = parts.tenants.find(code)
    return [
        figure
        for indicator in parts.catalogue.indicators
        for figure in await parts.engine.figure(tenant, indicator, period_of(1))
    ]


async def _recounted(parts: Parts, code: str) -> list[Any]:
    counted: Counted = await recount(
        parts.engine,
        parts.serving,
        [parts.tenants.find(code)],
        parts.catalogue.indicators,
        period_of(1),
    )
    return counted.indicators
