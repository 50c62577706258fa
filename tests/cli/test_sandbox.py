"""``syncer sandbox`` as a process: one line when ready, a configuration that works at once."""

import json
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import structlog

from syncer.adapterkit.http import Http, by_status
from syncer.adapterkit.limits import Budget
from syncer.cli import main
from syncer.settings import load
from tests.architecture.source import ROOT
from tests.shared import bare_environment

BOARD = "5f0c0ffee0ddba11ca5e0001"
LIST = "5f0c0ffee0ddba11ca5e0002"
EXPORT = {
    "id": BOARD,
    "name": "Bread & butter",
    "desc": "",
    "closed": False,
    "lists": [{"id": LIST, "name": "In the oven 🔥", "closed": False, "idBoard": BOARD, "pos": 1}],
    "cards": [
        {
            "id": f"5f0c0ffee0ddba11ca5e01{number:02}",
            "name": name,
            "desc": "",
            "due": None,
            "dueComplete": False,
            "closed": False,
            "idBoard": BOARD,
            "idList": LIST,
            "idLabels": [],
            "idMembers": [],
            "pos": number,
        }
        for number, name in enumerate(("Rye", "Sourdough", "Æbleskiver"))
    ],
    "labels": [],
    "members": [],
    "actions": [],
    "checklists": [],
    "customFields": [],
    "memberships": [],
}


