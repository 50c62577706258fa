"""Which roles an editor holds for one record, and which policy meets them."""

from collections.abc import Mapping
from datetime import UTC, tzinfo

from msgspec import Struct, field

from syncer.model.decisions import Editor
from syncer.model.entities import ARCHIVED, EXISTENCE
from syncer.model.rules import ANYONE, NOBODY, Ownership, Policy, Role, Rule
from syncer.model.values import Seen, Value

PERMISSIVE = (Policy.ALLOW, Policy.NOTIFY, Policy.PROPOSE, Policy.REVERT)
"""Policies, the kindest first."""

STAND_IN = "stand-in"
"""As what a person acts whom the rule names for when the owner cannot be reached."""


class Place(Struct, frozen=True):
    """The record an edit is about, as far as roles need it.

    Args:
        client: the client's key.
        project: the project's title or id, by which a role may be narrowed.
        entity: of the record.
        values: the record's agreed values, for dynamic roles; of its project under ``project``.
        systems: connection name to system.
        zone: of the client, in which days begin and end.
    """

    client: str
    entity: str
    project: tuple[str, ...] = ()
    values: Mapping[tuple[str, str], Value] = field(default_factory=dict)
    systems: Mapping[str, str] = field(default_factory=dict)
    zone: tzinfo = UTC


def roles_of(editor: Editor, connection: str, ownership: Ownership, place: Place) -> frozenset[str]:
    """All roles this editor holds here; ``nobody`` for one who holds none.

    What a system reports counts for the role that the system holds, and a person in it keeps
    their own roles beside that: a role belongs to a person, not to a tool.
    """
    system = place.systems.get(connection, connection)
    held = {role.name for role in ownership.roles.values() if role.system in (connection, system)}
    if editor.automation is not None:
        named = ownership.automations.get(system, {}).get(editor.automation)
        held |= {named} if named else set()
    elif editor.person is not None:
        held |= {r.name for r in ownership.roles.values() if editor.person in holders(r, place)}
    return frozenset(held or {NOBODY})


def holders(role: Role, place: Place) -> frozenset[str]:
    """The people who hold a role here: those whom the record names, else by narrowing."""
    if role.dynamic is not None:
        return people_in(place.values.get(role.dynamic))
    for key in (*place.project, place.client):
        if key in role.narrowed:
            return role.narrowed[key]
    return role.people


def people_in(value: Value) -> frozenset[str]:
    """The keys of the people that a field names, one or several."""
    if isinstance(value, frozenset):
        return value
    return frozenset({value}) if isinstance(value, str) else frozenset()


def owning(rule: Rule, roles: frozenset[str]) -> str | None:
    """The owner role among these, if any; a person of two roles acts in the owning one."""
    for role in rule.owners:
        if role in roles:
            return role
    return None


def acting(rule: Rule, roles: frozenset[str], editor: Editor) -> str | None:
    """As what an editor decides here: as an owner or the owner's stand-in; None if not at all."""
    standing_in = rule.stand_in is not None and editor.person == rule.stand_in
    return owning(rule, roles) or (STAND_IN if standing_in else None)


def policy(rule: Rule, roles: frozenset[str], verb: str | None = None) -> Policy:
    """What meets a non-owner: by verb for existence, else the kindest policy of their roles."""
    if verb is not None and verb in rule.others:
        return rule.others[verb]
    named = {rule.others[role] for role in roles if role in rule.others}
    if named:
        return min(named, key=PERMISSIVE.index)
    return rule.others.get(ANYONE, Policy.PROPOSE)


def verb_of(rule: Rule, value: Seen) -> str | None:
    """What a value of existence does to a record: the key of its policy."""
    if rule.field != EXISTENCE:
        return None
    return "archive" if value == ARCHIVED else "create"
