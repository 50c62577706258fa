"""`client retire`: a client's open work ends in good order, is exported, and can be taken back."""

import csv
from pathlib import Path

from tests.cli.hamlet import Hamlet

TALK = "notices: {quiet: none, workdays: [mon, tue, wed, thu, fri, sat, sun]}"


def talking(hamlet: Hamlet) -> None:
    """People are told in their tools, and an account manager has asked for another deadline."""
    sync = hamlet.root / "config/sync.yaml"
    text = sync.read_text(encoding="utf-8").replace(
        "heads_up: cli-only", f"heads_up: in-tools\n{TALK}"
    )
    sync.write_text(text, encoding="utf-8")
    for _ in range(2):
        assert hamlet("run").code == 0
    two = hamlet.worlds["two"]
    two.change("anna", hamlet.find("two", "Build").id, {"due": "2026-12-24"})
    assert "held as a proposal" in hamlet("run").out
    hamlet("run")


def said(hamlet: Hamlet, system: str) -> list[str]:
    """What stands under the task now."""
    world = hamlet.worlds[system]
    return [each.markup for each in world.talk.under(hamlet.find(system, "Build").id)]


def test_retiring_shows_then_ends_what_is_open(hamlet: Hamlet, tmp_path: Path) -> None:
    """Dry at first; then the question is withdrawn where it stands, and nothing else is touched."""
    talking(hamlet)
    before = {n: len(w.history) for n, w in hamlet.worlds.items()}
    shown = hamlet("client", "retire", "acme")
    assert "acme would be retired" in shown.out
    assert "1 proposal: withdrawn" in shown.out
    assert "config/sync.yaml:" in shown.out
    assert "would like to change" in said(hamlet, "one")[-1]

    done = hamlet("client", "retire", "acme", "--yes", "--export", str(tmp_path / "acme"))
    assert (done.code, "acme is retired" in done.out) == (0, True)
    assert "what was asked here is withdrawn" in said(hamlet, "one")[-1]
    assert "would like to change" not in said(hamlet, "one")[-1]
    assert {n: len(w.history) for n, w in hamlet.worlds.items()} == before
    with (tmp_path / "acme" / "journal.csv").open(encoding="utf-8") as stream:
        assert {row["client"] for row in csv.DictReader(stream)} == {"acme"}
    met = (tmp_path / "acme" / "contacts.csv").read_text(encoding="utf-8").splitlines()
    assert [row.split(",")[:2] for row in met[1:]] == [["acme", "one"], ["acme", "two"]]
    assert '"proposals": []' in hamlet("proposals", "--json").out


def test_a_retired_client_is_not_run_and_not_missed(hamlet: Hamlet) -> None:
    """No run, plan or probe looks at it, although its lines are still there; it can be taken back."""
    hamlet("run")
    hamlet("client", "retire", "acme", "--yes")
    calls = {name: len(world.calls) for name, world in hamlet.worlds.items()}
    run = hamlet("run", "--client", "acme")
    assert (run.code, run.out.splitlines()[0]) == (0, "acme: retired")
    assert "`syncer client retire acme --undo`" in run.out
    assert hamlet("plan").code == 0
    assert {name: len(world.calls) for name, world in hamlet.worlds.items()} == calls
    assert hamlet("status", "--max-age", "0s").code == 0
    assert "retired" in hamlet("status").out
    assert hamlet("client", "retire", "acme", "--yes").code == 2

    assert "acme runs again" in hamlet("client", "retire", "acme", "--undo").out
    assert "acme: done" in hamlet("run").out
    assert hamlet("client", "retire", "acme", "--undo").code == 2


def test_its_lines_in_the_configuration_are_named(hamlet: Hamlet) -> None:
    """From where to where, in every file that names it as a key."""
    lines = (hamlet.root / "config/sync.yaml").read_text(encoding="utf-8").splitlines()
    first = lines.index("  acme:") + 1
    assert f"config/sync.yaml:{first}-{first + 3}" in hamlet("client", "retire", "acme").out
    assert hamlet("client", "retire", "nobody").code == 2
