"""The part of a test run that judges what it recorded, once everything else is done."""

from pathlib import Path

import pytest

from tests.referee.report import Report, judge


class Referee:
    """Fails the run if adapters or stand-ins did what the vendors' documents do not allow.

    Args:
        folder: holds the recordings in ``exchanges/``.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.report: Report | None = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Judge; in a run side by side the workers are done by now."""
        self.report = judge(self.folder)
        if self.report.failed and session.exitstatus in (0, pytest.ExitCode.NO_TESTS_COLLECTED):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """The totals, and everything that is wrong."""
        if self.report is None or not self.report.recorded:
            return
        terminalreporter.section("referee")
        for line in self.report.summary():
            terminalreporter.line(line)
        for line in self.report.complaints():
            terminalreporter.line(f"wrong: {line}", red=True)
