"""``syncer parked``: what failed is listed with its reason, and tried again when somebody asks."""

import csv
import io
import json
from typing import Any

import pytest

from syncer.adapterkit.errors import SkipRecord, WaitAndRetry
from syncer.state import Store
from tests.cli.hamlet import Hamlet, Said

VENDOR = "the card\x1b[2J is \u202elocked\ud800 for token=abc123def456"


def told(said: Said) -> Any:
    """What a command said as JSON."""
    return json.loads(said.out)


def stuck(hamlet: Hamlet, *titles: str, reason: str = VENDOR) -> list[Any]:
    """Everything in step, then these tasks' new deadlines refused by the second system."""
    assert 0 == hamlet("run").code
    refuse(hamlet, reason)
    for title in titles:
        hamlet.edit("one", title, "tom", due="2026-12-10")
    assert 1 == hamlet("run").code
    found: list[Any] = told(hamlet("parked", "--json"))["parked"]
    return found


def refuse(hamlet: Hamlet, reason: str = VENDOR) -> None:
    """Let the second system refuse every update."""

    def fault(moment: str, call: str) -> None:
        if (moment, call) == ("before", "update"):
            raise SkipRecord(reason)

    hamlet.worlds["two"].fault = fault


def heal(hamlet: Hamlet) -> None:
    """Let it take them again."""
    hamlet.worlds["two"].fault = lambda _moment, _call: None


def test_what_is_parked_is_a_table(hamlet: Hamlet) -> None:
    """Id, client, system, record, what, reason, since when, tries, next try; nothing hidden acts."""
    (one,) = stuck(hamlet, "Build")

    said = hamlet("parked")

    lines = said.out.splitlines()
    assert 0 == said.code
    assert lines[0].split() == [
        *("id", "client", "system", "record", "what", "reason", "since", "tries", "next", "try"),
    ]  # fmt: skip
    row = lines[1]
    assert row.startswith(f'{one["id"]}  acme    two     "Build"  update deadline  the card [2J is')
    assert row.rstrip().endswith("1      in 5 min")
    assert not any(mark in said.out for mark in ("\x1b", "\u202e", "abc123def456"))
    assert lines[2] == "to try again now: syncer parked replay ID, or --client C, or --all"
    assert "Build" in hamlet("status").out
    assert 1 == len(told(hamlet("status", "--json"))["clients"][0]["parked"])


def test_it_is_listed_as_json(hamlet: Hamlet) -> None:
    """Machines get every part, with stable keys."""
    (one,) = stuck(hamlet, "Build")

    about = {name: one[name] for name in ("client", "connection", "system", "title", "what")}
    assert about == {
        "client": "acme", "connection": "two", "system": "memory", "title": "Build",
        "what": "update deadline",
    }  # fmt: skip
    assert one["attempts"] == 1
    assert one["detail"]["fields"] == ["deadline"]
    assert "\x1b" not in one["reason"]
    assert one["next_try"] > one["since"]


def test_nothing_is_parked(hamlet: Hamlet) -> None:
    """With all in step there is nothing to list, and nothing to replay: 0."""
    hamlet("run")

    for args in (["parked"], ["parked", "replay", "--all"]):
        said = hamlet(*args)
        assert (0, "nothing is parked\n") == (said.code, said.out), args


def test_the_list_is_narrowed(hamlet: Hamlet) -> None:
    """`--client` and `--system` (a connection or a product) choose; what is not there is said."""
    stuck(hamlet, "Build")

    for chosen in (["--client", "acme"], ["--system", "two"], ["--system", "memory"]):
        assert "Build" in hamlet("parked", *chosen).out
    assert "nothing is parked\n" == hamlet("parked", "--system", "one").out
    said = hamlet("parked", "--system", "jira")
    assert (2, 'syncer: there is no system "jira"; there are: memory, one, two\n') == (
        said.code,
        said.err,
    )
    assert 2 == hamlet("parked", "--client", "zoe").code


def test_a_replay_tries_at_once_what_is_named(hamlet: Hamlet) -> None:
    """By id or its beginning: that work is tried before its time, and is gone when it went through."""
    first, second = stuck(hamlet, "Build", "Sketch")
    heal(hamlet)

    said = hamlet("parked", "replay", first["id"][:7])

    assert 0 == said.code
    assert "tried 1: 1 went through, 0 still parked" in said.out
    shown = {t: hamlet.find("two", t).fields["due"] for t in (first["title"], second["title"])}
    assert shown == {first["title"]: "2026-12-10", second["title"]: "2026-11-30"}
    assert [second["id"]] == [one["id"] for one in told(hamlet("parked", "--json"))["parked"]]


