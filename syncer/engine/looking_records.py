"""What is looked at in a system that is kept in step: rights, definitions, people, per client."""

from collections.abc import Iterator
from functools import partial

from syncer.adapterkit.contract import Scope
from syncer.adapterkit.errors import AdapterError, SkipRecord
from syncer.adapterkit.standing import Standing, Teller, Wants
from syncer.engine.fence import Fenced
from syncer.engine.fence_standing import teller_of
from syncer.engine.looks import ENDS, Look, Spot, asked
from syncer.model.configuration import ClientConfig, Configuration, Connection, Mode
from syncer.model.entities import Schema
from syncer.model.mapping import Direction, EntityMapping, SystemMapping
from syncer.model.people import Person, directory
from syncer.model.remote import Catalogue, RemotePerson
from syncer.reconcile.authors import unsigned
from syncer.reconcile.suiting import misfits


def records(
    config: Configuration, connection: Connection, adapter: Fenced, account: RemotePerson
) -> Iterator[Look]:
    """Whose account it is and what it may do; then each client that lives there."""
    spot = Spot(connection)
    clients = [each for each in config.clients.values() if connection.name in each.mappings]
    yield from _own(config, spot, account)
    teller = teller_of(adapter)
    if teller is not None:
        wants = _wants(clients, connection.name)
        standing = asked(partial(teller.standing, wants))
        if isinstance(standing, AdapterError):
            yield spot.failed("permissions", standing)
        else:
            yield from _standing(spot, standing)
    yield spot.found("webhooks", "not needed: the service asks for changes itself")
    for client in clients:
        yield from _client(config, Spot(connection, client, account.id), adapter, teller)


def _own(config: Configuration, spot: Spot, account: RemotePerson) -> Iterator[Look]:
    """A person's own account works, but people must know what it means."""
    connection = spot.connection
    known = directory(config.people.values(), connection.name, connection.adapter, [account])
    for key in sorted({known.to_person[id] for id in (account.id,) if id in known.to_person}):
        person = config.people[key]
        cause = f"it is the account of {person.name} ({person.source}), not one of the service"
        meaning = (
            f"make the service an account of its own: notes stand under {person.name}'s name,"
            " nobody is told of their own comments, and all stops when this person leaves"
        )
        yield spot.fault("account", cause, meaning, wrong=False)


def _wants(clients: list[ClientConfig], name: str) -> Wants:
    """Which objects are read, and which are written for clients that are not only observed."""
    used = [(client, m) for client in clients for m in client.mappings[name].entities.values()]
    writing = [m for client, m in used if client.mode is not Mode.OBSERVE and _writes(m)]
    return Wants(
        frozenset(m.object for _, m in used),
        frozenset(m.object for m in writing),
        frozenset(m.object for _, m in used if any(line.custom for line in m.fields.values())),
    )


def _writes(mapping: EntityMapping) -> bool:
    lines = mapping.fields.values()
    return mapping.create is not False or any(o.direction is not Direction.PULL for o in lines)


def _standing(spot: Spot, standing: Standing) -> Iterator[Look]:
    if standing.account:
        yield spot.found("kind of account", standing.account)
    if standing.rights:
        yield spot.found("permissions", ", ".join(standing.rights))
    for lack in standing.lacks:
        yield spot.fault(lack.what, lack.cause, lack.fix, wrong=lack.fault)
    for quota in standing.quotas:
        yield spot.quota(quota)


def _client(
    config: Configuration, spot: Spot, adapter: Fenced, teller: Teller | None
) -> Iterator[Look]:
    client, name = spot.client, spot.connection.name
    assert client is not None
    scope, system = Scope(client.key, client.scopes[name]), client.mappings[name]
    described = _described(adapter, scope, system)
    errors = [each for each in described if isinstance(each, AdapterError)]
    for error in {str(each): each for each in errors}.values():
        yield spot.failed("scope", error)
    if errors and isinstance(errors[0], ENDS):
        return
    catalogue = _together([each for each in described if isinstance(each, Catalogue)])
    for entity, mapping in sorted(system.entities.items()):
        if mapping.object in catalogue.objects or not errors:
            yield from _entity(config, spot, mapping, catalogue)
        if teller is not None and mapping.template is not None:
            yield from _template(spot, teller, entity, mapping, catalogue)
    if teller is not None and catalogue.objects:
        wants = _wants([client], name)
        yield from _lacks(spot, teller, scope, catalogue, wants)
    yield from _people(config, spot, adapter, scope)


