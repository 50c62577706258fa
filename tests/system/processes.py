"""The program in processes of their own, quickly: one imports it, and forks for each command.

Each command is a process with its own memory, descriptors, limits and exit code, as if it had
been typed; only the imports are not done anew. The processes may have a view of the disks of
their own, in which a small one can be mounted.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).resolve().parents[2]
NOBODY = 65534

_SERVER = """
import json, os, subprocess, sys, traceback
import httpx, sqlalchemy.dialects.sqlite, tenacity, structlog, sqlite_utils, filelock, ruamel.yaml
import encodings.utf_8_sig, encodings.idna, alembic.command, xml.etree.ElementTree
import syncer.cli.app, syncer.settings, syncer.state, syncer.state.opening, syncer.engine.service
import syncer.report.cycle, syncer.report.plan, adapters.trello, adapters.asana, adapters.hubspot
from syncer.cli import main

def child(order):
    for number in (1, 2):
        os.dup2(os.open(order[f"fd{number}"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666), number)
    code = 70
    try:
        os.environ.update(order["env"])
        exec(order["first"])
        if order["uid"]:
            os.setuid(order["uid"])
        main(order["args"])
    except SystemExit as ended:
        code = ended.code or 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)

def answer(order):
    if "shell" in order:
        return subprocess.run(order["shell"], shell=True, capture_output=True).returncode
    if "ended" in order:
        pid, status = os.waitpid(order["ended"], os.WNOHANG)
        return os.waitstatus_to_exitcode(status) if pid else None
    pid = os.fork()
    if not pid:
        child(order)
    return pid

print("ready", flush=True)
for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
"""

_SPACES = (["unshare", "--user", "--map-root-user", "--mount"], ["unshare", "--mount"])
"""How to get a view of the disks of one's own: as anybody, or as root."""


def own_disks() -> list[str] | None:
    """The command that gives a process its own view of the disks; None where it is refused."""
    for command in _SPACES if shutil.which("unshare") else ():
        probe = "mount -t tmpfs -o size=64k none /mnt"
        if subprocess.run([*command, "sh", "-c", probe], capture_output=True).returncode == 0:
            return command
    return None


@dataclass
class Said:
    """How a command ended."""

    code: int
    out: str
    err: str


class Processes:
    """Starts processes of the program. A context manager.

    Args:
        folder: where what they print is put.
        wrapped: the command that gives them their own view of the disks.
    """

    def __init__(self, folder: Path, wrapped: Sequence[str] = ()) -> None:
        self.folder = folder
        self._number = 0
        self._asking = Lock()
        self._files: dict[int, Path] = {}
        self._process = subprocess.Popen(
            [*wrapped, sys.executable, "-c", _SERVER],
            cwd=ROOT,
            env={k: v for k, v in os.environ.items() if not k.startswith("SYNCER_")},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"

    def __enter__(self) -> Self:
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

    def seen(self, path: Path) -> Path:
        """A path of theirs, as this process sees it."""
        return Path(f"/proc/{self._process.pid}/root{path.resolve()}")

    def start(
        self, args: Sequence[str], env: Mapping[str, str], uid: int = 0, first: str = ""
    ) -> int:
        """Start a command; its id. ``first`` is code that runs in it before."""
        self._number += 1
        file = self.folder / f"process-{self._number}"
        told = {"args": list(args), "env": dict(env), "uid": uid, "first": first}
        pid = self._ask(told | {"fd1": f"{file}.out", "fd2": f"{file}.err"})
        assert pid is not None
        self._files[pid] = file
        return pid

    def wait(self, pid: int) -> Said:
        """Wait for a command to end."""
        while (code := self._ask({"ended": pid})) is None:
            time.sleep(0.01)
        file = self._files.pop(pid)
        out, err = (Path(f"{file}.{end}").read_bytes() for end in ("out", "err"))
        return Said(code, out.decode("utf-8", "surrogateescape"), err.decode())

    def shell(self, command: str) -> None:
        """Run a shell command in their view of the disks."""
        assert self._ask({"shell": command}) == 0, command

    def _ask(self, order: dict[str, Any]) -> int | None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._asking:  # a sandbox's thread may ask while a test waits
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
            found: int | None = json.loads(self._process.stdout.readline())
        return found
