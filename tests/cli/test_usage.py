"""A wrong command line is told where the caller reads: text to people, JSON to programs."""

import json

import pytest

from syncer.cli import main
from syncer.cli.app import _MODULES
from tests.cli.hamlet import Hamlet

WRONG = [
    (["run", "--nope"], "No such option: --nope"),
    (["frobnicate"], "No such command 'frobnicate'"),
    (["explain"], "Missing argument"),
    (["run", "--allow", "everything"], "one of archives, updates, remaps, absent"),
    (["status", "--max-age", "soon"], "write it like 30m, 2h or 1d"),
    (["parked", "replay"], "say what to try again"),
    (["run", "--client", "zoe"], 'there is no client "zoe"'),
]


@pytest.mark.parametrize(("args", "says"), WRONG, ids=[" ".join(args) for args, _ in WRONG])
def test_a_wrong_command_is_json_where_json_was_asked_for(
    hamlet: Hamlet, args: list[str], says: str
) -> None:
    """One JSON document on standard output with error, details and exit code 2, before or after."""
    for line in ([*args, "--json"], ["--json", *args]):
        said = hamlet(*line)
        told = json.loads(said.out)

        assert (2, 2) == (said.code, told["exit_code"])
        assert says in told["error"]
        assert isinstance(told["details"], list)


@pytest.mark.parametrize(("args", "says"), WRONG[:5], ids=[" ".join(args) for args, _ in WRONG[:5]])
def test_people_read_it_as_text(hamlet: Hamlet, args: list[str], says: str) -> None:
    """Without `--json` nothing is on standard output; the words are on the other stream."""
    said = hamlet(*args)

    assert (2, "") == (said.code, said.out)
    assert says.rsplit(maxsplit=1)[-1] in said.err


@pytest.mark.parametrize("named", [[], ["run"]], ids=["alone", "before a command"])
def test_help_before_a_command_tells_of_all(
    named: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Who asks the program itself for help reads of every command, whatever word follows."""
    with pytest.raises(SystemExit):
        main(["--help", *named])

    said = capsys.readouterr().out
    assert all(f"  {name} " in said for name in _MODULES)


def test_help_is_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    """Asking for help is 0, with `--json` too."""
    with pytest.raises(SystemExit) as ended:
        main(["run", "--help", "--json"])

    assert not ended.value.code
    assert "Usage" in capsys.readouterr().out
