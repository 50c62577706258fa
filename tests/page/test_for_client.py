"""A client's page is an allow list: whatever is not named for clients is not on it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, get_args, get_type_hints

import pytest
from msgspec import Struct
from msgspec.structs import replace

from syncer.engine.clientreport.gather import gathered
from syncer.engine.clientreport.pages import agency_page, client_page
from syncer.model import client_inside
from syncer.model.agreements import Agreed, Agreement
from syncer.model.client_parts import DRAWN, Part
from syncer.model.client_report import Page
from syncer.model.configuration import Configuration
from syncer.model.entities import EntitySpec, FieldSpec
from syncer.model.people import Person
from syncer.model.records import Hold, JournalEntry, Parked, Proposal, ProposalStatus, Record
from syncer.model.values import FieldType, Kind, Money, Value
from syncer.report.page.data import page_json
from syncer.report.page.render import agency_html, client_html
from syncer.state import Store
from tests.page.state import NOW, configuration, fill, wanted

ALLOWED = {
    None: {"project": {"name", "existence"}, "client": {"name"}},
    Part.GOALS: {"client": {"goals"}, "project": {"goals", "start", "deadline"}},
    Part.RESULTS: {},
    Part.PLOTS: {"project": {"start", "deadline"}},
    Part.DEADLINE: {"project": {"start", "deadline"}},
    Part.TASKS: {
        "project": {"start", "deadline"},
        "task": {"project", "parent", "status", "deadline", "existence"},
    },
}
"""Written out once more: a field that is added to the list is added here on purpose."""

SHOWN = {("project", "name"): "Website relaunch"}
"""Texts of records that a client does see, letter for letter."""

MINE = "r_client", "r_site", "r_task00"
ENTITIES = dict(zip(("client", "project", "task"), MINE, strict=True))


def marker(entity: str, name: str) -> str:
    """A word that stands in one field only."""
    return f"zq{entity}{name}zq".replace("_", "")


def amount(entity: str, name: str) -> Decimal:
    """A number that stands in one field only."""
    return Decimal(7_000_003 + sum(map(ord, entity + name)) * 1009)


def marked(kind: FieldType, entity: str, name: str) -> Value:
    """A value of a field's type that is found again wherever it is shown."""
    word = marker(entity, name)
    values: dict[Kind, Value] = {
        Kind.NUMBER: amount(entity, name),
        Kind.MONEY: Money(amount(entity, name), "EUR"),
        Kind.BOOLEAN: True,
        Kind.DATE: date(1987, 3, 2),
        Kind.WHEN: date(1987, 3, 2),
        Kind.INSTANT: datetime(1987, 3, 2, tzinfo=UTC),
    }
    value = values.get(kind.kind, word)
    return frozenset({value}) if kind.many else value


def kept(spec: EntitySpec) -> frozenset[str]:
    """Fields without which the page would not be about anything; they are shown or counted."""
    steering = {"project", "parent", "client", "existence", "start", "deadline", "goals"}
    return frozenset(steering & spec.fields.keys()) | (
        {"name"} if spec.name == "project" else set()
    )


def full(config: Configuration, record: Record) -> Record:
    """The record with a marker in every other field of the schema, set by a marked person."""
    spec = config.schema[record.entity]
    agreed = dict(record.agreed)
    for name, field in spec.fields.items():
        if name not in kept(spec) or name not in agreed:
            value = marked(field.type, record.entity, name)
            agreed.setdefault(name, Agreed(None))
            if name not in ("existence", "parent", "start", "deadline", "goals"):
                agreed[name] = Agreed(value)
    who = {"by": "zqbyzq", "role": "zqrolezq", "connection": "zqwherezq", "rule": "zqrulezq:1"}
    return replace(record, agreed={n: replace(a, **who) for n, a in agreed.items()})


def people(config: Configuration) -> dict[str, Person]:
    """A person for every marker, as persons are told by name."""
    keys = [marker(e, n) for e, spec in config.schema.items() for n in spec.fields]
    return {key: Person(key, f"{key}name", f"{key}@people.example") for key in [*keys, "zqbyzq"]}


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Configuration, Store]]:
    """A state in which every text, person, price, proposal and hold has a marker of its own."""
    config = configuration(tmp_path_factory.mktemp("state"))
    own = [FieldSpec(f"own_{kind}", FieldType(kind)) for kind in Kind if kind is not Kind.REFERENCE]
    schema = {name: spec.with_fields(own) for name, spec in config.schema.items()}
    config = replace(config, schema=schema)
    config = replace(config, people=people(config))
    with Store.open(config.state, config.schema) as store:
        fill(store, {"agreements": list(agreements()), "proposals": list(proposals()),
                     "holds": [hold()], "parked": [parked()]})  # fmt: skip
        whole = store.records([*MINE])
        goals = {"goals": Agreed("key events >= 500 by 2026-12-31\nzqfaultzq is no goal")}
        site = whole["r_site"]
        whole["r_site"] = replace(site, agreed={**site.agreed, **goals})
        with store.transaction() as tx:
            tx.put_records([full(config, record) for record in whole.values()])
            tx.journal([JournalEntry("bakery", NOW, "edit", text="zqjournalzq", editor="zqbyzq")])
        yield config, store


def agreements() -> Iterator[Agreement]:
    """Every deadline was set by a marked person for a marked rule."""
    for day in (11, 18):
        yield Agreement("bakery", "r_site", "project", "deadline", date(2026, 12, day), "zqbyzq",
                        "zqrolezq", "zqwherezq", NOW, "zqrulezq:1")  # fmt: skip


