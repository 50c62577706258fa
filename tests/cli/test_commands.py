"""Each command, over two memory systems: what it says, what it does, its exit code."""

import csv
import getpass
import io
import json
from typing import Any

from msgspec.structs import replace

from syncer import __version__
from syncer.state import Store
from tests.cli.hamlet import OWNERSHIP, Hamlet, Said


def told(said: Said) -> Any:
    """What a command said as JSON."""
    return json.loads(said.out)


def proposed(hamlet: Hamlet) -> str:
    """Everything in step, and a producer's deadline moved by an account manager; its proposal."""
    assert 0 == hamlet("run").code
    hamlet.edit("two", "Build", "anna", due="2026-12-24")
    assert 0 == hamlet("run").code
    (found,) = told(hamlet("proposals", "--json"))["proposals"]
    return str(found["id"])


def test_a_plan_is_shown_and_nothing_is_written(hamlet: Hamlet) -> None:
    """`plan` names system, record, field, values, reason and rule; 4 only if it is asked for."""
    said = hamlet("plan")

    assert 0 == said.code
    assert (
        "acme\n"
        "  two: 3 new\n"
        '    + project "Relaunch"  no twin yet\n'
        "        deadline: 2026-12-01  first contact in one  config/ownership.yaml:10\n"
        "        name: Relaunch  first contact in one  config/ownership.yaml:8\n"
    ) == said.out[: said.out.index('    + task "Build"')]
    assert "\n  two: 3 new\n" in said.out
    heads = "first contact  matched  candidates  create  change  held  left alone\n"
    numbers = "acme           0        0           3       0       0     0\n"
    assert said.out.endswith(heads + numbers)
    assert 4 == hamlet("plan", "--exit-code").code
    assert not hamlet.worlds["two"].things


def test_the_plan_is_the_run(hamlet: Hamlet) -> None:
    """What `plan --json` lists is what `run --json` then says it carried out."""
    (planned,) = told(hamlet("plan", "--json"))["clients"]
    (ran,) = told(hamlet("run", "--json"))["clients"]

    def writes(report: Any) -> list[Any]:
        actions = report["plan"]["actions"]
        return [[(c["field"], c["new"]) for c in action["changes"]] for action in actions]

    assert writes(planned) == writes(ran)
    assert (True, False) == (planned["planned_only"], ran["planned_only"])
    assert 3 == ran["written"]


def test_a_second_plan_is_empty(hamlet: Hamlet) -> None:
    """Once all is in step there is nothing to do, and `--exit-code` says so."""
    hamlet("run")

    said = hamlet("plan", "--exit-code")

    assert (0, "acme\n  nothing to write\n") == (said.code, said.out)


def test_a_change_shows_old_and_new(hamlet: Hamlet) -> None:
    """An edit by a non-owner is announced, and so is what is put back."""
    hamlet("run")
    hamlet.edit("two", "Build", "anna", due="2026-12-24")

    said = hamlet("plan")

    assert (
        "acme\n"
        "  edits\n"
        '    anna set deadline of task "Build" in two to 2026-12-24: held as a proposal;\n'
        "      2026-11-30 stands\n"
        "      config/ownership.yaml:15\n"
        "  two: 1 change\n"
        '    ~ task "Build"\n'
        "        deadline: 2026-12-24 -> 2026-11-30\n"
        "          puts back anna's edit  first contact in one  config/ownership.yaml:15\n"
        "  two: 1 change\n"
    ) == said.out


def test_a_refused_plan_says_the_numbers_and_the_way_out(hamlet: Hamlet) -> None:
    """More than the limit is refused with 3, with numbers and flag; the flag lets it pass."""
    assert 0 == hamlet("run").code
    hamlet.write(more="limits: {archives: 1, archive_share: 0}")
    for title in ("Build", "Sketch"):
        hamlet.worlds["one"].delete("maya", hamlet.find("one", title).id)

    said = hamlet("run")

    line = "  refused: archives in two: 2 of 3, the limit is 1; to allow: --allow archives\n"
    assert 3 == said.code
    assert line in said.out
    assert "present" == hamlet.find("two", "Build").existence
    assert 3 == hamlet("plan").code
    assert 0 == hamlet("run", "--allow", "archives").code
    assert "archived" == hamlet.find("two", "Build").existence


