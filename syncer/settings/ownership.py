"""``config/ownership.yaml``: the one rule for each field of each entity."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from msgspec.structs import replace

from syncer.model.entities import EXISTENCE, SIBLINGS, Schema
from syncer.model.goals import RESULTS
from syncer.model.rules import (
    ANYONE,
    NOBODY,
    SERVICE,
    Expiry,
    Ownership,
    Policy,
    Role,
    Rule,
    Shared,
    Waiting,
)
from syncer.settings.check import check
from syncer.settings.places import Place
from syncer.settings.problems import Problem, suggestion, unknown
from syncer.settings.roles import ANYONE_ELSE, World, missing_people, roles
from syncer.settings.shapes_ownership import OwnershipFile, Prefer, RuleLine

VERBS = ("create", "archive")
"""What can be done to the existence of a record, each with its policy."""

OWNERS_ONLY = frozenset({"others", "expires", "on_expiry", "stand_in", "while_waiting"})


def ownership(place: Place, world: World) -> tuple[Ownership, list[Problem]]:
    """Read the rules. ``place`` is the top of the file."""
    checked = check(place, OwnershipFile)
    file = checked.value
    if file is None:
        return Ownership({}, {}), list(checked.problems)
    held, problems = roles(place, file, world)
    problems = [*checked.problems, *problems, *_general(place, file, world)]
    rules: dict[tuple[str, str], Rule] = {}
    for entity, lines in file.rules().items():
        problems += _no_fields(place / entity, world)
        for name, line in lines.items():
            here = place / entity / name
            rules[entity, name] = _rule(here, line, held)
            problems += _faults(here, line, file, world, (place / "roles").names())
        rules |= _companions(entity, rules, world)
    rules |= _own(rules, world)
    held |= {SERVICE: Role(SERVICE, system=SERVICE)} if _own({}, world) else {}
    problems += uncovered(place, world)
    automations = {system: dict(robots) for system, robots in file.automations.items()}
    # Addresses of the agency's own tools are nothing for clients.
    inward = {SIBLINGS} if any(name == SIBLINGS for _, name in world.mapped) else set()
    secret = frozenset(file.confidential) | inward
    return Ownership(held, rules, automations, secret), problems


def ruled(place: Place, schema: Schema) -> frozenset[tuple[str, str]]:
    """Every field that has a line of its own, or goes with one that has."""
    found = {(entity, name) for entity in schema for name in (place / entity).names()}
    return frozenset(found).union(
        (entity, name)
        for entity, spec in schema.items()
        for name in spec.fields
        if name == SIBLINGS or (name.startswith(f"{RESULTS}_") and (entity, RESULTS) in found)
    )


def _own(rules: Mapping[tuple[str, str], Rule], world: World) -> dict[tuple[str, str], Rule]:
    """What the service itself sets belongs to it; the line of the mapping decides that."""
    return {
        key: Rule(*key, source, (SERVICE,), {ANYONE: Policy.REVERT})
        for key, source in world.mapped.items()
        if key[1] == SIBLINGS and key not in rules
    }


def _companions(
    entity: str, rules: Mapping[tuple[str, str], Rule], world: World
) -> dict[tuple[str, str], Rule]:
    """What is told beside the results belongs to whoever owns them, unless it has a line."""
    whole = rules.get((entity, RESULTS))
    names = [name for name in world.schema[entity].fields if name.startswith(f"{RESULTS}_")]
    without = [name for name in names if (entity, name) not in rules] if whole else []
    return {(entity, name): replace(whole, field=name) for name in without if whole}


def uncovered(place: Place, world: World) -> Iterator[Problem]:
    """A field that is mapped and that nobody owns; also the existence of each mapped entity."""
    wanted = dict(world.mapped)
    for (entity, _), source in world.mapped.items():
        wanted.setdefault((entity, EXISTENCE), source)
    covered = ruled(place, world.schema)
    for (entity, name), source in sorted(wanted.items()):
        here = place / entity
        if (entity, name) in covered:
            continue
        under = f'under "{entity}:"' if entity in place.names() else f'and "{entity}:" above it'
        text = f"no owner for {entity}.{name}, which {source} maps"
        yield here.problem(text, f'add "{name}: {{owner: ROLE}}" {under}')


def _rule(place: Place, line: RuleLine, held: Mapping[str, Role]) -> Rule:
    owners = line.owner or ()
    prefer: tuple[str, ...] = ()
    shared: Shared | None = None
    if isinstance(line.shared, Prefer):
        prefer, shared = line.shared.prefer, Shared.PREFER
    elif line.shared is not None:
        shared = Shared(line.shared)
    return Rule(
        entity=str(place.path[0]),
        field=str(place.path[1]),
        source=place.source,
        owners=owners,
        others=_others(place, line, held) if owners else {},
        shared=shared,
        prefer=prefer,
        expires_days=line.expires,
        on_expiry=line.on_expiry or Expiry.LAPSE,
        stand_in=line.stand_in,
        waiting=line.while_waiting or Waiting.PUT_BACK,
        settle=line.settle or timedelta(0),
    )


def _others(place: Place, line: RuleLine, held: Mapping[str, Role]) -> dict[str, Policy]:
    """The policy of every role: what is said, and for the rest what is usual."""
    systems = [role in held and held[role].system is not None for role in line.owner or ()]
    usual = Policy.REVERT if all(systems) else Policy.PROPOSE
    said = line.others
    every = VERBS if place.path[-1] == EXISTENCE else (ANYONE,)
    if not isinstance(said, Mapping):
        return dict.fromkeys(every, said or usual)
    named = {ANYONE if role == ANYONE_ELSE else role: policy for role, policy in said.items()}
    return dict.fromkeys(every, usual) | named


def _general(place: Place, file: OwnershipFile, world: World) -> Iterator[Problem]:
    for system, robots in file.automations.items():
        here = place / "automations" / system
        if unknown(system, world.systems):
            fix = suggestion(system, world.systems or (), "systems")
            yield here.problem(f'there is no system "{system}"', fix)
        for robot, role in robots.items():
            yield from _no_role(here / robot, role, (place / "roles").names())
    fields = {name for spec in world.schema.values() for name in spec.fields} - {EXISTENCE}
    written = place / "confidential"
    for index, name in enumerate(file.confidential):
        if name not in fields:
            here = written / index if isinstance(written.data, list) else written
            yield here.problem(
                f'no entity has a field "{name}"', suggestion(name, fields), value=True
            )


def _faults(
    place: Place, line: RuleLine, file: OwnershipFile, world: World, held: frozenset[str]
) -> Iterator[Problem]:
    entity, name = str(place.path[0]), str(place.path[1])
    spec = world.schema[entity].fields.get(name)
    if spec is not None and line.shared == "union" and not spec.type.many:
        text = f"union joins sets, and {entity}.{name} holds one value"
        yield (place / "shared").problem(text, "write latest or hold", value=True)
    for index, role in enumerate(line.owner or ()):
        here = place / "owner"
        yield from _no_role(here / index if isinstance(here.data, list) else here, role, held)
    yield from _out_of_place(place, line)
    yield from _policies(place / "others", line, held)
    yield from missing_people(place / "stand_in", [line.stand_in] if line.stand_in else [], world)
    if line.on_expiry is Expiry.APPLY and name in file.confidential:
        text = f"{name} is confidential: nobody's silence may change it"
        yield (place / "on_expiry").problem(text, "write lapse", value=True)
    if isinstance(line.shared, Prefer):
        yield from _preferred(place / "shared" / "prefer", line.shared, world)


def _no_fields(place: Place, world: World) -> Iterator[Problem]:
    known = world.schema[str(place.path[0])].fields
    for name in sorted(place.names() - known.keys()):
        text = f'{place.path[0]} has no field "{name}"'
        yield (place / name).problem(text, suggestion(name, known, "fields"))


def _out_of_place(place: Place, line: RuleLine) -> Iterator[Problem]:
    """Settings that need another one beside them."""
    if line.shared is not None:
        for key in sorted(place.names() & OWNERS_ONLY):
            fix = "a shared field has none; remove it"
            yield (place / key).problem(f'"{key}" needs an "owner"', fix)
    elif "on_expiry" in place.names() and "expires" not in place.names():
        fix = 'write it like "3 working days"'
        yield (place / "on_expiry").problem('"on_expiry" needs "expires"', fix)


def _no_role(place: Place, role: str, held: frozenset[str]) -> Iterator[Problem]:
    if role not in held:
        yield place.problem(f'"{role}" is not a role', suggestion(role, held, "roles"), value=True)


def _policies(place: Place, line: RuleLine, held: frozenset[str]) -> Iterator[Problem]:
    existence = place.path[1] == EXISTENCE
    known = frozenset(VERBS) if existence else held | {NOBODY, ANYONE_ELSE}
    for role in sorted(place.names()):
        if role not in known:
            text = f'"{role}" is not a role' if not existence else f'"{role}" is no such act'
            yield (place / role).problem(text, suggestion(role, known))
        elif role in (line.owner or ()):
            yield (place / role).problem(f'"{role}" owns this field', "remove the policy")


def _preferred(place: Place, shared: Prefer, world: World) -> Iterator[Problem]:
    known = world.places()
    for index, name in enumerate(shared.prefer):
        if unknown(name, known):
            here = place / index if isinstance(place.data, list) else place
            fix = suggestion(name, known or (), "systems and connections")
            yield here.problem(f'there is no system "{name}"', fix, value=True)