def proposals() -> Iterator[Proposal]:
    """One that waits, one that was declined, of a text; and one that was accepted."""
    open_one = Proposal("p1", "bakery", "r_site", "project", "strategy", "zqproposerzq",
                        "zqwherezq", "zqproposedzq", "zqbasezq", "zqrulezq:1", NOW, NOW)  # fmt: skip
    yield open_one
    yield replace(open_one, id="p2", value="zqdeclinedzq", status=ProposalStatus.DECLINED,
                  closed_by="zqdeclinerzq", closed_at=NOW, reason="zqreasonzq")  # fmt: skip
    yield replace(open_one, id="p3", field="deadline", value=date(2026, 12, 18),
                  status=ProposalStatus.ACCEPTED, closed_by="zqbyzq", closed_at=NOW)  # fmt: skip


def hold() -> Hold:
    """Something for a person to look at."""
    return Hold("h1", "bakery", "match", "zqholdzq", "zqwherezq", "card", "zqremotezq",
                record="r_site", since=NOW)  # fmt: skip


def parked() -> Parked:
    """Work that failed."""
    detail = {"title": "zqparkedtitlezq"}
    return Parked("f1", "bakery", "r_site", "zqwherezq", "zqparkedzq", 2, NOW, NOW, detail)


def texts(found: Any) -> str:
    """A page as it is sent and as data, in one text."""
    html = client_html(found) if isinstance(found, Page) else agency_html(found)
    return html + str(page_json(found))


def numbers(config: Configuration) -> dict[str, str]:
    """How the number of each field would look on a page and in the data."""
    kinds = (Kind.NUMBER, Kind.MONEY)
    return {
        f"{entity}.{name}": form
        for entity in ENTITIES
        for name, field in config.schema[entity].fields.items()
        if field.type.kind in kinds
        for form in (f"{amount(entity, name):,}", str(amount(entity, name)))
    }


@pytest.mark.parametrize(
    ("project", "parts"),
    [("Website relaunch", tuple(Part)), *((None, (part,)) for part in Part), (None, ())],
)
def test_nothing_else_is_on_a_clients_page(
    state: tuple[Configuration, Store], parts: tuple[Part, ...], project: str | None
) -> None:
    """No text, person, number, note, rule, proposal, hold or parked work that is not allowed."""
    config, store = state
    page = client_page(gathered(config, store, wanted(config, project=project), parts))
    seen = texts(page)

    assert "zq" not in seen, seen[max(0, seen.find("zq") - 80) : seen.find("zq") + 80]
    assert [] == [name for name, form in numbers(config).items() if form in seen]
    assert "1987" not in seen
    assert "Website relaunch" in seen


def test_the_markers_are_there_to_be_found(state: tuple[Configuration, Store]) -> None:
    """The agency sees what it is to see of the very same state: the test above could fail."""
    config, store = state
    parts = tuple(part for part in Part if part is not Part.PLOTS)
    seen = texts(agency_page(gathered(config, store, wanted(config), parts)))

    for word in (
        marker("project", "producer") + "name", "zqbyzqname", "zqrolezq", "zqwherezq", "zqrulezq",
        "zqproposerzq", "zqproposedzq", "zqbasezq", "zqholdzq", "zqparkedzq", "zqfaultzq",
        marker("task", "status"),
    ):  # fmt: skip
        assert word in seen, word
    for entity, name in (("project", "price"), ("project", "budget_hours"), ("client", "retainer")):
        assert f"{amount(entity, name):,}" in seen, name
    assert "zqdeclinedzq" not in seen
    assert "zqjournalzq" not in seen


def test_what_a_page_is_drawn_from_is_written_out_twice() -> None:
    """A field gets onto a client's page only by being named in the model and here."""
    drawn = {part: {e: set(names) for e, names in found.items()} for part, found in DRAWN.items()}

    assert ALLOWED == drawn


def _types(of: type) -> Iterator[type]:
    """A noun and all that it is made of."""
    yield of
    for hint in get_type_hints(of).values():
        for one in _flat(hint):
            if _noun(one):
                yield from _types(one)


def _noun(one: object) -> bool:
    return isinstance(one, type) and issubclass(one, Struct)


def _flat(hint: Any) -> Iterator[Any]:
    yield hint
    for part in get_args(hint):
        yield from _flat(part)


def test_a_clients_page_has_no_place_for_anything_else() -> None:
    """The nouns that a client's page is made of hold no noun of the inside, and no name for one."""
    made_of = set(_types(Page))
    inside = {one for one in vars(client_inside).values() if _noun(one)} - {Page, Struct}
    names = {name for one in made_of for name in one.__struct_fields__}

    assert len(made_of) > 8
    assert not made_of & inside
    assert not names & {"by", "who", "whom", "role", "people", "price", "rule", "lines", "faults",
                        "waiting", "asked", "approved", "budget", "statuses", "notes"}  # fmt: skip


def test_the_words_of_goals_are_not_shown(state: tuple[Configuration, Store]) -> None:
    """A client reads what a goal comes to; what else stands in the text is for the agency."""
    config, store = state
    found = gathered(config, store, wanted(config), (Part.GOALS,))
    client, agency = texts(client_page(found)), texts(agency_page(found))

    assert "key events &gt;= 500" in agency
    assert "key events &gt;= 500" not in client
    assert ">= 500" not in client
    assert "at least 500 by 31\xa0Dec\xa02026" in client
