"""Runs inside the environment of one vendor's client and acts on request, a JSON line at a time.

``python serve.py SYSTEM`` takes every public function ``STEP`` of ``acts/SYSTEM_FILE.py`` as the
step ``FILE.STEP``. The
first line on standard input describes the sandbox (its ``api`` and its ``users`` with their
credentials), each further line asks for one step::

    {"step": "story.make", "args": {"who": "tom", ...}}

and one line on standard output answers: ``{"value": ..., "promises": 3}`` with how many claims
held, ``{"broken": "what was promised and what was seen"}``, or ``{"crashed": "a traceback"}``
where the client could not read an answer or was refused.

Only the standard library is imported here: this environment has nothing of ours.
"""

import importlib.util
import json
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

ACTS = Path(__file__).with_name("acts")


class Broken(Exception):
    """A promise that did not hold."""


class Crew:
    """The people who act, each logged in with the vendor's client when first needed.

    Args:
        stand: the sandbox as ``syncer sandbox`` describes it.
        login: makes a client of the vendor's library from the address and a user.
    """

    def __init__(self, stand: dict[str, Any], login: Callable[[str, dict[str, Any]], Any]) -> None:
        self.stand = stand
        self.promises = 0
        self._login = login
        self._clients: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._clients:
            self._clients[name] = self.log_in(**self.stand["users"][name])
        return self._clients[name]

    def log_in(self, **user: Any) -> Any:
        """A client with these credentials, good or not."""
        return self._login(self.stand["api"], user)

    def id(self, name: str) -> str:
        """The vendor's id of a person."""
        return str(self.stand["users"][name]["id"])

    def same(self, what: str, expected: Any, seen: Any) -> None:
        """Claim that two values are equal."""
        if expected != seen:
            raise Broken(f"{what}: promised {expected!r}, seen {seen!r}")
        self.promises += 1

    def so(self, what: str, truth: Any) -> None:
        """Claim that something holds."""
        self.same(what, True, bool(truth))

    def refused(self, what: str, kind: type[Exception], act: Callable[[], Any]) -> Any:
        """Claim that a call fails with the client's own class of error; gives the error."""
        try:
            seen = act()
        except kind as error:
            self.promises += 1
            return error
        raise Broken(f"{what}: promised {kind.__name__}, seen {seen!r}")


def _loaded(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"acts_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _steps(system: str) -> dict[str, Callable[..., Any]]:
    found: dict[str, Callable[..., Any]] = {}
    for path in sorted(ACTS.glob(f"{system}_*.py")):
        module = _loaded(path)
        own = {n: v for n, v in vars(module).items() if not n.startswith("_") and callable(v)}
        part = path.stem.removeprefix(f"{system}_")
        found |= {f"{part}.{n}": v for n, v in own.items() if v.__module__ == module.__name__}
    return found


def _answer(crew: Crew, steps: dict[str, Callable[..., Any]], wish: dict[str, Any]) -> Any:
    before = crew.promises
    try:
        value = steps[wish["step"]](crew, **wish.get("args", {}))
    except Broken as broken:
        return {"broken": str(broken)}
    except Exception:  # noqa: BLE001 - whatever the client cannot take is told
        return {"crashed": traceback.format_exc()}
    return {"value": value, "promises": crew.promises - before}


def _stay(event: str, args: tuple[Any, ...]) -> None:
    """Nobody reaches further than this machine, whatever a client has written into it."""
    host = args[0] if event == "socket.getaddrinfo" else None
    if event == "socket.connect" and isinstance(args[1], tuple):
        host = args[1][0]
    if host not in (None, "127.0.0.1"):
        raise PermissionError(f"strangers stay on this machine; {host} was asked for")


def main(system: str) -> None:
    """Act until standard input ends."""
    sys.addaudithook(_stay)
    # A client may print what it likes: the answers have a channel of their own.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    steps = _steps(system)
    crew = Crew(json.loads(sys.stdin.readline()), steps.pop("login.login"))
    for line in sys.stdin:
        print(json.dumps(_answer(crew, steps, json.loads(line))), file=answers, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
