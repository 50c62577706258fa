"""The files as they will be written: new ones in the words of the shipped, others added to."""

import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from ruamel.yaml import YAML

from syncer.onboarding.clients import NewClient, Scope
from syncer.onboarding.people import NewPerson
from syncer.onboarding.tools import Line
from syncer.onboarding.yamltext import added, inline, scalar, sections

_OBSERVED: Final = (
    " # decides and reports, and writes nothing to any tool; `sync` when you trust it"
)

_ADDRESS: Final = re.compile(r"[A-Za-z][\w.+-]*@[\w-][\w.-]*\w")
"""An address that needs no quotes."""


def new_sync(shipped: str, connections: Sequence[str], clients: Sequence[str]) -> str:
    """The shipped ``sync.yaml`` with other connections and clients."""
    own = {"connections": connections, "clients": clients}
    made: list[str] = []
    for key, lines in sections(shipped):
        if key not in own:
            made += lines
            continue
        at = next(n for n, line in enumerate(lines) if line.startswith(f"{key}:"))
        made += [*lines[: at + 1], *(f"  {line}" if line else "" for line in own[key])]
    return "\n".join(made).rstrip("\n") + "\n"


def connection_lines(lines: Mapping[str, Line]) -> Iterator[str]:
    """Connections as they stand in ``sync.yaml``."""
    for name, line in lines.items():
        yield f"{name}:"
        for key, value in line.items():
            yield f"  {key}: {value if isinstance(value, str) and value.startswith('env:') else inline(value)}"


