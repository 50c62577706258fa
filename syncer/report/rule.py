"""Who decides a field: the line of ``ownership.yaml`` in words, and where the field lives."""

from collections.abc import Iterable, Iterator
from typing import Any

from syncer.model.configuration import Configuration, HeadsUp
from syncer.model.mapping import FieldMapping
from syncer.model.rules import ANYONE, Policy, Role, Rule, Waiting
from syncer.model.values import joined
from syncer.report.document import Block, Cell, Line, Style, line

Place = tuple[str, str, FieldMapping]
"""Connection, its object, and the line of the mapping."""


def rule_document(config: Configuration, rule: Rule) -> list[Block]:
    """A rule as people read it."""
    spec = config.schema[rule.entity].fields[rule.field]
    title = Cell(f"{rule.entity}.{rule.field}", Style.TITLE)
    blocks: list[Block] = [Line((title, Cell(f" ({spec.type})  {rule.source}", Style.DIM)))]
    blocks += [line(text, indent=1) for text in _owners(config, rule)]
    blocks += [line(text, indent=1) for text in _conditions(config, rule)]
    for connection, object_name, mapping in places(config, rule):
        text = f"in {connection}: {object_name}.{mapping.remote}"
        way = "" if mapping.direction == "both" else f" ({mapping.direction} only)"
        blocks.append(Line((Cell(text + way), Cell(f"  {mapping.source}", Style.DIM)), 1))
    return blocks


def places(config: Configuration, rule: Rule) -> list[Place]:
    """Every mapping line of a field, over all clients, each once."""
    found: dict[tuple[str, str], Place] = {}
    for client in config.clients.values():
        for connection, system in sorted(client.mappings.items()):
            entity = system.entities.get(rule.entity)
            mapping = entity.fields.get(rule.field) if entity else None
            if entity is not None and mapping is not None:
                key = (connection, str(mapping.source))
                found.setdefault(key, (connection, entity.object, mapping))
    return [found[key] for key in sorted(found)]


def _owners(config: Configuration, rule: Rule) -> Iterator[str]:
    if rule.shared is not None:
        order = f" {', '.join(rule.prefer)}" if rule.prefer else ""
        yield f"nobody owns it: of several new values `{rule.shared}`{order} decides"
        return
    for name in rule.owners:
        role = config.ownership.roles.get(name)
        if role is None:
            yield f"owner: {name}"
            continue
        yield f"owner: {name}: {_holders(config, role)}  {role.source}"
        for where, people in sorted(role.narrowed.items()):
            yield f"  for {where}: {_named(config, people)}"


def _named(config: Configuration, people: Iterable[str]) -> str:
    """The names of people, in a stable order."""
    known = config.people
    return joined(known[key].name if key in known else key for key in people)


def _holders(config: Configuration, role: Role) -> str:
    if role.dynamic is not None:
        return f"whoever {'.'.join(role.dynamic)} names"
    if role.system is not None:
        return f"the system {role.system}"
    home = f", told in {role.home}" if role.home else ""
    return f"{_named(config, role.people) or 'nobody'}{home}"


def _conditions(config: Configuration, rule: Rule) -> Iterator[str]:
    for who, policy in sorted(rule.others.items(), key=lambda item: (item[0] == ANYONE, item[0])):
        yield f"{'anybody else' if who == ANYONE else who}: {policy}"
    if rule.expires_days is not None:
        still = "; nobody is told, so the clock stands still"
        yield (
            f"a proposal ends {rule.expires_days} working days after its owner was told "
            f"({rule.on_expiry}){'' if config.heads_up is HeadsUp.IN_TOOLS else still}"
        )
    if rule.stand_in is not None:
        yield f"stand-in: {_named(config, [rule.stand_in])}"
    if rule.settle:
        yield f"a fresh edit is left alone for {rule.settle}"
    if Policy.PROPOSE in rule.others.values():
        yield f"while a proposal waits, the proposer's tool shows {_meanwhile(config, rule)}"


def _meanwhile(config: Configuration, rule: Rule) -> str:
    if rule.waiting is Waiting.KEEP_HERE:
        return "what the proposer wrote"
    if config.heads_up is HeadsUp.KEEP:
        return "what the proposer wrote (`heads_up: keep` in sync.yaml)"
    return "the owner's value"


def rule_json(config: Configuration, rule: Rule) -> dict[str, Any]:
    """All of a rule."""
    roles = {name: config.ownership.roles[name] for name in rule.owners
             if name in config.ownership.roles}  # fmt: skip
    return {
        "entity": rule.entity,
        "field": rule.field,
        "type": str(config.schema[rule.entity].fields[rule.field].type),
        "rule": str(rule.source),
        "owners": [_role_json(name, roles.get(name)) for name in rule.owners],
        "others": {("anyone" if k == ANYONE else k): str(v) for k, v in rule.others.items()},
        "shared": str(rule.shared) if rule.shared else None,
        "prefer": list(rule.prefer),
        "expires_days": rule.expires_days,
        "on_expiry": str(rule.on_expiry),
        "stand_in": rule.stand_in,
        "while_waiting": str(rule.waiting),
        "settle_seconds": int(rule.settle.total_seconds()),
        "mapped": [
            {
                "connection": connection,
                "object": object_name,
                "field": mapping.remote,
                "custom": mapping.custom,
                "direction": str(mapping.direction),
                "mapping": str(mapping.source),
            }
            for connection, object_name, mapping in places(config, rule)
        ],
    }


def _role_json(name: str, role: Role | None) -> dict[str, Any]:
    if role is None:
        return {"role": name}
    return {
        "role": name,
        "people": sorted(role.people),
        "from": ".".join(role.dynamic) if role.dynamic else None,
        "system": role.system,
        "home": role.home,
        "narrowed": {where: sorted(people) for where, people in sorted(role.narrowed.items())},
        "source": str(role.source),
    }
