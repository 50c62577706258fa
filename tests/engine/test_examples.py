"""The rule book by example: the shipped examples hold, and they hold what they promise."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from syncer.engine.examples import FATES, attempt, plain_day
from syncer.model.configuration import Configuration
from syncer.model.decisions import Editor
from syncer.model.entities import EXISTENCE
from syncer.model.examples import Doing, Example, Fate
from syncer.model.goals import RESULTS
from syncer.model.records import ProposalStatus
from syncer.model.remote import RemotePerson
from syncer.model.rules import NOBODY, NOWHERE, Policy, Rule, Source
from syncer.reconcile.roles import STAND_IN
from syncer.settings.examples import examples
from syncer.state import Store
from tests.engine.town import Town, empty_state, ownership
from tests.settings.agency import ROOT, Agency, copied


@pytest.fixture(scope="module")
def config() -> Configuration:
    """The shipped configuration."""
    return Agency(ROOT).load()


@pytest.fixture(scope="module")
def shipped(config: Configuration) -> tuple[Example, ...]:
    """The shipped examples."""
    return examples(ROOT, config)


@pytest.fixture
def state(tmp_path: Path) -> Iterator[Store]:
    """An empty state."""
    with Store.open(empty_state(tmp_path / "state.db")) as store:
        yield store


def test_every_shipped_example_holds(
    config: Configuration, shipped: tuple[Example, ...], state: Store
) -> None:
    """What ops people read of the shipped rules is what the rules do."""
    tried = [attempt(config, state, example) for example in shipped]

    assert [] == [(one.example.name, one.amiss) for one in tried if not one.good]


def edits(shipped: tuple[Example, ...]) -> set[tuple[str, str, Editor, str, Fate]]:
    """Entity, field, editor, connection and expected outcome of every edit in the examples."""
    found = set()
    for example in shipped:
        last = example.doings[-len(example.then) :]
        for doing, fate in zip(last, example.then, strict=True):
            if not doing.reply:
                found.add((example.entity, doing.field, doing.by, doing.connection, fate))
    return found


def test_every_shipped_field_has_examples(
    config: Configuration, shipped: tuple[Example, ...]
) -> None:
    """Of each field with an owner one of an owner and one of somebody else; of each shared one."""
    roles = config.ownership.roles
    holders = {name: role.people or {role.system} for name, role in roles.items()}
    seen = {(entity, field, by.person or by.shown) for entity, field, by, *_ in edits(shipped)}
    lacking = []
    for (entity, field), rule in config.ownership.rules.items():
        if field.startswith(f"{RESULTS}_"):
            continue  # what is told beside the results has no line of its own
        people = {who for e, f, who in seen if (e, f) == (entity, field)}
        owners = {person for name in rule.owners for person in holders[name]}
        if not people or (owners and not (people & owners and people - owners)):
            lacking.append(f"{entity}.{field}")

    assert [] == lacking


def test_the_shipped_examples_show_every_tool_and_everybody(
    config: Configuration, shipped: tuple[Example, ...]
) -> None:
    """Each connection, a stranger, a robot, a system, every outcome, every answer, a new record."""
    done = [doing for example in shipped for doing in example.doings]
    editors = {doing.by for doing in done}

    assert set(config.connections) == {doing.connection for doing in done if not doing.reply}
    assert {"approve", "decline", "withdraw"} <= {doing.reply for doing in done}
    assert set(Fate) == {fate for example in shipped for fate in example.then}
    assert {True, False} == {example.new for example in shipped}
    assert any(editor.automation for editor in editors)
    assert any(editor.person is None and editor.automation is None for editor in editors)
    assert {"archived", "present"} <= {d.value for d in done if d.field == EXISTENCE}


def test_the_shipped_examples_meet_every_policy(
    config: Configuration, shipped: tuple[Example, ...]
) -> None:
    """Whatever the shipped rules can do to an edit of somebody else is shown."""
    rules = config.ownership.rules
    policies = {p for rule in rules.values() for p in rule.others.values()}
    shown = {
        policy
        for entity, field, *_ in edits(shipped)
        for policy in rules[entity, field].others.values()
    }
    kinds = {rule.shared for rule in rules.values() if rule.shared}

    assert policies == shown == set(Policy)
    assert kinds == {rules[entity, field].shared for entity, field, *_ in edits(shipped)} - {None}


CHANGES = {
    "revert": ("deadline: {owner: producer, others: propose, expires", Policy.REVERT),
    "notify": ("budget_hours: {owner: producer, others: propose", Policy.NOTIFY),
    "allow": ("  brief: {owner: account_manager, others: propose", Policy.ALLOW),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_rule_is_noticed(tmp_path: Path, state: Store, name: str) -> None:
    """Whoever changes a line sees the examples that say otherwise, and the line itself."""
    text, policy = CHANGES[name]
    agency = copied(tmp_path / "agency")
    agency.change("config/ownership.yaml", text, text.replace("propose", policy))
    config = agency.load()
    line = agency.line("config/ownership.yaml", text.replace("propose", policy))

    tried = [attempt(config, state, one) for one in examples(agency.root, config)]
    failed = [one for one in tried if not one.good]

    assert failed
    assert {f"config/ownership.yaml:{line}"} == {str(one.rule.source) for one in failed}


def made(*doings: Doing, **more: object) -> Example:
    """An example of the town's."""
    whole = Example("made", Source("made.yaml", 7), "acme", "task", doings, (Fate.HELD,))
    return replace(whole, **more)  # type: ignore[arg-type]


