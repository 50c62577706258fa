"""What an editor shows by a file's schema: nothing where it loads, the typo where it does not."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from jsonschema import Draft202012Validator
from pydantic import TypeAdapter, ValidationError

from syncer.adapterkit.registry import adapter_spec
from syncer.adapterkit.sandbox import empty_world
from syncer.cli.configure import write
from syncer.cli.stand import serving
from syncer.settings import ConfigurationError, shapes
from syncer.settings.examples import examples
from syncer.settings.schemas import first_line, schema
from syncer.settings.yaml import read
from tests.architecture.source import tracked
from tests.settings.agency import ROOT, Agency, copied

POINTER = "# yaml-language-server: $schema="
SHIPPED = sorted(
    file.relative_to(ROOT).as_posix()
    for file in tracked()
    if file.suffix == ".yaml"
    and file.relative_to(ROOT).parts[0] in ("config", "mappings", "syncer")
)
SYNC, OWN, PEOPLE = "config/sync.yaml", "config/ownership.yaml", "config/people.yaml"
EXAMPLES, TEXTS = "config/examples.yaml", "config/texts.yaml"
TRELLO, ANALYTICS = "mappings/trello.yaml", "mappings/google_analytics.yaml"


class Typo(NamedTuple):
    """A slip of the hand: the file, what stood there, what stands there now."""

    file: str
    old: str
    new: str


TYPOS = {
    "a key of all": Typo(SYNC, "limits:\n", "limit:\n"),
    "a choice of all": Typo(SYNC, "heads_up: in-tools", "heads_up: in-tool"),
    "a client's mode": Typo(SYNC, "mode: observe", "mode: observed"),
    "a client's key": Typo(SYNC, "    zone: Europe/London # in", "    timezone: Europe/London # in"),
    "an option of Trello": Typo(SYNC, "    key: env:TRELLO_KEY", "    kee: env:TRELLO_KEY"),
    "an option of Asana": Typo(SYNC, "    adapter: asana", "    adapter: asana\n    payed: true"),
    "a tier of HubSpot": Typo(SYNC, "    share: 0.5", "    tier: profesional"),
    "a secret in plain": Typo(SYNC, "token: env:ASANA_TOKEN", "token: 0/1a2b3c"),
    "a share above all": Typo(SYNC, "    token: env:TRELLO_TOKEN", "    token: env:TRELLO_TOKEN\n    share: 5"),
    "a time span": Typo(SYNC, "people: 6h", "people: 6 hrs"),
    "quiet hours": Typo(SYNC, "quiet: 19:00-08:00", "quiet: 19-8"),
    "a time of day": Typo(SYNC, 'digest: "09:00"', 'digest: "9:00"'),
    "a weekday": Typo(SYNC, "[mon, tue,", "[mon, tues,"),
    "an overridden entity": Typo(SYNC, "    # overrides:", "    overrides: {asana: {tasks: {}}} #"),
    "a type of one's own": Typo(SYNC, "# Fields of your", "entities: {task: {a: {type: txt}}} #"),
    "a rule's key": Typo(OWN, "domain: {owner:", "domain: {ownr:"),
    "a way to share": Typo(OWN, "{owner: analytics}", "{shared: unite}"),
    "a policy": Typo(OWN, "price: {owner: account_manager, others: revert}",
                     "price: {owner: account_manager, others: rever}"),
    "a term": Typo(OWN, "propose, expires: 3 working", "propose, expires: 3 work"),
    "an entity with rules": Typo(OWN, "task:\n  existence", "tasks:\n  existence"),
    "a day": Typo(PEOPLE, "trello: mayaokafor", "left: 30.9.2026"),
    "days out of office": Typo(PEOPLE, "trello: tomlindqvist", "away: July"),
    "an address": Typo(PEOPLE, "email: anna@brightside.example", "email: anna"),
    "a person without a name": Typo(PEOPLE, "name: Maya Okafor", "nam: Maya Okafor"),
    "a direction": Typo(TRELLO, "{custom_field: Hours}", "{custom_field: Hours, direction: in}"),
    "a line's key": Typo(TRELLO, "{custom_field: Client}", "{customfield: Client}"),
    "an entity that is mapped": Typo(TRELLO, "  small:\n    project:", "  small:\n    projects:"),
    "when to make twins": Typo(TRELLO, "create: always", "create: allways"),
    "a currency": Typo("mappings/hubspot.yaml", "currency: EUR", "currency: euro"),
    "how often to tell": Typo(ANALYTICS, "every: day", "every: dayly"),
    "a report's key": Typo(ANALYTICS, "        dimensions: [landing", "        dimension: [landing"),
    "whose visits": Typo(ANALYTICS, "metrics: [sessions, keyEvents]\n        for: project", "metrics: [sessions]\n        for: projects"),
    "a deed": Typo(EXAMPLES, "then: applied", "then: aplied"),
    "an example's key": Typo(EXAMPLES, "    then: held", "    than: held"),
    "an example's entity": Typo(EXAMPLES, "{entity: task,", "{entity: tasks,"),
    "a template": Typo(TEXTS, "# texts:", "texts: {putback: x}"),
    "an answer": Typo(TEXTS, "# answers:", "answers: {aprove: x}"),
}  # fmt: skip

FORMS = {
    "a time span": (shapes.Duration, "90s", " 15 m ", "24h", "2d", "15", "m", "1w", "0,5h"),
    "working days": (shapes.WorkingDays, "1 working day", " 3 working days ", "3 days", "3"),
    "a time of day": (shapes.ClockTime, "17:00", " 00:59 ", "24:00", "7:00", "17.00"),
    "a day": (shapes.Day, "2026-01-31", "31.1.2026", "2026-1-31"),
    "hours": (shapes.Hours, "none", "19:00-08:00", "19:00 to 08:00", "19:00 - 08:00", "never", "9"),
    "days": (shapes.Days, "2026-07-01", "2026-07-01 to 2026-07-14", "2026-07-01..2026-07-14", "x"),
}


_schema = cache(schema)


def named(root: Path, file: str) -> Path | None:
    """The schema that a file names in its first line, found from where the file lies."""
    first = (root / file).read_text("utf-8").splitlines()[0]
    if not first.startswith(POINTER):
        return None
    return ((root / file).parent / first.removeprefix(POINTER)).resolve()


def complaints(root: Path, file: str) -> list[str]:
    """What an editor marks in a file, by the schema it names."""
    found = named(root, file)
    document, problems = read(root / file, file)
    assert found is not None
    assert found.is_file()
    if document is None:  # a file of comments only, as texts.yaml is shipped
        assert "empty" in str(problems[0])
        return []
    validator = Draft202012Validator(_schema(found.stem))
    return [error.message for error in validator.iter_errors(document.data)]


def refused(agency: Agency) -> set[tuple[str, int]]:
    """File and line of every mistake that the loader finds, with the real adapters."""
    try:
        found = agency.load(specs=adapter_spec)
        examples(agency.root, found)
    except ConfigurationError as error:
        return {(problem.file, problem.line) for problem in error.problems}
    assert not found.broken
    return set()


@pytest.fixture(scope="module")
def all_typos(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bool]:
    """Whether the loader points at each typo, where all are made at once; examples by themselves."""
    found: dict[str, bool] = {}
    for there in (False, True):
        agency = copied(tmp_path_factory.mktemp("typos"))
        made = {n: typo for n, typo in TYPOS.items() if (typo.file == EXAMPLES) == there}
        for typo in made.values():
            agency.change(*typo)
        lines = refused(agency)
        for name, (file, _, new) in made.items():
            first = (agency.root / file).read_text("utf-8").partition(new)[0].count("\n") + 1
            found[name] = any((file, first + n) in lines for n in range(new.count("\n") + 1))
    return found


@pytest.mark.parametrize("file", SHIPPED)
def test_a_shipped_file_names_its_schema_and_fits_it(file: str) -> None:
    """Its first line leads to a schema that is there, in which nothing is marked as wrong."""
    assert [] == complaints(ROOT, file)


def test_what_a_command_writes_names_its_schema_and_fits_it(tmp_path: Path) -> None:
    """So do the files of `syncer sandbox --write-config`, which load as they are."""
    with serving(("trello", "asana", "hubspot", "google_analytics"), empty_world()) as stand:
        for _ in range(2):  # a second time it replaces what it wrote
            write(tmp_path, stand)
    written = sorted(file.relative_to(tmp_path).as_posix() for file in tmp_path.glob("*/*.yaml"))

    assert {SYNC, PEOPLE, OWN, TRELLO} <= set(written)
    assert [] == [line for file in written for line in complaints(tmp_path, file)]


def test_the_first_line_of_a_file_can_be_asked_for() -> None:
    """Whatever writes a file finds its first line by the file's place."""
    inside = [file for file in SHIPPED if not file.startswith("syncer/")]

    assert {f: (ROOT / f).read_text("utf-8").splitlines()[0] for f in inside} == {
        f: first_line(f) for f in inside
    }
    assert f"{POINTER}../config/schema/mapping.json" == first_line("mappings/notion.yaml")


