"""One story over the real wire: read a plan, save it, run exactly that; the world moves; rules change."""

import json
import re
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog

from syncer.cli import main
from tests.system.agency import Agency

Desk = Callable[..., tuple[int, str]]
CLIENT = "bakery"
TASK = "Icon set"


@pytest.fixture(scope="module")
def agency(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agency]:
    """The agency world, never in step before."""
    with Agency(tmp_path_factory.mktemp("plans")) as agency:
        yield agency


@pytest.fixture
def desk(
    agency: Agency, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    """The command line, with the secrets in its environment: exit code and output."""
    for name, value in agency.secrets.items():
        monkeypatch.setenv(name, value)

    def typed(*args: str) -> tuple[int, str]:
        agency.forget()
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(["--config", str(agency.folder), *args])
        return int(ended.value.code or 0), capsys.readouterr().out

    yield typed
    structlog.reset_defaults()


def written(agency: Agency) -> int:
    """Requests since the last command that were no reads."""
    return sum(map(len, agency.writes().values()))


def test_a_plan_is_read_saved_and_carried_out(agency: Agency, desk: Desk, tmp_path: Path) -> None:
    """First contact by a saved plan; an edit in between is named; a change of rules waits for one."""
    file = str(tmp_path / "bakery.plan.json")
    code, out = desk("plan", "--client", CLIENT, "--save", file)
    assert (code, written(agency)) == (0, 0), out
    assert max(map(len, out.splitlines())) <= 80
    assert 0o600 == stat.S_IMODE(Path(file).stat().st_mode)
    assert not any(secret in Path(file).read_text() for secret in agency.secrets.values())

    code, out = desk("run", "--plan", file, "--json")
    (told,) = json.loads(out)["clients"]
    assert (code, told["result"], told["moved"]) == (0, "done", []), out
    actions = told["plan"]["actions"]
    assert told["written"] == len(actions) > 0

    desk("run", "--client", CLIENT)
    agency.edit("asana", "maya", CLIENT, TASK, due="2027-02-03")
    assert desk("plan", "--client", CLIENT, "--save", file)[0] == 0
    agency.edit("asana", "maya", CLIENT, TASK, due="2027-02-05")
    code, out = desk("run", "--plan", file)
    assert (code, written(agency)) == (3, 0), out
    assert re.search(
        rf'trello deadline of "{TASK}": planned was .* -> 2027-02-03; now it is .* -> 2027-02-05',
        out,
    ), out
    assert desk("run", "--client", CLIENT)[0] == 0

    _rules_that_rewrite(agency)
    code, out = desk("run", "--client", CLIENT)
    assert (code, written(agency)) == (3, 0), out
    assert "refused: configuration: " in out
    assert f"syncer plan --client {CLIENT} --save {CLIENT}.plan.json" in out
    assert desk("plan", "--client", CLIENT, "--save", file)[0] == 3
    assert desk("run", "--plan", file)[0] == 0
    assert desk("run", "--plan", file)[0] == 3
    code, out = desk("run", "--client", CLIENT)
    assert (code, written(agency)) == (0, 0), out

    code, out = desk("plan", "--since", "2020-01-01", "--client", CLIENT)
    assert (code, written(agency)) == (0, 0), out
    assert "0 would end differently now" in out


def _rules_that_rewrite(agency: Agency) -> None:
    """A day in Trello ends an hour later from now on: every due date there is written anew."""
    mapping = agency.folder / "mappings" / "trello.yaml"
    text = mapping.read_text()
    assert 'day_end: "17:00"' in text
    mapping.write_text(text.replace('day_end: "17:00"', 'day_end: "18:00"'))
