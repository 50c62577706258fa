"""``syncer init``: from credentials to a configuration that passes ``syncer check``."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from syncer.adapterkit import outcome, retry
from syncer.adapterkit.sandbox import Running
from syncer.settings import load
from tests.cli.newcomer import ANSWERS, Newcomer, newcomer, served
from tests.settings.test_editors import complaints

EVERY = ("trello", "asana", "hubspot", "google_analytics")


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Between attempts nobody waits."""
    monkeypatch.setattr(retry, "_backoff", lambda _state: 0.0)
    monkeypatch.setattr(outcome, "LEAST_PAUSE", 0.01)
    yield
    structlog.reset_defaults()


@pytest.fixture
def agency(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Newcomer]:
    with served(*EVERY) as running, newcomer(tmp_path / "agency", capsys, running) as made:
        yield made


@pytest.fixture(scope="module")
def shared() -> Iterator[dict[str, Running]]:
    """Two stand-ins for all tests that change nothing in them."""
    with served("trello", "asana") as running:
        yield running


@pytest.fixture
def two(
    shared: dict[str, Running], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Iterator[Newcomer]:
    with newcomer(tmp_path / "agency", capsys, shared) as made:
        yield made


def test_from_nothing_to_a_plan(agency: Newcomer) -> None:
    """With the answers that nobody can guess, what is written passes all checks and plans."""
    said = agency.init(answers=ANSWERS)
    config = load(agency.root, agency.environ)

    assert said.code == 0, said
    assert sorted(config.clients) == ["honey_rye_bakery", "tarn_outdoor"]
    assert {client.mode.value for client in config.clients.values()} == {"observe"}
    assert {len(client.scopes) for client in config.clients.values()} == {4}
    assert config.ownership.roles["producer"].people == {"maya", "tom"}
    assert agency.data("config/people.yaml")["maya"].keys() == {"name", "email", "zone", "trello"}
    following = said.out.partition("Next:")[2].split("\n")
    for command in [line for line in following if line.endswith((" check --live", " plan"))]:
        name, *args = command.split()
        assert name == "syncer"
        assert agency.run(*args).code == 0, command
    tested = agency.run("--config", str(agency.root), "test")
    assert (tested.code, "2 examples" in tested.out) == (0, True), tested
    for name, text in agency.files().items():
        schema = text.splitlines()[0].removeprefix("# yaml-language-server: $schema=")
        assert name.endswith(".json") or (agency.root / name).parent.joinpath(schema).is_file()
        assert not name.endswith(".yaml") or complaints(agency.root, name) == []
    shown = "".join([said.out, said.err, *agency.files().values()])
    assert not [secret for secret in agency.secrets() if secret in shown]
    assert "answers" in (agency.root / "init.json").read_text()


def test_nobody_to_ask_and_nothing_answered(two: Newcomer) -> None:
    """It does not wait: what is sure is taken, the rest is a comment, on the screen and a code."""
    agency = two
    said = agency.init("--json")
    told = json.loads(said.out)
    people = (agency.root / "config/people.yaml").read_text()

    assert said.code == told["exit_code"] == 4
    assert [".".join(each["answer_at"]) for each in told["unsure"]] == [
        *(f"people.{key}.trello" for key in ("anna", "ben", "maya", "tom")),
        "roles.producer",
        "roles.account_manager",
    ]
    assert people.count("# unsure: trello: ") == 4
    assert agency.data("config/people.yaml")["maya"].get("trello") is None
    assert agency.run("--config", str(agency.root), "check").code == 0

    again = agency.init(answers=ANSWERS)
    assert again.code == 0, again
    assert agency.data("config/people.yaml")["maya"]["trello"]
    assert "unsure" not in (agency.root / "config/people.yaml").read_text()
    assert agency.run("--config", str(agency.root), "check").code == 0


def test_days_are_those_of_the_account_where_nobody_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The time zone of the CRM's account is taken before that of the machine."""
    folder = tmp_path / "agency"
    with served("hubspot", "asana") as running, newcomer(folder, capsys, running) as made:
        said = made.init()

        people = made.data("config/people.yaml").values()
        assert {person["zone"] for person in people} == {"Europe/London"}
        assert "Days are those of Europe/London, as hubspot has it" in said.out


def test_again_only_what_is_new_is_proposed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A second run changes nothing; a new team and a new colleague are all that a third tells."""
    folder = tmp_path / "agency"
    with served("trello", "asana") as running, newcomer(folder, capsys, running) as made:
        _again(made)


def _again(two: Newcomer) -> None:
    two.init(answers=ANSWERS)
    before = two.files()

    assert "Nothing is new." in two.init().out
    assert two.files() == before

    store: Any = two.running["asana"].sandbox
    home = next(iter(store.store.all("workspace")))["gid"]
    store.store.add("team", name="Newland", organization=home, visibility="public")
    person = {"name": "Kim Lee", "email": "kim@brightside.example", "photo": None}
    store.store.add("user", **person, workspaces=[], custom_fields=[])
    told = json.loads(two.init("--json").out)

    assert [client["key"] for client in told["clients"]] == []
    assert [each["answer_at"] for each in told["unsure"]] == [["clients", "newland"]]
    assert [one["key"] for one in told["people"]] == ["kim"]
    assert [(f["file"], f["state"]) for f in told["files"]] == [("config/people.yaml", "written")]
    assert two.files()["config/people.yaml"].startswith(before["config/people.yaml"])


def test_a_hand_edit_is_never_lost(two: Newcomer) -> None:
    """What somebody changed is shown with what would come, and touched only when that is said."""
    two.init(answers=ANSWERS | {"clients": {"tarn_outdoor": "skip"}})
    file = two.root / "config/sync.yaml"
    edited = file.read_text().replace("archives: 10", "archives: 12 # Friday")
    file.write_text(edited)
    answers = {"clients": {"tarn": {"scopes": {"trello": "Tarn Outdoor"}}}}

    left = two.init(answers=answers)
    assert left.code == 3, left
    assert "+  tarn:" in left.out
    assert "config/sync.yaml is left as it is" in left.out
    assert file.read_text() == edited

    taken = two.init(answers=answers | {"overwrite": {"config/sync.yaml": True}})
    assert taken.code == 0, taken
    assert "archives: 12 # Friday" in file.read_text()
    assert two.data("config/sync.yaml")["clients"]["tarn"]["scopes"].keys() == {"trello"}


def test_a_run_that_breaks_off_goes_on(two: Newcomer) -> None:
    """A tool that is down writes nothing; what another told is not asked for again."""
    two.running["asana"].fault({"status": 503}, times=50)
    broken = two.init()
    asked = two.requests()["trello"]
    two.running["asana"].desk.faults.clear()

    assert broken.code == 1, broken
    assert "the same command goes on" in broken.err
    assert list(two.files()) == []
    assert two.init(answers=ANSWERS).code == 0
    survey = [r for r in two.running["trello"].requests[asked:] if "organizations" in r["path"]]
    assert not [r for r in survey if r["path"].endswith("/members/me/organizations")]


def test_a_dry_run_writes_nothing(two: Newcomer) -> None:
    """All is shown, and the folder is as it was: it is not even made."""
    said = two.init("--dry-run")

    assert "Would write: " in said.out
    assert not two.root.exists()


@pytest.mark.parametrize(
    ("answers", "place", "text"),
    [
        ({"clients": {"a": {"scopes": {"trello": "Nowhere"}}}}, ":4:15", 'no place "Nowhere"'),
        ({"clients": {"a": {"scope": {}}}}, ":3:5", 'unknown key "scope"'),
        ({"connections": {"trello": {"adapter": "trello", "key": "abc"}}}, ":4:10", "is a secret"),
    ],
    ids=["place", "key", "secret"],
)
def test_a_wrong_answer_is_told_with_its_line(
    two: Newcomer, answers: Any, place: str, text: str
) -> None:
    """File, line and column; nothing is written."""
    said = two.init(answers=answers)

    assert said.code == 2, said
    assert f"answers.yaml{place}" in said.err
    assert text in said.err
    assert list(two.files()) == []


def test_without_credentials_it_says_which(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The variables of every tool are named, and where they may stand."""
    with newcomer(tmp_path / "agency", capsys, {}) as nobody:
        said = nobody.init()

    assert said.code == 2
    assert "TRELLO_KEY, TRELLO_TOKEN" in said.err
    assert str(tmp_path / "agency" / ".env") in said.err


def test_credentials_may_stand_in_the_env_file(
    two: Newcomer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As well as in the environment; the file stays as it is. A refused one is told, and where."""
    for name in two.environ:
        monkeypatch.delenv(name)
    two.root.mkdir()
    env = two.root / ".env"
    lines = [f"{name}='{value}'" for name, value in two.environ.items()]
    env.write_text("\n".join(lines).replace(two.environ["ASANA_TOKEN"], "0/wrong"))
    refused = two.init()
    assert refused.code == 2
    assert "asana: the credential was refused" in refused.err

    env.write_text("\n".join(lines))
    os.chmod(env, 0o640)
    assert two.init(answers=ANSWERS).code == 0
    assert env.read_text() == "\n".join(lines)


def test_a_client_is_added(two: Newcomer) -> None:
    """By its key, with all that stands there kept to the letter; a file of one's own needs a yes."""
    two.init(answers=ANSWERS | {"clients": {"tarn_outdoor": "skip"}})
    file = two.root / "config/sync.yaml"
    before = f"{file.read_text()}# mine\n"
    file.write_text(before)
    add = ("--config", str(two.root), "client", "add")

    assert two.run(*add, "nowhere").code == 2
    assert two.run(*add, "tarn").code == 3
    assert file.read_text() == before
    added = two.run(*add, "tarn", "--yes")
    after = file.read_text()

    assert added.code == 0, added
    assert [line for line in before.splitlines() if line not in after.splitlines()] == []
    assert after.endswith("# mine\n")
    assert two.data("config/sync.yaml")["clients"]["tarn"]["name"] == "Tarn Outdoor"
    assert two.run(*add, "tarn").code == 2


PLAIN = """
from syncer.adapterkit.contract import AdapterSpec, Strict
from syncer.model.remote import RemotePerson

class Options(Strict):
    pass

class Scope(Strict):
    room: str

class Plain:
    def __init__(self, opening):
        pass

    def whoami(self):
        return RemotePerson("1", "Somebody")

    def close(self):
        pass

ADAPTER = AdapterSpec("plain", Plain, Options, Scope)
"""


def test_a_tool_that_tells_nothing_is_left_to_fill_in(
    two: Newcomer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody's own adapter is connected; where a client lives in it is a comment with its keys."""
    folder = two.root.parent / "own"
    info = folder / "own-1.dist-info"
    info.mkdir(parents=True)
    (folder / "own_plain.py").write_text(PLAIN)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: own\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[syncer.adapters]\nplain = own_plain:ADAPTER\n")
    monkeypatch.syspath_prepend(str(folder))

    said = two.init(answers=ANSWERS | {"connections": {"notes": {"adapter": "plain"}}})
    text = (two.root / "config/sync.yaml").read_text()

    assert said.code == 0, said
    assert "notes: Somebody; plain does not tell what it holds" in said.err
    assert text.count("# notes: {room: ...}") == 2
    assert two.data("config/sync.yaml")["connections"]["notes"] == {"adapter": "plain"}
