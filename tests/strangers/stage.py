"""Where strangers and syncer meet: sandboxes, drivers and syncer, each a process of its own."""

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any, Final

from syncer.adapterkit.sandbox.recording import VARIABLE
from tests.strangers.environments import HERE, ROOT, SYSTEMS, python

SOURCE: Final = "google_analytics"

_PATIENCE: Final = 60.0
_SYNCER: Final = (sys.executable, "-m", "syncer")


class Untrue(Exception):
    """A promise that was broken; the message says which."""


@dataclass
class Stranger:
    """A process in which one vendor's client acts for people.

    Args:
        promises: how many claims it has seen to be true.
    """

    system: str
    process: "subprocess.Popen[str]"
    promises: int = 0
    _lock: Lock = field(default_factory=Lock)

    def __call__(self, step: str, **args: Any) -> Any:
        """Let it do a step; gives what the step saw. Raises :class:`Untrue`."""
        with self._lock:
            assert self.process.stdin is not None
            assert self.process.stdout is not None
            self.process.stdin.write(json.dumps({"step": step, "args": args}) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        told = json.loads(line or '{"crashed": "the process ended"}')
        if "value" not in told:
            [(kind, text)] = told.items()
            raise Untrue(f"{self.system}, {step}: {kind}: {text}")
        self.promises += told["promises"]
        return told["value"]


@dataclass
class Stage:
    """Everything that plays along.

    Args:
        root: holds the configuration and state of syncer.
        recordings: where the sandboxes write every exchange.
        stand: what ``syncer sandbox`` says of each sandbox.
        written: how many writes each run of syncer has sent.
    """

    root: Path
    recordings: Path
    stand: dict[str, Any]
    strangers: dict[str, Stranger]
    written: list[int] = field(default_factory=list)

    def run(self, *options: str) -> dict[str, Any]:
        """One run of syncer over all clients. Raises :class:`Untrue` unless it is done."""
        told: dict[str, Any] = self._syncer("--json", "run", *options)
        if not told["done"]:
            raise Untrue(f"syncer run: {json.dumps(told, indent=1)[:4000]}")
        self.written.append(sum(client["written"] for client in told["clients"]))
        return told

    def proposals(self) -> list[dict[str, Any]]:
        """The proposals that wait, as ``syncer proposals`` lists them."""
        return list(self._syncer("--json", "proposals", "list")["proposals"])

    def approve(self, proposal: str, person: str) -> None:
        """Answer a proposal as its owner would on the command line."""
        self._syncer("--json", "proposals", "approve", proposal, "--as", person)

    def _syncer(self, *words: str) -> Any:
        environ = {k: v for k, v in os.environ.items() if not k.startswith("SYNCER_")}
        command = [*_SYNCER, "--config", str(self.root), *words]
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, cwd=ROOT, env=environ
        )
        try:
            return json.loads(done.stdout)
        except ValueError:
            said = f"{done.stdout}{done.stderr}"[-4000:]
            raise Untrue(f"syncer {' '.join(words)} left with {done.returncode}:\n{said}") from None

    def log(self, system: str) -> list[dict[str, Any]]:
        """The requests that a sandbox has answered."""
        return list(self._control(system, "GET", "requests"))

    def problems(self) -> list[str]:
        """Tracebacks of sandboxes that failed themselves."""
        return [text for system in SYSTEMS for text in self._control(system, "GET", "problems")]

    def fault(self, system: str, **order: Any) -> None:
        """Ask a sandbox for a fault."""
        self._control(system, "POST", "faults", order)

    def control(self, system: str, name: str, **wish: Any) -> Any:
        """Ask a sandbox for something beside its vendor's API."""
        return self._control(system, "POST", name, wish)

    def _control(self, system: str, method: str, what: str, wish: Any = None) -> Any:
        url = f"{self.stand[system]['base_url']}/_sandbox/{what}"
        body = None if wish is None else json.dumps(wish).encode()
        request = urllib.request.Request(url, body, method=method)
        with urllib.request.urlopen(request, timeout=_PATIENCE) as answer:
            return json.load(answer)


@contextmanager
def staged(root: Path) -> Iterator[Stage]:
    """Start the sandboxes and the strangers; all of them end with the block."""
    with ExitStack() as stack:
        recordings = root.with_name("exchanges")
        # A source of figures is toured on its own: syncer keeps no records of it in step.
        tools = ("--systems", ",".join(name for name in SYSTEMS if name != SOURCE))
        agency = ("--write-config", str(root), "--heads-up", "cli-only", *tools)
        stand = stack.enter_context(_sandboxes(recordings, *agency))
        stand |= stack.enter_context(_sandboxes(recordings, "--systems", SOURCE))
        strangers = {name: stack.enter_context(_stranger(name, stand[name])) for name in SYSTEMS}
        yield Stage(root, recordings, stand, strangers)


@contextmanager
def _sandboxes(recordings: Path, *options: str) -> Iterator[dict[str, Any]]:
    command = [*_SYNCER, "sandbox", *options]
    with _process(command, {VARIABLE: str(recordings)}) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            raise Untrue("syncer sandbox did not start")
        yield json.loads(line)


@contextmanager
def _stranger(system: str, described: dict[str, Any]) -> Iterator[Stranger]:
    # -I: this environment only, nothing of ours on the path; -B: nothing is left beside the acts.
    command = [str(python(system)), "-I", "-B", str(HERE / "serve.py"), system]
    with _process(command) as process:
        assert process.stdin is not None
        process.stdin.write(json.dumps(described) + "\n")
        process.stdin.flush()
        yield Stranger(system, process)


@contextmanager
def _process(
    command: list[str], environ: Mapping[str, str] | None = None
) -> Iterator["subprocess.Popen[str]"]:
    pipe, env = subprocess.PIPE, {**os.environ, **(environ or {})}
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=ROOT, env=env)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