def test_proposals_are_listed_and_approved(hamlet: Hamlet) -> None:
    """`proposals` shows who may answer; `approve` needs a person and the run carries it out."""
    id = proposed(hamlet)
    number = told(hamlet("proposals", "--json"))["proposals"][0]["number"]
    assert f'{number}  acme    task "Build"  deadline  2026-11-30  2026-12-24  anna in two' in (
        hamlet("proposals").out
    )
    plain, listed = hamlet("proposals", "--json"), hamlet("proposals", "list", "--json")
    assert told(plain)["proposals"] == told(listed)["proposals"]
    assert 2 == hamlet("proposals", "approve", id).code

    said = hamlet("proposals", "approve", id[:9], "--as", "tom")

    assert (0, 'accepted: deadline of task "Build" = 2026-12-24, by tom') == (
        said.code,
        said.out.splitlines()[0],
    )
    hamlet("run")
    assert "2026-12-24" == hamlet.find("one", "Build").fields["due"]
    assert "no proposals are waiting\n" == hamlet("proposals").out
    (ended,) = told(hamlet("proposals", "--all", "--json"))["proposals"]
    assert ("accepted", "tom") == (ended["status"], ended["closed_by"])
    said = hamlet("proposals", "list", "--all")
    assert said.out.splitlines()[1].endswith("  accepted by tom")
    assert "to answer" not in said.out


def test_the_open_proposal_is_meant(hamlet: Hamlet) -> None:
    """A beginning that fits ended ones too means the one that waits; several are too many."""
    hamlet("proposals", "decline", proposed(hamlet), "--as", "maya")
    hamlet.edit("two", "Sketch", "anna", due="2026-12-20")
    hamlet("run")

    assert 0 == hamlet("proposals", "decline", "p_", "--as", "maya", "--reason", "too late").code
    said = hamlet("proposals", "decline", "p_", "--as", "maya")
    assert (2, "syncer: p_ can mean 2 proposals; write more of it\n") == (said.code, said.err)


def test_a_proposal_is_answered_by_its_number(hamlet: Hamlet) -> None:
    """What people are told to reply with is taken here as well, in any case."""
    proposed(hamlet)
    with Store.open(hamlet.root / "data" / "syncer.db") as store:
        (number,) = (proposal.number for proposal in store.proposals())

    said = hamlet("proposals", "decline", number.lower(), "--as", "tom")

    assert (0, "declined") == (said.code, said.out[:8])


def test_a_refusal_names_who_may_answer(hamlet: Hamlet) -> None:
    """Somebody who does not own the field gets one clear line, and no run would mend it: 2."""
    id = proposed(hamlet)

    said = hamlet("proposals", "decline", id, "--as", "anna")

    assert 2 == said.code
    assert (
        "syncer: anna is not producer here and may not decide task.deadline, which belongs to"
        " producer (config/ownership.yaml:15); here maya, tom may\n"
    ) == said.err


def test_a_proposal_that_is_not_there(hamlet: Hamlet) -> None:
    """An id that means nothing says where to look."""
    said = hamlet("proposals", "approve", "p_nope", "--as", "tom")

    assert (2, "syncer: there is no proposal p_nope: see `syncer proposals`\n") == (
        said.code,
        said.err,
    )


def test_a_rule_is_explained_with_its_line(hamlet: Hamlet) -> None:
    """`explain ENTITY.FIELD` gives owner, people, policies and where the field lives."""
    said = hamlet("explain", "project.deadline")

    assert (
        "project.deadline (when)  config/ownership.yaml:10\n"
        "  owner: producer: Maya Okafor, Tom Lindqvist, told in one  config/ownership.yaml:3\n"
        "  anybody else: propose\n"
        "  a proposal ends 3 working days after its owner was told (lapse); nobody is told, so the clock stands still\n"
        "  stand-in: Anna Brandt\n"
        "  while a proposal waits, the proposer's tool shows the owner's value\n"
        "  in one: project.deadline  mappings/memory.yaml:10\n"
        "  in two: project.deadline  mappings/memory.yaml:10\n"
    ) == said.out
    rule = told(hamlet("explain", "project.deadline", "--json"))
    assert ("config/ownership.yaml:10", ["maya", "tom"]) == (
        rule["rule"],
        rule["owners"][0]["people"],
    )


def test_a_record_is_explained_by_any_name(hamlet: Hamlet) -> None:
    """Title, part of a title, id and a vendor's id all lead to the same story."""
    proposed(hamlet)
    by_title = told(hamlet("explain", "BUILD", "--json"))
    names = ("uil", by_title["record"], by_title["record"][:12])
    remote = hamlet.find("two", "Relaunch").id

    assert "Relaunch" == told(hamlet("explain", remote, "--json"))["title"]
    assert {by_title["record"]} == {told(hamlet("explain", n, "--json"))["record"] for n in names}
    assert "2026-11-30" == by_title["agreed"]["deadline"]["value"]
    assert {"one", "two"} == {twin["connection"] for twin in by_title["twins"]}


