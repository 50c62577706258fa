"""The tools: sandboxes in a process of their own, which nobody kills.

What is simulated: the vendors. Their limits per second are lifted here, and the service's
budgets with them, since thousands of runs within minutes would only wait; pacing has tests of
its own.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from syncer.adapterkit.limits import budget_for, digest_of
from syncer.cli.stand import Resident
from tests.architecture.source import ROOT

SYSTEMS = ("trello", "asana", "hubspot")


@dataclass(frozen=True)
class Tool:
    """One sandbox, as the process that serves it described itself."""

    about: dict[str, Any]

    def connection(self, user: str) -> dict[str, object]:
        """The adapter's options to act as a user."""
        told = self.about["users"][user]
        options = {k: v for k, v in told.items() if k not in ("id", "full_name", "email", "bot")}
        return {"base_url": self.about["api"], **options}


class Tools:
    """The process; a context manager. ``folder`` gets a configuration for them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "tests.kills.tools", str(self.folder)]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True)
        assert self._process.stdout is not None
        about = json.loads(self._process.stdout.readline())
        self.running = {system: Tool(about[system]) for system in SYSTEMS}
        self.clients = {
            key: Resident(key, {system: about[system]["scopes"][key] for system in SYSTEMS})
            for key in about["trello"]["scopes"]
        }
        self._line = httpx.Client(trust_env=False, timeout=30)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._line.close()
        self._process.communicate()  # at the end of its input it ends by itself

    def picture(self, name: str) -> None:
        """Remember what every tool holds."""
        self._ask("POST", "picture", {"name": name})

    def restore(self, name: str) -> None:
        """Have every tool hold that again."""
        self._ask("POST", "restore", {"name": name})

    def state(self) -> dict[str, Any]:
        """All that every tool holds."""
        return self._ask("GET", "state")

    def writers(self) -> list[str]:
        """Requests of the service since the last restore that are no reads."""
        told = self._ask("GET", "requests")
        return [
            f"{system}: {entry['method']} {entry['path']}"
            for system, entries in told.items()
            for entry in entries
            if entry["user"] == "syncer"
            and entry["method"] != "GET"
            and not entry["path"].endswith(("/search", "/batch/read"))
        ]

    def problems(self) -> list[str]:
        """Tracebacks of the sandboxes themselves."""
        return [text for told in self._ask("GET", "problems").values() for text in told]

    def lift_limits(self) -> None:
        """The budgets of the service in this process, and in its forks, let everything go."""
        for tool in self.running.values():
            options = tool.connection("syncer")
            base = str(options["base_url"])
            for secret in ("token", "key"):
                if secret in options:
                    budget_for(digest_of(base, str(options[secret])), ())

    def _ask(self, method: str, route: str, wish: Any = None) -> dict[str, Any]:
        found = {}
        for system, tool in self.running.items():
            url = f"{tool.about['base_url']}/_sandbox/{route}"
            answer = self._line.request(method, url, json=wish)
            answer.raise_for_status()
            found[system] = answer.json()
        return found


def serve(folder: Path) -> None:
    """Serve the agency's tools, without their limits, until the input ends."""
    from syncer.adapterkit.sandbox import agency_world
    from syncer.cli.configure import write
    from syncer.cli.stand import serving

    with serving(SYSTEMS, agency_world()) as stand:
        for one in stand.running.values():
            one.sandbox.limits = ()
        write(folder, stand, heads_up="in-tools")
        print(json.dumps(stand.described()), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