def _described(
    adapter: Fenced, scope: Scope, system: SystemMapping
) -> list[Catalogue | AdapterError]:
    """All at once; where that is refused, object by object, so that one hides no other."""
    objects = frozenset(mapping.object for mapping in system.entities.values())
    whole = asked(partial(adapter.describe, scope, objects))
    if not isinstance(whole, SkipRecord) or len(objects) == 1:
        return [whole]
    return [asked(partial(adapter.describe, scope, frozenset({one}))) for one in sorted(objects)]


def _together(found: list[Catalogue]) -> Catalogue:
    objects = {name: info for each in found for name, info in each.objects.items()}
    return Catalogue(objects, {id: n for each in found for id, n in each.containers.items()})


def _entity(
    config: Configuration, spot: Spot, mapping: EntityMapping, catalogue: Catalogue
) -> Iterator[Look]:
    what, schema = f"{mapping.entity} ({mapping.object})", config.schema
    found = misfits(mapping, schema[mapping.entity], catalogue)
    for one in found:
        where = f"{mapping.entity}.{one.field}" if one.field else what
        yield spot.fault(where, one.cause, one.fix, wrong=one.fault)
    if not any(one.fault for one in found):
        yield spot.found(what, _fits(mapping, schema, catalogue))
    for line, rule in unsigned(mapping, catalogue.objects, config.ownership):
        why = f"it is not told who changes {line.remote} of a {mapping.object}"
        way = f"an edit of it there is nobody's, by {rule.source}; nothing need be done"
        yield spot.fault(f"{mapping.entity}.{line.field}", why, way, wrong=False)


def _fits(mapping: EntityMapping, schema: Schema, catalogue: Catalogue) -> str:
    info = catalogue.objects[mapping.object]
    fields = f"{len(mapping.fields)} of {len(schema[mapping.entity].fields) - 1} fields mapped"
    count = len(catalogue.containers)
    places = f", {count} {info.inside}{'' if count == 1 else 's'}" if info.inside else ""
    return f"{fields}, all there{places}"


def _template(
    spot: Spot, teller: Teller, entity: str, mapping: EntityMapping, catalogue: Catalogue
) -> Iterator[Look]:
    name, what = mapping.template or "", f"{entity} template"
    why = asked(partial(teller.template, mapping.object, name, catalogue))
    if isinstance(why, AdapterError):
        yield spot.failed(what, why)
    elif why:
        yield spot.fault(what, why, f"correct `template:` at {mapping.source}")
    else:
        yield spot.found(what, f"{name!r} can be copied")


def _lacks(
    spot: Spot, teller: Teller, scope: Scope, catalogue: Catalogue, wants: Wants
) -> Iterator[Look]:
    found = asked(partial(teller.lacks, scope, catalogue, wants))
    if isinstance(found, AdapterError):
        yield spot.failed("seat", found)
        return
    for lack in found:
        yield spot.fault(lack.what, lack.cause, lack.fix, wrong=lack.fault)


def _people(config: Configuration, spot: Spot, adapter: Fenced, scope: Scope) -> Iterator[Look]:
    """Who of people.yaml is there; somebody who is written down for it and is not, is a fault."""
    found = asked(partial(adapter.people, scope))
    if isinstance(found, AdapterError):
        yield spot.failed("people", found)
        return
    name, system = spot.connection.name, spot.connection.adapter
    staff = [each for each in config.people.values() if each.left is None]
    known = {id for one in found for id in (one.id, *one.aliases)}
    there = directory(staff, name, system, found).to_remote
    here = [each.key for each in staff if there.get(each.key) in known]
    known_ids = {there[key] for key in here} | {spot.account}
    others = sum(one.active and one.id not in known_ids for one in found)
    yield spot.found("people", f"known: {_listed(here)}; not in people.yaml: {others}")
    for person in staff:
        if person.key not in here:
            yield _absent(spot, person, person.ids.get(name) or person.ids.get(system) or "")


def _absent(spot: Spot, person: Person, written: str) -> Look:
    if written:
        cause = f"{person.name} is written as {written!r}, and nobody there is"
        return spot.fault("people", cause, f"correct it at {person.source}, or invite them")
    cause = f"{person.name} is not there, or not under the address of {person.source}"
    way = "what they do there counts as nobody's; if they work there, write who they are"
    return spot.fault("people", cause, f"{way} at {person.source}", wrong=False)


def _listed(keys: list[str]) -> str:
    return ", ".join(sorted(keys)) or "none"
