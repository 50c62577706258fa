"""What every test shares: Hypothesis profiles, no way out of this machine, the last line."""

import gc
import os
import shutil
import socket
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import pytest
import structlog
from hypothesis import HealthCheck, settings

from syncer.adapterkit.sandbox.recording import VARIABLE
from syncer.settings import yaml
from tests.shared import NEEDS, RECORDINGS, SHARED

SLOW = [HealthCheck.too_slow]  # the machine may be busy with other things
settings.register_profile("dev", deadline=None, suppress_health_check=SLOW)
settings.register_profile(
    "ci", deadline=None, suppress_health_check=SLOW, derandomize=True, database=None
)
settings.register_profile(
    "thorough", deadline=None, suppress_health_check=SLOW, max_examples=2000, print_blob=True
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "dev"))


class SharedSkips:
    """Counts the tests that were skipped for want of ``../shared``; says so on the last line."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.skipped: set[str] = set()
        self.ran = False

    def note(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        """Remember a test, or a whole module, that was skipped for this reason."""
        if report.skipped and isinstance(report.longrepr, tuple) and NEEDS in report.longrepr[2]:
            self.skipped.add(report.nodeid)

    pytest_runtest_logreport = note
    pytest_collectreport = note

    def pytest_sessionfinish(self) -> None:
        """There was a run to speak of."""
        self.ran = True

    @pytest.hookimpl(trylast=True)
    def pytest_unconfigure(self) -> None:
        """Write the line, after pytest's own summary."""
        if self.ran:
            self.config.get_terminal_writer().line(f"{NEEDS}: {len(self.skipped)} skipped")


class Figures:
    """Prints what tests measured: ``record_property("figure", "killed at 90 of 90 places")``."""

    def __init__(self) -> None:
        self.found: dict[str, list[str]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Gather the figures of a test that passed."""
        texts = [str(text) for name, text in report.user_properties if name == "figure"]
        if report.when == "call" and report.passed and texts:
            self.found[report.nodeid] = texts

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """One line each."""
        if self.found:
            terminalreporter.section("figures")
            for node in sorted(self.found):
                for text in self.found[node]:
                    terminalreporter.line(f"{node.partition('::')[0]}: {text}")


def pytest_configure(config: pytest.Config) -> None:
    """Count in the main process only; the workers of xdist report to it."""
    first = VARIABLE not in os.environ  # workers and all children inherit it
    if first:
        shutil.rmtree(RECORDINGS / "exchanges", ignore_errors=True)
        os.environ[VARIABLE] = str(RECORDINGS / "exchanges")
    if not hasattr(config, "workerinput"):
        skips = SharedSkips(config)
        config.pluginmanager.register(skips, "shared-skips")
        config.pluginmanager.register(Figures(), "figures")
        if first and SHARED.is_dir() and LATER not in os.environ:
            from tests.referee.plugin import Referee

            config.pluginmanager.register(Referee(RECORDINGS), "referee")
        elif first and not SHARED.is_dir():
            skips.skipped.add("referee")


LATER = "REFEREE_LATER"
"""Set where `make referee` follows, which judges what strangers did as well: once is enough."""

LONGEST = ("tests/kills/", "tests/laws/test_defects", "tests/laws/")
"""Files that take minutes begin first: the others fill the time beside them, none comes last."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first; all others in the order in which they were found."""

    def rank(item: pytest.Item) -> int:
        found = (at for at, place in enumerate(LONGEST) if item.nodeid.startswith(place))
        return next(found, len(LONGEST))

    items.sort(key=rank)


def pytest_collection_finish() -> None:
    """What was loaded stays until the end: the collector of rings need not go through it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


@pytest.fixture(autouse=True)
def own_log() -> Iterator[None]:
    """What a command set up for its log ends with the test that ran it."""
    yield
    structlog.reset_defaults()


@pytest.fixture(autouse=True, scope="session")
def parsed_once() -> Iterator[None]:
    """A text of YAML is parsed once: a tenth of all time went into the same few files."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml, "_compose", lru_cache(maxsize=100)(yaml._compose))
        yield


@pytest.fixture(autouse=True, scope="session")
def loopback_only() -> Iterator[None]:
    """No test reaches beyond this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else "localhost"
        if host not in ("localhost", "::1") and not str(host).startswith("127."):
            raise AssertionError(f"a test tried to reach {host}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield
