"""Where the world moved is said in words, each difference once; replays in numbers and a list."""

import json
from datetime import UTC, datetime

import pytest

from syncer.cli.output import plain
from syncer.model.replays import Replayed
from syncer.model.saved import Moved, SavedItem
from syncer.reconcile.moved import moved
from syncer.report.changes import Look
from syncer.report.moved import moved_document, moved_json
from syncer.report.replay import chosen, replay_document, replay_json
from tests.docs import page
from tests.report.made import edit, report, update, widest, write

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def item(
    kind: str, *key: str, title: str = "", where: str = "", field: str = "", **said: object
) -> SavedItem:
    """A part of a saved plan."""
    return SavedItem(kind, key, title, where, field, said)  # type: ignore[arg-type]


def written(old: str | None, new: str | None) -> SavedItem:
    """A deadline that is written."""
    key = ("trello", "r_1", "update", "deadline")
    return item("write", *key, title="Launch", where="trello", field="deadline", old=old, new=new)


ANNA = {"in": "asana", "by": "anna", "set": "2026-12-31", "outcome": "proposed"}
TABLE = [
    ("another value", written("1", "2"), written("1", "3"), 'trello deadline of "Launch": planned was 1 -> 2; now it is 1 -> 3'),
    ("another old value", written("1", "2"), written("0", "2"), 'trello deadline of "Launch": planned was 1 -> 2; now it is 0 -> 2'),
    ("a write that is gone", written("1", None), None, 'trello deadline of "Launch": gone: planned was 1 -> empty'),
    ("a write that is new", None, written(None, "2"), 'trello deadline of "Launch": new, not in the plan: empty -> 2'),
    ("a new thing", None, item("action", "asana", "r_2", "create", title="Print", where="asana", object="task", id=None), 'asana "Print": new, not in the plan: to create task'),
    ("an edit", None, item("verdict", "r_1", "deadline", title="Launch", field="deadline", edits=[ANNA]), 'deadline of "Launch": new, not in the plan: anna set 2026-12-31 in asana: proposed'),
    ("a refusal", None, item("refusal", "archives", "trello", where="trello", count=12, of=40, limit="8"), "trello archives trello: new, not in the plan: is refused by the guard: count 12, of 40, limit 8"),
    ("a system", None, item("down", "trello", where="trello"), "trello trello: new, not in the plan: does not answer"),
    ("other rules", item("configuration", "configuration", fingerprint="a"), item("configuration", "configuration", fingerprint="b"), "what decides in the configuration was changed since the plan was saved"),
    ("a second time", None, item("carried out", "c_1", at="2026-03-02"), "this plan was carried out at 2026-03-02; a plan is carried out once"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("planned", "now", "words"), [r[1:] for r in TABLE], ids=[r[0] for r in TABLE]
)
def test_what_moved_in_words(planned: SavedItem | None, now: SavedItem | None, words: str) -> None:
    """What was planned against what is now, what is new and what is gone, and the way out."""
    first, *_, last = [t for b in moved_document([Moved(planned, now)], str) for t in plain(b)]

    assert words == first.strip()
    assert "save the plan anew" in last
    assert json.dumps(moved_json(Moved(planned, now)))


def test_two_plans_are_compared_thing_by_thing() -> None:
    """Order says nothing; of two things of one name each is compared; equal ones are not told."""
    same = [written("1", "2"), item("hold", "k", reason="unsure")]
    twice = [item("verdict", "r_1", "notes", value="a"), item("verdict", "r_1", "notes", value="b")]

    assert () == moved([*same, *twice], [*twice, *reversed(same)])
    assert [(None, "b"), ("b", None)] == [
        (m.planned and m.planned.said["value"], m.now and m.now.said["value"])
        for m in (*moved(twice[:1], twice), *moved(twice, twice[:1]))
    ]


def replayed(then: str, now: str, **more: object) -> Replayed:
    """An edit of the past."""
    given = {"client": "bakery", "record": "r_1", "entity": "task", "title": "Launch", "field": "deadline",
             "connection": "asana", "editor": "anna", "at": NOON, "new": "2026-12-31", "rule_now": "ownership.yaml:7"}  # fmt: skip
    return Replayed(**{**given, "then": then, "now": now, **more})  # type: ignore[arg-type]


def test_a_replay_is_counted_by_field_person_and_rule_and_listed() -> None:
    """Only what ends differently is counted and listed; what cannot be known is said with why."""
    edits = [replayed("taken", "proposed", title=f"T{n}") for n in range(25)]
    edits += [
        replayed("taken", "taken"),
        replayed("taken", "", unknown="its record is not there any more"),
    ]
    edits += [replayed("proposed", "notified", editor="tom", field="start")]

    blocks = replay_document(edits, NOON, Look())
    lines = [line for block in blocks for line in plain(block)]
    found = replay_json(edits, NOON)

    assert lines[0] == "28 edits since 2026-03-02T12:00:00Z: 26 would end differently now"
    assert "task.deadline  taken -> held  25" in lines
    assert "tom        held -> told   1" in lines
    assert "ownership.yaml:7  taken -> held  25" in lines
    assert "  and 6 more: see --all" in lines
    assert "  1 edit: its record is not there any more" in lines
    assert widest(lines) <= 80
    assert (28, 26, 1) == (found["edits"], found["different"], found["unknown"])
    assert 25 == len(chosen(edits, Look(fields=("deadline",), records=("T",))))
    assert found == json.loads(json.dumps(found))


def test_every_key_of_the_json_is_documented() -> None:
    """Programs rely on keys: each one is named on the page, and each of the page is there."""
    from syncer.report.cycle import cycle_json

    told = cycle_json(
        report(update("A", write("deadline", "1", "2")), judgements=(edit("A", "taken", "2"),))
    )
    action = told["plan"]["actions"][0]
    keys = {*told, *told["plan"], *told["verdicts"][0], *action, *action["changes"][0]}
    keys |= set(moved_json(Moved(None, written("1", "2"))))
    keys |= set(replay_json([], NOON)) | set(
        replay_json([replayed("taken", "held")], NOON)["list"][0]
    )
    text = (page.ROOT / "docs" / "plans.md").read_text("utf-8")

    assert set() == {key for key in keys if f"`{key}`" not in text}
