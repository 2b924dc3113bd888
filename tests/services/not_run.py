"""A pytest plugin that ends a run with the tests that did not run, and why, in French.

With JALON_ALL_TESTS=1 a list that is not empty fails the run: a green run must mean that every test
was tried, not that a missing server was politely skipped.
"""

import os
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

_SHOWN = 50
_FROM_WORKER = "jalon_deselected"


def pytest_configure(config: pytest.Config) -> None:
    """Starts the account of what runs."""
    config.pluginmanager.register(NotRun(config), "jalon-not-run")


class NotRun:
    """What was collected, what reported a result, and the reason of each that did not run."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.strict = os.environ.get("JALON_ALL_TESTS") == "1"
        self.collected: set[str] = set()
        self.reported: set[str] = set()
        self.reasons: dict[str, str] = {}

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Without xdist, or in one of its workers."""
        self.collected.update(item.nodeid for item in session.items)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: Sequence[str]) -> None:
        """In xdist's controller, which collects nothing itself."""
        self.collected.update(ids)

    def pytest_deselected(self, items: Sequence[pytest.Item]) -> None:
        """-k, -m, --deselect, --last-failed…"""
        for item in items:
            self.reasons[item.nodeid] = "écarté par une option de pytest"

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Only a worker sees what is deselected: it hands it over when it leaves."""
        handed_over = getattr(node, "workeroutput", {})
        self.reasons.update(handed_over.get(_FROM_WORKER, {}))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A whole file may skip itself, or fail to be read."""
        if report.skipped:
            self.reasons[report.nodeid] = _why(report)
        elif report.failed:
            self.reasons[report.nodeid] = "la collecte a échoué"

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test that is skipped reports it; so does one that was expected to fail."""
        self.reported.add(report.nodeid)
        if report.skipped:
            self.reasons[report.nodeid] = _why(report)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Hands over, or closes the account; a list that is not empty may fail the run."""
        if hasattr(self.config, "workeroutput"):
            self.config.workeroutput[_FROM_WORKER] = self.reasons
            return
        for nodeid in self.collected - self.reported:
            self.reasons.setdefault(nodeid, "jamais atteint : la session s'est arrêtée avant")
        if self.strict and self.reasons and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @pytest.hookimpl(wrapper=True, tryfirst=True)  # the outermost: after every other summary
    def pytest_terminal_summary(self, terminalreporter: Any) -> Iterator[None]:
        """Prints the list, by reason."""
        yield
        if self.config.option.collectonly:
            return
        terminalreporter.section("Tests non exécutés")
        for line in self.lines():
            terminalreporter.write_line(line)

    def lines(self) -> Iterator[str]:
        """The list as it is printed: a reason, its count, its tests."""
        if not self.reasons:
            yield "Tous les tests ont été exécutés."
            return
        by_reason: dict[str, list[str]] = {}
        for nodeid, reason in sorted(self.reasons.items()):
            by_reason.setdefault(reason, []).append(nodeid)
        for reason, nodeids in by_reason.items():
            yield f"{len(nodeids)} — {reason}"
            shown = nodeids if self.strict else nodeids[:_SHOWN]
            yield from (f"    {nodeid}" for nodeid in shown)
            if len(shown) < len(nodeids):
                yield f"    … et {len(nodeids) - len(shown)} autres"
        if self.strict:
            yield "JALON_ALL_TESTS=1 : un test non exécuté fait échouer la session."


def _why(report: pytest.TestReport | pytest.CollectReport) -> str:
    if hasattr(report, "wasxfail"):
        return f"échec attendu : {report.wasxfail or 'sans raison'}"
    # pytest gives (file, line, "Skipped: reason") for a skip.
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return reason.removeprefix("Skipped: ")