def test_a_replay_is_journalled_with_who_asked(
    hamlet: Hamlet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The journal names the user of the operating system, and so does why it was parked."""
    monkeypatch.setenv("LOGNAME", "olga")
    (one,) = stuck(hamlet, "Build")
    hamlet("parked", "replay", "--all")

    rows = list(csv.DictReader(io.StringIO(hamlet("export", "journal").out)))
    lines = [row for row in rows if row["kind"] in ("command", "parked")]
    assert [(row["kind"], row["outcome"]) for row in lines] == [
        ("parked", "parked"),
        ("command", "replay"),
    ]
    assert lines[1]["text"] == f"parked replay {one['id']}, typed by olga"
    assert lines[1]["record"] == one["record"]


def test_a_replay_that_fails_again_says_so(hamlet: Hamlet) -> None:
    """What still fails stays parked, with a longer pause and one try more: 1."""
    (one,) = stuck(hamlet, "Build")

    said = hamlet("parked", "replay", "--client", "acme", "--json")

    assert 1 == said.code
    assert ([], [one["id"]], 1) == tuple(
        told(said)[name] for name in ("went_through", "still_parked", "exit_code")
    )
    (again,) = told(hamlet("parked", "--json"))["parked"]
    assert (again["attempts"], again["since"]) == (2, one["since"])
    assert "tried 1: 0 went through, 1 still parked" in hamlet("parked", "replay", "--all").out


def test_a_dry_run_changes_nothing(hamlet: Hamlet) -> None:
    """`--dry-run` says what would be tried: no request, no change of the state, 0."""
    (one,) = stuck(hamlet, "Build")
    heal(hamlet)
    for world in hamlet.worlds.values():
        world.calls.clear()

    said = hamlet("parked", "replay", "--all", "--dry-run")

    assert 0 == said.code
    assert said.out.startswith("1 piece of parked work would be tried again, nothing was changed\n")
    assert one["id"] in said.out
    assert [] == [call for world in hamlet.worlds.values() for call in world.calls]
    assert [one] == told(hamlet("parked", "--json"))["parked"]
    rows = csv.DictReader(io.StringIO(hamlet("export", "journal").out))
    assert not [row for row in rows if row["kind"] == "command"]


def test_an_id_that_means_nothing_or_too_much(hamlet: Hamlet) -> None:
    """Unknown, ambiguous or none: one clear line each, 2, and nothing is tried."""
    ids = [one["id"] for one in stuck(hamlet, "Build", "Sketch")]
    heal(hamlet)

    said = hamlet("parked", "replay", ids[0], "f_nope")
    assert (2, 'syncer: nothing that is parked is called "f_nope": see `syncer parked`\n') == (
        said.code,
        said.err,
    )
    said = hamlet("parked", "replay", "f_")
    assert 2 == said.code
    assert said.err.startswith('syncer: "f_" can mean 2 pieces of parked work; write more of it\n')
    said = hamlet("parked", "replay")
    assert 2 == said.code
    assert said.err.startswith(
        "syncer: say what to try again: IDs, --client C, --system S or --all\n"
    )
    assert "2026-11-30" == hamlet.find("two", "Build").fields["due"]


def test_a_replay_while_another_run_works(hamlet: Hamlet) -> None:
    """The client is locked: 5 does not hide that it is still parked, and the next run tries it."""
    stuck(hamlet, "Build")
    heal(hamlet)
    with Store.open(hamlet.root / "data" / "syncer.db") as store, store.lock("acme"):
        said = hamlet("parked", "replay", "--all")

    assert 1 == said.code
    assert "left alone: another run is working on it" in said.out
    assert 0 == hamlet("run").code
    assert "nothing is parked\n" == hamlet("parked").out


def test_what_goes_through_by_itself_is_parked_no_longer(hamlet: Hamlet) -> None:
    """A passing trouble is listed after the run that met it and gone after the next."""
    hamlet("run")

    def busy(moment: str, call: str) -> None:
        if (moment, call) == ("before", "update"):
            raise WaitAndRetry("is busy", status=503)

    hamlet.worlds["two"].fault = busy
    hamlet.edit("one", "Build", "tom", due="2026-12-10")
    assert 1 == hamlet("run").code
    assert "next run" in hamlet("parked").out
    heal(hamlet)

    assert 0 == hamlet("run").code

    assert "nothing is parked\n" == hamlet("parked").out