def test_the_files_load_before_anybody_errs(agency: Agency) -> None:
    """What the typos below are made in is right."""
    assert set() == refused(agency)


@pytest.mark.parametrize("name", TYPOS)
def test_a_typo_is_marked_and_refused(
    name: str, agency: Agency, all_typos: dict[str, bool]
) -> None:
    """What `syncer check` refuses is seen while it is typed."""
    typo = TYPOS[name]
    agency.change(*typo)

    assert complaints(agency.root, typo.file)
    assert all_typos[name]


def _said(name: str) -> Iterator[tuple[str, bool, bool]]:
    """Each text of a form, whether the loader takes it and whether the schema does."""
    kind, *texts = FORMS[name]
    adapter: TypeAdapter[Any] = TypeAdapter(kind)
    validator = Draft202012Validator(adapter.json_schema())
    for text in texts:
        try:
            adapter.validate_python(text)
            taken = True
        except ValidationError:
            taken = False
        yield text, taken, validator.is_valid(text)


@pytest.mark.parametrize("name", FORMS)
def test_short_texts_are_judged_alike(name: str) -> None:
    """Editor and loader agree about each way to write a span, a day, an hour."""
    assert [] == [text for text, taken, valid in _said(name) if taken != valid]
    assert {True, False} == {taken for _, taken, _ in _said(name)}


def test_an_adapter_of_ones_own_may_have_any_options() -> None:
    """Nothing is known of it here, so nothing is marked; what all connections have is."""
    validator = Draft202012Validator(schema("sync"))
    client = {"acme": {"name": "Acme", "zone": "UTC", "scopes": {"x": {}}}}

    def taken(**line: Any) -> bool:
        return validator.is_valid({"connections": {"x": line}, "clients": client})

    assert taken(adapter="notion", database="1")
    assert not taken(adapter="notion", share=2)
    assert not taken(adapter="trello", key="env:KEY", token="env:TOKEN", database="1")
    assert taken(adapter="hubspot", token="file:secrets/hubspot", tier="env:TIER")
