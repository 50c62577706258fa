"""What can be said of the strangers without their environments; ``make strangers`` does the rest."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.strangers import table
from tests.strangers.agreement import differences
from tests.strangers.environments import HERE, ROOT, SYSTEMS

PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)(?: ; .*?)? \\$")
CLIENTS = {
    "asana": {"asana", "urllib3"},
    "google_analytics": {"google"},
    "hubspot": {"hubspot"},
    "trello": {"trello", "requests"},
}
"""What the acts of each system may import beside the standard library."""


def acts(system: str) -> list[Path]:
    """The files that act with a vendor's client."""
    return sorted((HERE / "acts").glob(f"{system}_*.py"))


def imported(path: Path) -> set[str]:
    """The top names of everything that a file imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").partition(".")[0])
    return found


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_client_is_locked_with_hashes(system: str) -> None:
    """Every library of a client is one version with its hashes, from no named place."""
    text = (HERE / f"{system}.lock").read_text(encoding="utf-8")
    entries = re.split(r"\n(?=\S)", text.strip())
    named = (HERE / f"{system}.in").read_text(encoding="utf-8").split("==")[0]

    assert all(PIN.match(entry.splitlines()[0]) for entry in entries)
    assert all("--hash=sha256:" in entry for entry in entries)
    assert named in {entry.split("==")[0] for entry in entries}
    assert "://" not in text


@pytest.mark.parametrize("system", SYSTEMS)
def test_strangers_have_nothing_of_ours(system: str) -> None:
    """Acts import the vendor's client and the standard library, and so does what runs them."""
    allowed = sys.stdlib_module_names | CLIENTS[system]

    assert acts(system)
    assert {p.name: imported(p) - allowed for p in acts(system)} == {
        p.name: set() for p in acts(system)
    }
    assert set() == imported(HERE / "serve.py") - sys.stdlib_module_names


def test_no_client_is_a_dependency_of_ours() -> None:
    """What is shipped, built and tested does without the vendors' libraries."""
    ours = "".join(path.read_text(encoding="utf-8") for path in ROOT.glob("requirements*.lock"))
    named = [
        (HERE / f"{system}.in").read_text(encoding="utf-8").split("==")[0] for system in SYSTEMS
    ]

    assert [] == [name for name in named if re.search(rf"^{name}==", ours, re.MULTILINE)]


@pytest.fixture
def stranger(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    """The loop that runs acts, with acts of this test's own in place of a vendor's."""
    (tmp_path / "serve.py").write_text((HERE / "serve.py").read_text(encoding="utf-8"), "utf-8")
    (tmp_path / "acts").mkdir()
    (tmp_path / "acts" / "made_login.py").write_text(
        "def login(api, user):\n    return f'{user[\"name\"]} at {api}'\n", "utf-8"
    )
    (tmp_path / "acts" / "made_up.py").write_text(
        "import socket\n"
        "def fine(crew, who):\n    print('noise')\n    crew.so('here', crew[who])\n    return crew[who]\n"
        "def broken(crew):\n    crew.same('two', 2, 3)\n"
        "def far(crew):\n    socket.create_connection(('vendor.example', 443))\n",
        "utf-8",
    )
    command = [sys.executable, "-I", "-B", str(tmp_path / "serve.py"), "made"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdin is not None
        stand = {"api": "there", "users": {"maya": {"id": "1", "name": "Maya"}}}
        process.stdin.write(json.dumps(stand) + "\n")
        yield process
        process.stdin.close()


def asked(process: "subprocess.Popen[str]", step: str, **args: str) -> dict[str, object]:
    """What a stranger answers."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps({"step": step, "args": args}) + "\n")
    process.stdin.flush()
    answer: dict[str, object] = json.loads(process.stdout.readline())
    return answer


def test_a_stranger_tells_what_was_promised(stranger: "subprocess.Popen[str]") -> None:
    """A kept promise is counted, a broken one named; nobody leaves this machine."""
    assert {"value": "Maya at there", "promises": 1} == asked(stranger, "up.fine", who="maya")
    assert {"broken": "two: promised 2, seen 3"} == asked(stranger, "up.broken")
    assert "strangers stay on this machine" in str(asked(stranger, "up.far")["crashed"])
    assert "KeyError" in str(asked(stranger, "up.missing")["crashed"])


def board(**card: object) -> dict[str, object]:
    """A board, or a project, with one task."""
    usual: dict[str, object] = {
        "notes": "a *b*",
        "due": None,
        "status": "To do",
        "labels": [],
        "people": [],
    }
    task = usual | {"hours": None, "priority": None} | card
    fields = dict.fromkeys(("Strategy", "Goals", "Price", "Budget hours"))
    return {
        "P": {"brief": "", "deadline": None, "start": None, "fields": fields, "tasks": {"T": task}}
    }


NO_DEALS: dict[str, object] = {}


@pytest.mark.parametrize(
    ("card", "task"),
    [
        ({"due": "2026-12-10T17:00:00.000Z"}, {"due": "2026-12-11"}),
        ({"labels": ["a"]}, {"labels": []}),
        ({"people": ["maya"]}, {"people": ["tom"]}),
        ({"people": ["maya"]}, {"people": []}),
        ({"hours": 2.0}, {"hours": "2.5"}),
        ({"status": "Doing"}, {"status": "Done"}),
        ({"notes": "a b c"}, {}),
    ],
)
def test_disagreement_is_seen(card: dict[str, object], task: dict[str, object]) -> None:
    """Whatever a card and a task show differently is a line of its own."""
    found = differences(board(**card), board(**task), NO_DEALS)

    assert 1 == len([line for line in found if line.startswith("P, T")])


def test_two_ways_to_say_the_same_agree() -> None:
    """An evening is a day, marks are no words, and of several people Asana shows one."""
    card = {"due": "2026-07-10T16:00:00.000Z", "people": ["maya", "tom"], "hours": 2.0}
    task = {"due": "2026-07-10", "people": ["tom"], "hours": "2", "notes": "a b"}

    found = differences(board(**card), board(**task), NO_DEALS)

    assert [] == [line for line in found if line.startswith("P, T")]


def test_only_people_are_strangers() -> None:
    """The service's own calls and refused ones drive nothing; the dialect is read off the call."""
    call = {"method": "GET", "path": "/crm/v3/objects/deals", "query": {}, "status": 200}
    log = [
        call | {"user": "anna"},
        call | {"user": "syncer"},
        call | {"user": "tom", "status": 429},
    ]

    [row] = table.driven({"hubspot": log}, {"hubspot": {"syncer"}})

    assert ("/crm/v3/objects/{type}", "deal", "v3", 1) == (
        row.route,
        row.kind,
        row.dialect,
        row.calls,
    )