def start(*args: str) -> "subprocess.Popen[str]":
    """The command line as a process."""
    return subprocess.Popen(
        [sys.executable, "-m", "syncer", *args],
        cwd=ROOT,
        env=bare_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def done(*args: str) -> tuple[int, str, str]:
    """A command that ends by itself."""
    process = start(*args)
    out, err = process.communicate(timeout=90)
    return process.returncode, out, err


def here(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    """A wish for sandboxes that is not granted, made in this process."""
    with pytest.raises(SystemExit) as ended:
        main(["sandbox", *args])
    structlog.reset_defaults()
    told = capsys.readouterr()
    return int(ended.value.code or 0), told.out, told.err


@contextmanager
def sandbox(*args: str, stop: int = signal.SIGTERM) -> Iterator[Any]:
    """Sandboxes that are ready, and what they said; they must leave with 0 and no word more."""
    process = start("sandbox", *args)
    assert process.stdout is not None
    line = process.stdout.readline()
    try:
        if not line:
            raise AssertionError(process.communicate(timeout=30)[1])
        yield json.loads(line)
    finally:
        process.send_signal(stop)
        out, err = process.communicate(timeout=30)
    assert (0, "", "") == (process.returncode, out, err)


@contextmanager
def tool(told: Any, who: str) -> Iterator[Http]:
    """A tool as one of its users."""
    headers = {"authorization": f"Bearer {told['users'][who]['token']}"}
    http = Http(told["api"], headers=lambda: headers, classify=by_status, budget=Budget(()))
    yield http
    http.close()


def test_one_line_says_all_that_is_needed() -> None:
    """Per system an address, users with their tokens, and scopes; the tokens work."""
    with sandbox() as told:
        assert ["trello", "asana", "hubspot", "google_analytics"] == list(told)
        for name, system in told.items():
            assert {"maya", "tom", "anna", "ben", "syncer"} <= set(system["users"])
            secret = {"token", "refresh_token", "credentials"}
            assert all(user["id"] and secret & user.keys() for user in system["users"].values())
            assert ["bakery", "outdoor"] == list(system["scopes"]), name
        with tool(told["asana"], "maya") as asana:
            me = asana.get("/users/me").json()["data"]["gid"]
        assert told["asana"]["users"]["maya"]["id"] == me


def test_the_written_configuration_works_at_once(tmp_path: Path) -> None:
    """`--write-config` gives a whole directory: plan, run, results, and then it is quiet."""
    with sandbox("--write-config", str(tmp_path)):
        config = ("--config", str(tmp_path), "--json")

        assert 4 == done(*config, "plan", "--exit-code")[0]
        code, out, err = done(*config, "run")
        assert (0, ["done", "done"]) == (
            code,
            [client["result"] for client in json.loads(out)["clients"]],
        ), err
        told = json.loads(done(*config, "run")[1])["clients"]
        fields = {w["field"] for c in told for a in c["plan"]["actions"] for w in a["changes"]}
        assert fields
        assert all(field.startswith("results") for field in fields)
        again = json.loads(done(*config, "run")[1])["clients"]
        assert [0, 0] == [client["written"] for client in again]
        assert [[], []] == [client["plan"]["actions"] for client in again]


def test_a_source_of_figures_stands_in_the_configuration(tmp_path: Path) -> None:
    """Google Analytics has its key in .env and each client's property; nobody is known there."""
    with sandbox("--systems", "hubspot,google_analytics", "--write-config", str(tmp_path)) as told:
        secrets = {
            line.partition("=")[0]: line.partition("=")[2].strip("'")
            for line in (tmp_path / ".env").read_text("utf-8").splitlines()
        }
        key = json.loads(secrets["GOOGLE_ANALYTICS_CREDENTIALS"])
        config = load(tmp_path, secrets)
    assert key["token_uri"] == f"{told['google_analytics']['base_url']}/token"
    scopes = {key: client.scopes["google_analytics"] for key, client in config.clients.items()}
    told_of = {"bakery": "412345678", "outdoor": "423456789"}
    assert told_of == {key: scope.property for key, scope in scopes.items()}
    assert "google_analytics" not in (tmp_path / "config" / "people.yaml").read_text("utf-8")


def test_the_secrets_are_for_one_pair_of_eyes(tmp_path: Path) -> None:
    """Tokens stand in .env alone, which nobody else can read."""
    with sandbox("--systems", "trello,asana", "--write-config", str(tmp_path)) as told:
        token = told["asana"]["users"]["syncer"]["token"]
        holding = [p.name for p in tmp_path.rglob("*") if p.is_file() and token in p.read_text()]

        assert [".env"] == holding
        assert 0o600 == stat.S_IMODE((tmp_path / ".env").stat().st_mode)
        assert {"trello", "asana"} == set(load(tmp_path, {}).connections)


def test_somebodys_own_configuration_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder that holds another configuration is refused; one made by us is made anew."""
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "sync.yaml").write_text("state: mine\n")
    code, out, err = here(capsys, "--write-config", str(tmp_path))
    assert (2, "") == (code, out)
    assert f"syncer: {tmp_path} holds a configuration already; name another folder\n" == err

    (tmp_path / "config" / "sync.yaml").unlink()
    for _ in range(2):
        with sandbox("--systems", "asana", "--write-config", str(tmp_path)):
            assert not list((tmp_path / "data").iterdir())
            (tmp_path / "data" / "syncer.db").write_text("of a sandbox that is gone")


def test_provision_lists_and_then_makes(tmp_path: Path) -> None:
    """A property that a mapping needs and HubSpot lacks is listed; `--yes` makes it, once."""
    args = ("--systems", "hubspot", "--write-config", str(tmp_path))
    provision = ("--config", str(tmp_path), "provision", "--client", "bakery")
    line = "bakery: hubspot: deal: property project_goals (string, textarea)\n"
    with sandbox(*args) as told, tool(told["hubspot"], "anna") as hubspot:
        hubspot.delete("/crm/properties/2026-09/deals/project_goals")

        hint = "nothing was made: `syncer provision --yes` makes them\n"
        assert (0, line + hint, "") == done(*provision)
        assert (0, line, "") == done(*provision, "--yes")
        assert (0, "nothing is missing\n", "") == done(*provision)


def test_a_revoked_token_stops_one_tool(tmp_path: Path) -> None:
    """The run ends with 1 and names the tool; `status` says so; no token is shown."""
    args = ("--systems", "trello,asana", "--write-config", str(tmp_path))
    with sandbox(*args) as told:
        control = Http(
            told["asana"]["base_url"], headers=dict, classify=by_status, budget=Budget(())
        )
        control.post("/_sandbox/revoke", json={"user": "syncer"})
        control.close()

        code, out, err = done("--config", str(tmp_path), "run", "--client", "outdoor")

        assert 1 == code
        why = "the credential was refused: Not Authorized (asana: token in config/sync.yaml:16)"
        assert f"  asana could not be used: {why}\n" in out
        status = done("--config", str(tmp_path), "status")[1]
        assert f"outdoor: failed: asana: {why}\n" in status
        token = told["asana"]["users"]["syncer"]["token"]
        assert token not in out + err + status


def test_an_export_becomes_tasks(tmp_path: Path) -> None:
    """`--load trello=FILE`: one client; every open card is a task, and nothing changes in Trello."""
    file = tmp_path / "Bread and butter.json"
    file.write_text(json.dumps(EXPORT), encoding="utf-8")
    root = tmp_path / "agency"
    with sandbox("--load", f"trello={file}", "--write-config", str(root)) as told:
        assert {"bread_and_butter": {"boards": [BOARD]}} == told["trello"]["scopes"]
        code, out, err = done("--config", str(root), "--json", "run")

        (client,) = json.loads(out)["clients"]
        made = [(a["connection"], a["title"]) for a in client["plan"]["actions"]]
        assert 0 == code, err
        assert [("asana", "Bread & butter"), *[("asana", n) for n in ("Rye", "Sourdough")]] == [
            item for item in made if item[1] != "Æbleskiver"
        ]
        assert ("asana", "Æbleskiver") in made
        assert {"asana"} == {connection for connection, _ in made}
        assert [] == client["plan"]["holds"]
        statuses = {
            change["new"]
            for action in client["plan"]["actions"]
            for change in action["changes"]
            if change["field"] == "status"
        }
        assert {"In the oven 🔥"} == statuses


def test_an_empty_world_has_somewhere_to_begin(tmp_path: Path) -> None:
    """`--world empty` writes a configuration that is right, with nothing to do."""
    with sandbox("--world", "empty", "--write-config", str(tmp_path)):
        code, out, _ = done("--config", str(tmp_path), "plan", "--exit-code")
        assert (0, "newcomer\n  nothing to write\n") == (code, out)


def test_an_interrupt_stops_it_cleanly() -> None:
    """Control-C ends it as a request to stop does."""
    with sandbox("--systems", "asana", stop=signal.SIGINT) as told:
        assert ["asana"] == list(told)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--systems", "trelo"], "no adapter is called 'trelo'; there are: "),
        (["--systems", "memory"], "the adapter memory has no sandbox"),
        (["--systems", ","], "--systems names none"),
        (["--load", "board.json"], "--load board.json: write it like trello=board.json"),
        (["--load", "trello=/nowhere.json"], "/nowhere.json cannot be read: No such file"),
        (["--load", f"trello={ROOT / 'LICENSE'}"], "LICENSE is not JSON"),
        (["--load", "trello={empty}"], "--load trello: not a Trello board export: it has no id"),
        (["--load", "asana={empty}"], "the sandbox of asana loads no exports"),
        (
            ["--systems", "asana", "--load", "trello={empty}"],
            "--load names trello, which --systems leaves out",
        ),
    ],
)
def test_a_wrong_wish_is_one_line(
    tmp_path: Path, args: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What cannot be served ends with 2 and says why."""
    empty = tmp_path / "empty.json"
    empty.write_text("{}")

    code, out, err = here(capsys, *(text.replace("{empty}", str(empty)) for text in args))

    assert (2, "") == (code, out)
    assert message in err
    assert 1 == len(err.splitlines())


def test_a_port_that_is_taken(capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever has the port keeps it."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        code, _, err = here(capsys, "--systems", "asana", "--port", str(port))

    assert (2, f"syncer: port {port} cannot be used: Address already in use\n") == (code, err)