def test_an_address_from_a_browser_will_do(hamlet: Hamlet) -> None:
    """A vendor's address finds the record also with a name, a query or a place around the id."""
    hamlet("run")
    with Store.open(hamlet.root / "data" / "syncer.db") as store, store.transaction() as tx:
        (record,) = store.resolve("Build")
        link = store.links_of([record.id])[record.id][0]
        url = "https://trello.example/c/CV3atpLy"
        tx.put_links([replace(link, url=url, remote_id="1200000000000029")])
    others = ("https://asana.example/0/77/1200000000000029/f", f"{url}/3-build", f"{url}?filter=x")

    for address in (url, *others):
        assert record.id == told(hamlet("explain", address, "--json"))["record"], address
    assert 2 == hamlet("explain", "https://trello.example/c/other").code


def test_a_field_of_a_record_tells_its_history(hamlet: Hamlet) -> None:
    """`explain RECORD FIELD`: the value, who proposes what, under which line, since when."""
    proposed(hamlet)

    said = hamlet("explain", "Build", "deadline")

    (proposal,) = told(hamlet("proposals", "--json"))["proposals"]
    number = proposal["number"]
    assert said.out.startswith('The deadline of "Build" is 30 November 2026 because one showed it')
    assert (
        f"asks for 24 December 2026 as the deadline ({number}); it waits for Maya Okafor or"
        " Tom Lindqvist." in said.out
    )
    assert "Anna Brandt (account manager) in two: deadline: 30 November 2026 -> 24 D" in said.out
    assert f"held as a proposal {number}; waits  ownership.yaml:15  c_" in said.out
    assert "status" not in said.out


def test_what_is_not_known_cannot_be_explained(hamlet: Hamlet) -> None:
    """Nothing, several things and a field that is none: each says so, with a way on."""
    hamlet("run")

    nothing = hamlet("explain", "nope")
    assert (2, 'syncer: nothing is known of "nope"\n') == (nothing.code, nothing.err)
    several = hamlet("explain", "e")
    assert (2, '"e" can mean 2 records; write more of it') == (
        several.code,
        several.err.splitlines()[0].removeprefix("syncer: "),
    )
    assert 'task "Sketch"' in several.err
    assert 'task has no field "due"; it has: ' in hamlet("explain", "task.due").err


def test_status_and_health(hamlet: Hamlet) -> None:
    """Alive from the start and fresh only when lately in step; proposals that wait are counted."""
    said = hamlet("status", "--max-age", "1d")
    assert (1, "acme: never ran yet") == (said.code, said.out.splitlines()[-1])
    assert (0, "healthy\n") == (hamlet("status", "--health").code, hamlet("status", "--health").out)
    assert not (hamlet.root / "data").exists()

    proposed(hamlet)

    (client,) = told(hamlet("status", "--json"))["clients"]
    assert ({"one": 3, "two": 3}, 1, None) == (
        client["linked"],
        client["proposals"],
        client["paused_since"],
    )
    assert "done" == client["last_cycle"]["status"]
    said = hamlet("status", "--health")
    assert (0, "healthy\n") == (said.code, said.out)
    assert 0 == hamlet("status", "--max-age", "1d").code
    assert 1 == hamlet("status", "--max-age", "0s").code
    assert 1 == hamlet("status", "--health", "--max-age", "0s").code


def test_health_calls_no_tool(hamlet: Hamlet) -> None:
    """A probe reads the state only."""
    hamlet("run")
    for world in hamlet.worlds.values():
        world.calls.clear()

    hamlet("status", "--health")

    assert [] == [call for world in hamlet.worlds.values() for call in world.calls]


def test_a_plan_that_a_pause_keeps_back_is_no_success(hamlet: Hamlet) -> None:
    """Whoever hands in a saved plan learns from the exit code that it was not carried out."""
    file = str(hamlet.root / "acme.plan")
    assert hamlet("plan", "--save", file).code == 0
    hamlet("pause", "acme")
    said = hamlet("run", "--plan", file)
    assert (said.code, said.out.splitlines()[0]) == (3, "acme: paused")
    assert hamlet("run").code == 0

    hamlet("resume", "acme")
    assert hamlet("run", "--plan", file).code == 0


def test_a_paused_client_is_left_alone(hamlet: Hamlet) -> None:
    """`pause` stops one client or all, `resume` lets them run, and both are in the journal."""
    said = hamlet("pause", "acme")
    who = getpass.getuser()
    assert (0, True) == (said.code, said.out.startswith("acme is paused since "))
    assert f" UTC, by {who}\n" in said.out
    said = hamlet("run", "--client", "acme")
    assert (0, "acme: paused") == (said.code, said.out.splitlines()[0])
    assert f" UTC, by {who}; `syncer resume acme` lets it run" in said.out
    assert not hamlet.worlds["two"].things

    hamlet("pause")
    assert "acme stays paused" in hamlet("resume", "acme").out
    hamlet("resume")
    assert "acme: done" in hamlet("run").out
    rows = list(csv.DictReader(io.StringIO(hamlet("export", "journal").out)))
    assert ["pause", "pause", "resume", "resume"] == sorted(
        row["outcome"] for row in rows if row["kind"] == "command"
    )


def test_a_run_of_one_client(hamlet: Hamlet) -> None:
    """`--client` takes one that is configured; another is refused with those that are."""
    assert 0 == hamlet("run", "--client", "acme").code

    said = hamlet("run", "--client", "zoe")

    assert (2, 'syncer: there is no client "zoe"; there are: acme\n') == (said.code, said.err)


def test_export_gives_every_row(hamlet: Hamlet) -> None:
    """CSV, JSON and lines of JSON hold the same rows."""
    hamlet("run")

    rows = list(csv.DictReader(io.StringIO(hamlet("export", "links").out)))
    listed = told(hamlet("export", "links", "--format", "json"))
    lines = hamlet("export", "links", "--format", "jsonl").out.splitlines()

    assert 6 == len(rows) == len(listed) == len(lines)
    assert [row["id"] for row in rows] == [json.loads(text)["id"] for text in lines]
    assert 2 == hamlet("export", "cache").code


def test_check_warns_where_nobody_can_be_named(hamlet: Hamlet) -> None:
    """An owned field whose author a tool does not keep is a warning, once the tool was seen."""
    text = (hamlet.root / "config" / "sync.yaml").read_text("utf-8")
    quirk = ':two", no_history: [due]}'
    (hamlet.root / "config" / "sync.yaml").write_text(text.replace(':two"}', quirk), "utf-8")
    assert "warning" not in hamlet("check").out
    hamlet("run")

    said = hamlet("check")

    assert 0 == said.code
    assert (
        "warning: two does not tell who changes due of a item, so task.deadline"
        " (config/ownership.yaml:15) is nobody's edit there (mappings/memory.yaml:19)\n"
    ) in said.out

    mapping = hamlet.root / "mappings" / "memory.yaml"
    text = mapping.read_text("utf-8")
    mapping.write_text(
        text.replace("deadline: due", "deadline: {field: due, direction: push}"), "utf-8"
    )
    assert "warning" not in hamlet("check").out, "what is only written there is edited nowhere"


def test_the_version(hamlet: Hamlet) -> None:
    """`--version` needs no configuration."""
    assert f"syncer {__version__}\n" == hamlet("--version").out


def test_every_listing_speaks_json(hamlet: Hamlet) -> None:
    """Before or after the command, `--json` gives one JSON document and nothing else."""
    proposed(hamlet)
    listings = (["plan"], ["run"], ["check"], ["status"], ["proposals"], ["proposals", "list"])
    for listing in (*listings, ["explain", "task.title"], ["explain", "Build"], ["provision"]):
        told(hamlet(*listing, "--json"))
        assert isinstance(told(hamlet("--json", *listing)), dict), listing


def test_a_broken_client_stops_only_itself(hamlet: Hamlet) -> None:
    """The others run; the exit code is 2 and the place of the fault is shown."""
    hamlet.write(
        more="  other:\n    name: Other\n    zone: Mars/Base\n    scopes: {one: {team: x}}\n"
    )

    said = hamlet("run")

    assert 2 == said.code
    assert "acme: done" in said.out
    assert "other: its configuration is wrong" in said.out
    assert "config/sync.yaml:14:11: " in said.out
    assert hamlet.find("two", "Build")


def test_every_problem_is_listed_at_once(hamlet: Hamlet) -> None:
    """`check` and `run` show all problems with file, line and column, and end with 2."""
    wrong = OWNERSHIP.replace("owner: producer, others: notify", "ownr: producer")
    hamlet.write(more="", ownership=wrong)

    said = hamlet("check")

    assert 2 == said.code
    lines = [text for text in said.out.splitlines() if 'unknown key "ownr"' in text]
    assert lines[0].startswith("config/ownership.yaml:16:12: ")
    run = hamlet("run")
    assert (2, "syncer: the configuration is wrong") == (run.code, run.err.splitlines()[0])
    assert lines[0] in run.err
