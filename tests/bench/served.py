"""The bench's server as the bench holds it."""

import json
import subprocess
import sys
from types import TracebackType
from typing import Self
from urllib.parse import urlencode
from urllib.request import ProxyHandler, build_opener

from tests.bench.environments import ROOT
from tests.bench.running import environment


class Server:
    """The server's process. A context manager."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.server"],
            cwd=ROOT,
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.url = f"http://127.0.0.1:{int(self._process.stdout.readline())}"
        self._opener = build_opener(ProxyHandler({}))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._process:
            assert self._process.stdin is not None
            self._process.stdin.close()

    def load(self, system: str, count: int) -> None:
        """A system with so many items, in place of what it was."""
        self._ask("load", system=system, count=count)

    def clear(self, system: str) -> None:
        """A system with nothing in it."""
        self._ask("clear", system=system)

    def change(self, system: str, count: int, again: int) -> None:
        """Maya edits so many items."""
        self._ask("change", system=system, count=count, by="u-maya", again=again)

    def counts(self) -> dict[str, int]:
        """Requests since they were last asked for, by system, method and kind."""
        found: dict[str, int] = json.loads(self._ask("counts"))
        return found

    def dump(self, system: str) -> bytes:
        """Every record as it is sent, a line each."""
        return self._ask("dump", system=system)

    def _ask(self, what: str, **words: object) -> bytes:
        address = f"{self.url}/_control/{what}?{urlencode(words)}"
        with self._opener.open(address, timeout=600) as answer:
            told: bytes = answer.read()
            return told