def client_lines(client: NewClient, unknown: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """A client as it stands in ``sync.yaml``; ``unknown`` are connections that tell no places."""
    yield f"{client.key}:"
    yield f"  name: {scalar(client.name)}"
    yield f"  zone: {client.zone} # in which its days begin and end"
    yield f"  mode: {client.mode}{_OBSERVED if client.mode == 'observe' else ''}"
    yield "  scopes:"
    yield from (f"    {line}" for line in scope_lines(client.scopes, client.hints))
    for name, keys in unknown.items():
        inside = ", ".join(f"{key}: ..." for key in keys)
        yield f"    # {name}: {{{inside}}} # {name} does not tell its places: fill this in"


def scope_lines(scopes: Mapping[str, Scope], hints: Sequence[tuple[str, Scope]]) -> Iterator[str]:
    """Places of a client, each with what it is called; unsure ones as comments."""
    for name, scope in scopes.items():
        yield f"{name}: {inline(scope.options)}{f' # {scope.about}' if scope.about else ''}"
    for name, scope in hints:
        yield f"# unsure: {name}: {inline(scope.options)} # {scope.about}"


def variant_lines(variants: Mapping[str, str]) -> Iterator[str]:
    """Which variants of mappings a client uses."""
    if variants:
        yield f"  variants: {inline(variants)}"


def person_lines(person: NewPerson, zone: str) -> Iterator[str]:
    """A person as they stand in ``people.yaml``."""
    yield f"{person.key}:"
    yield f"  name: {scalar(person.name)}"
    if person.email:
        yield f"  email: {person.email if _ADDRESS.fullmatch(person.email) else inline(person.email)}"
    yield f"  zone: {zone}"
    yield from (f"  {line}" for line in id_lines(person))


def id_lines(person: NewPerson) -> Iterator[str]:
    """Ids in tools that show no addresses; unsure ones as comments."""
    for name, (id, called) in person.ids.items():
        yield f"{name}: {inline(id)} # {called}"
    for name, id, called in person.hints:
        yield f"# unsure: {name}: {inline(id)} # {called}"


def new_people(shipped: str, people: Sequence[NewPerson], zone: str) -> str:
    """The head of the shipped ``people.yaml``, and these people."""
    head = next(lines for key, lines in sections(shipped) if not key)
    body = [line for person in people for line in person_lines(person, zone)]
    if not body:
        body = ["# Nobody yet: a short key for each, with name, email and ids as above.", "{}"]
    return "\n".join([*head, *body]) + "\n"


def _sure_now(text: str, person: NewPerson) -> str:
    """Without the comments that called unsure what is sure now."""
    over = tuple(f"# unsure: {name}: {inline(id)}" for name, (id, _) in person.ids.items())
    lines = text.splitlines(keepends=True)
    return "".join(line for line in lines if not (over and line.strip().startswith(over)))


def more_people(text: str, people: Sequence[NewPerson], zone: str) -> str:
    """People, and ids of those who are there, added to ``people.yaml``."""
    if not _data(text):
        text = "\n".join(line for line in text.splitlines() if line.strip() != "{}") + "\n"
    for person in people:
        if person.known:
            text = _sure_now(text, person)
            text = added(text, (person.key,), [*id_lines(person)], _holds(person.key, person.ids))
        else:
            lines = [*person_lines(person, zone)]
            text = (
                added(text, (), lines, _holds(person.key, {}))
                if _data(text)
                else "\n".join([text.rstrip("\n"), *lines]) + "\n"
            )
    return text


def more_clients(
    text: str, clients: Sequence[NewClient], bodies: Mapping[str, Sequence[str]]
) -> str:
    """Clients, and places of those who are there, added to ``sync.yaml``."""
    for client in clients:
        if not client.known:
            text = added(text, ("clients",), bodies[client.key], _has(("clients",), [client.key]))
            continue
        written = _data(text)["clients"][client.key]["scopes"]
        fresh = {name: scope for name, scope in client.scopes.items() if name not in written}
        if fresh:
            path = ("clients", client.key, "scopes")
            lines = [*scope_lines(fresh, [])]
            text = added(text, path, lines, _has(path, fresh))
        for name in client.scopes.keys() - fresh.keys():
            text = _longer(text, client.key, name, client.scopes[name])
    return text


def more_connections(text: str, lines: Mapping[str, Line]) -> str:
    """Connections added to ``sync.yaml``."""
    body = [*connection_lines(lines)]
    return added(text, ("connections",), body, _has(("connections",), lines)) if body else text


def _longer(text: str, key: str, name: str, scope: Scope) -> str:
    """More boards or projects in a list that stands there."""
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 100
    data = yaml.load(text)
    written = data["clients"][key]["scopes"][name]
    for option, value in scope.options.items():
        if isinstance(value, list):
            written.setdefault(option, []).extend(v for v in value if v not in written[option])
    stream = io.StringIO()
    yaml.dump(data, stream)
    return stream.getvalue()


def with_roles(text: str, roles: Mapping[str, Sequence[str]], homes: Mapping[str, str]) -> str:
    """``ownership.yaml`` with other people in its roles, and other tools for them to be told in."""
    for role in [*roles]:
        people, home = inline(list(roles[role])), homes.get(role)
        line = re.compile(rf"^(  {re.escape(role)}: {{people: )\[[^\]]*\](.*)$", re.MULTILINE)
        text = line.sub(lambda found, told=people: f"{found[1]}{told}{found[2]}", text, count=1)  # type: ignore[misc]
        if home:
            at = re.compile(rf"^(  {re.escape(role)}: .*\bhome: )[\w.-]+", re.MULTILINE)
            text = at.sub(lambda found, told=home: f"{found[1]}{told}", text, count=1)  # type: ignore[misc]
    return text


def _data(text: str) -> Any:
    return YAML(typ="safe").load(text)


def _has(above: Sequence[str], names: Iterable[str]) -> Callable[[Any], bool]:
    def check(data: Any) -> bool:
        for key in above:
            data = data[key]
        return all(name in data for name in names)

    return check


def _holds(key: str, ids: Mapping[str, object]) -> Callable[[Any], bool]:
    return lambda data: key in data and all(name in data[key] for name in ids)