def sets(person: str | None, value: object, where: str = "two", name: str = "deadline") -> Doing:
    """A person sets a field."""
    by = Editor(person=person, shown=person or "somebody unknown")
    return Doing(NOWHERE, by, where, name, value)  # type: ignore[arg-type]


def replies(person: str, word: str) -> Doing:
    """A person answers."""
    return Doing(NOWHERE, Editor(person=person, shown=person), reply=word)


PEOPLE = ("maya", "anna", None)
RULES = {
    policy: Rule("task", "deadline", Source("ownership.yaml", 3), ("producer",), {"*": policy})
    for policy in Policy
}


@pytest.mark.parametrize("policy", list(Policy), ids=[policy.value for policy in Policy])
def test_examples_decide_as_cycles_do(tmp_path: Path, policy: Policy) -> None:
    """For owners, others and strangers: what a real cycle does to the tools is what is foretold."""
    town = Town(tmp_path, rules=ownership(task__deadline=RULES[policy]))
    town.worlds["two"].users["guest"] = RemotePerson("u-guest", "A guest")
    names = [f"task of {person}" for person in PEOPLE]
    project = town.worlds["one"].create("tom", "project", {"name": "Relaunch"})
    for name in names:
        thing = {"title": name, "due": "2026-06-01"}
        town.worlds["one"].create("maya", "item", thing, project.id)
    town.later(minutes=5)
    town.run()
    town.later(minutes=5)
    for person, name in zip(PEOPLE, names, strict=True):
        town.edit("two", name, person or "guest", due="2026-06-09")
    town.run()
    held = {p.record for p in town.store.proposals("acme") if p.status is ProposalStatus.OPEN}

    with Store.open(empty_state(tmp_path / "examples.db")) as state:
        for person, name in zip(PEOPLE, names, strict=True):
            given = {("task", "deadline"): date(2026, 6, 1)}
            tried = attempt(town.config(), state, made(sets(person, date(2026, 6, 9)), given=given))
            (record,) = town.store.resolve(name, "acme")

            agreed = town.store.records([record.id])[record.id].value("deadline")
            waits, counts = record.id in held, agreed == date(2026, 6, 9)
            expected = Fate.HELD if waits else Fate.APPLIED if counts else Fate.PUT_BACK
            assert (expected, agreed) == (tried.fates[0], tried.agreed)
            assert {"one", "two"} == {
                system
                for system, shown in town.shown(name, "due").items()
                if shown == str(tried.agreed)
            }
    town.store.close()


def test_every_outcome_of_a_verdict_has_a_word(tmp_path: Path) -> None:
    """The outcomes that deciding knows are all translated."""
    source = (ROOT / "syncer/reconcile/ownership.py").read_text("utf-8")
    shared = (ROOT / "syncer/reconcile/sharing.py").read_text("utf-8")

    assert FATES.keys() == {word for word in FATES if f'"{word}"' in source + shared}
    assert '"not told"' in source  # an example always tells the value


def test_an_answer_without_anything_held_is_refused(tmp_path: Path) -> None:
    """An example that expects an answer to count where nothing waits is no success."""
    town = Town(tmp_path)
    example = made(sets("maya", date(2026, 6, 9)), replies("maya", "approve"))
    tried = attempt(town.config(), town.store, example)

    assert (Fate.APPLIED, Fate.REFUSED) == tried.fates
    assert {1: "nothing is held"} == tried.why
    assert ("then",) == tried.amiss
    town.store.close()


def test_whoever_is_away_is_stood_in_for(tmp_path: Path) -> None:
    """A day can be given; unless it is, nobody is away and whoever leaves has left."""
    town = Town(tmp_path)
    config = town.config()
    off = (date(2026, 12, 20), date(2027, 1, 3))
    people = {
        **config.people,
        "maya": replace(config.people["maya"], away=(off,), deputy="ben"),
        "tom": replace(config.people["tom"], left=date(2026, 3, 1), successor="maya"),
    }
    config = replace(config, people=people)
    example = made(sets("anna", date(2026, 6, 9)))

    usual = attempt(config, town.store, example)
    away = attempt(config, town.store, replace(example, day=date(2026, 12, 22)))

    assert date(2027, 1, 4) == plain_day(config)
    assert ({"maya"}, {"ben"}) == (set(usual.told), set(away.told))
    town.store.close()


def test_the_stand_in_may_answer(tmp_path: Path) -> None:
    """Answers are judged as everywhere else: by role, or as the stand-in of the rule."""
    rule = replace(RULES[Policy.PROPOSE], stand_in="ben")
    town = Town(tmp_path, rules=ownership(task__deadline=rule))
    asked = sets("anna", date(2026, 6, 9))

    tried = attempt(town.config(), town.store, made(asked, replies("ben", "approve")))

    assert ((Fate.HELD, Fate.APPLIED), date(2026, 6, 9)) == (tried.fates, tried.agreed)
    assert STAND_IN != NOBODY
    town.store.close()
