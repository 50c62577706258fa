"""Everything from files and environment to one checked :class:`Configuration`."""

import os
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct

from syncer.adapterkit.registry import adapter_names, adapter_spec
from syncer.model.configuration import ClientConfig, Configuration, Intervals, Keep, Limits
from syncer.model.people import Person
from syncer.model.rules import Ownership
from syncer.model.structs import Discreet
from syncer.model.texts import Texts
from syncer.settings.canon import canon
from syncer.settings.check import check
from syncer.settings.clients import Shared, client, namesakes
from syncer.settings.connections import Opened, Specs, connections
from syncer.settings.contact import KEY, misnamed
from syncer.settings.environment import merged
from syncer.settings.files import SYNC, Files, Notes, files
from syncer.settings.mapping_fields import Canon
from syncer.settings.mappings import mapped
from syncer.settings.ownership import ownership, ruled
from syncer.settings.people import Around, people
from syncer.settings.places import Place
from syncer.settings.prefix import PREFIX
from syncer.settings.problems import ConfigurationError, Problem
from syncer.settings.roles import World
from syncer.settings.secrets import Secrets
from syncer.settings.shapes_sync import SyncFile
from syncer.settings.systems import Systems, systems
from syncer.settings.texts import texts

_PASSWORD: Final = re.compile(r"://[^/@\s]*:[^/@\s]+@")


class _Rules(Struct, frozen=True):
    """Who is who and who decides what; ``ruled`` is None if the rules cannot be read."""

    people: Mapping[str, Person]
    ownership: Ownership
    ruled: frozenset[tuple[str, str]] | None


class _Parts(Discreet, Struct, frozen=True):
    """What could be made of the files; faulty parts are left out and noted."""

    HIDDEN = frozenset({"alerts"})

    file: SyncFile | None
    state: str
    model: Canon
    opened: Mapping[str, Opened]
    rules: _Rules
    clients: Mapping[str, ClientConfig]
    texts: Texts
    alerts: tuple[str, ...]


def load(
    root: Path,
    environ: Mapping[str, str] = os.environ,
    *,
    env_file: Path | None = None,
    specs: Specs = adapter_spec,
) -> Configuration:
    """Read and check the whole configuration.

    Args:
        root: the folder that holds ``config/`` and ``mappings/``.
        environ: where ``env:NAME`` looks; ``root/.env``, or ``env_file``, adds to it.
        env_file: a file of NAME=value lines.
        specs: gives an adapter's description by name.

    A client whose own part is wrong lands in ``broken``. Raises :class:`ConfigurationError`
    with all problems, the clients' too, if anything else is wrong.
    """
    notes = Notes()
    parts = _parts(root, merged(root, environ, env_file), specs, notes)
    broken, shared = _sorted_out(notes.problems)
    if parts.file is None or shared:
        raise ConfigurationError(notes.problems)
    return _configuration(root, parts, parts.file, broken)


def _configuration(
    root: Path, parts: _Parts, file: SyncFile, broken: Mapping[str, Sequence[Problem]]
) -> Configuration:
    return Configuration(
        root=root,
        state=parts.state,
        connections={name: each.connection for name, each in parts.opened.items()},
        clients={key: each for key, each in parts.clients.items() if key not in broken},
        ownership=parts.rules.ownership,
        people=parts.rules.people,
        schema=parts.model.schema,
        limits=Limits(**dict(file.limits)),
        intervals=Intervals(**dict(file.intervals)),
        keep=Keep(**dict(file.keep)),
        heads_up=file.heads_up,
        balance=file.notices.balance(),
        texts=parts.texts,
        alerts=parts.alerts,
        alert_after=file.alert_after,
        for_client=file.report.for_client,
        broken={key: tuple(map(str, found)) for key, found in broken.items()},
    )


def _parts(root: Path, environ: Mapping[str, str], specs: Specs, notes: Notes) -> _Parts:
    tops = files(root, notes)
    secrets = Secrets(root, environ)
    file = notes.take(_sync(tops.sync))
    model = notes.take(canon(tops.sync, file))
    found = notes.take(systems(tops, _links(tops.sync) if tops.sync else {}, specs, model))
    opened: dict[str, Opened] = {}
    clients: dict[str, ClientConfig] = {}
    rules = _rules(tops, found, model, secrets, notes)
    words = notes.take(texts(tops.texts, _clients(tops), _roles(tops)))
    state = ""
    alerts: tuple[str, ...] = ()
    if tops.sync is not None and file is not None:
        lines = file.connections
        opened = notes.take(connections(tops.sync / "connections", lines, specs, secrets))
        unread, said = tops.unread | found.unread, file.first_contact
        shared = Shared(lines, opened, found, model, unread, rules.ruled, said)
        notes.problems += misnamed(tops.sync / KEY, _links(tops.sync), model.schema)
        notes.problems += namesakes(tops.sync / "clients", file.clients)
        for key, line in file.clients.items():
            clients[key] = notes.take(client(tops.sync / "clients" / key, line, shared))
        state = notes.take(_state(tops.sync / "state", file, secrets))
        alerts = notes.take(secrets.addresses(tops.sync / "alerts", file.alerts))
    return _Parts(file, state, model, opened, rules, clients, words, alerts)


def _sync(top: Place | None) -> tuple[SyncFile | None, Iterable[Problem]]:
    if top is None:
        return None, []
    checked = check(top, SyncFile)
    return checked.value, checked.problems


def _rules(tops: Files, found: Systems, model: Canon, secrets: Secrets, notes: Notes) -> _Rules:
    links = _links(tops.sync) if tops.sync else None
    there = {*found.names(), *tops.unread, *adapter_names()}
    known = None if links is None else {*links.values(), *there}
    counters = {*found.sources, *(n for n, s in (links or {}).items() if s in found.sources)}
    around = Around(
        tools=links and {name: s for name, s in links.items() if name not in counters},
        others=set(known or ()) - counters,
        counters=counters,
        clients=_clients(tops),
        secrets=secrets,
    )
    everybody = notes.take(people(tops.people, around)) if tops.people else {}
    if tops.ownership is None:
        return _Rules(everybody, Ownership({}, {}), None)
    world = World(
        schema=model.schema,
        people=tops.people.names() if tops.people else None,
        clients=_clients(tops),
        systems=known,
        connections=links,
        mapped=mapped(found.records, model),
        counters=counters,
    )
    rules = notes.take(ownership(tops.ownership, world))
    return _Rules(everybody, rules, ruled(tops.ownership, model.schema))


def _clients(tops: Files) -> Collection[str] | None:
    return (tops.sync / "clients").names() if tops.sync else None


def _roles(tops: Files) -> Collection[str] | None:
    return (tops.ownership / "roles").names() if tops.ownership else None


def _links(sync: Place) -> dict[str, str]:
    """Connection name to system, as written: also of connections that are wrong otherwise."""
    lines = sync / "connections"
    found = {name: (lines / name / "adapter").data for name in sorted(lines.names())}
    return {name: adapter for name, adapter in found.items() if isinstance(adapter, str)}


def _state(place: Place, file: SyncFile, secrets: Secrets) -> tuple[str, list[Problem]]:
    """Where the state is. The environment goes first; a path in the file begins at the root."""
    if said := secrets.environ.get(f"{PREFIX}STATE"):
        return said if "://" in said else str(Path(said).absolute()), []
    if _PASSWORD.search(file.state):
        text, fix = '"state" holds a password', "write env:NAME and put the URL there"
        return "", [place.problem(text, fix, value=True)]
    followed, problem = secrets.follow(place, secret=False)
    said = file.state if followed is None else str(followed)
    return said if "://" in said else str(secrets.root / said), [problem] if problem else []


def _sorted_out(problems: Iterable[Problem]) -> tuple[dict[str, list[Problem]], list[Problem]]:
    """The problems that are one client's own, by its key, and those that concern everybody."""
    broken: dict[str, list[Problem]] = {}
    shared: list[Problem] = []
    for problem in sorted(set(problems)):
        own = problem.file == SYNC and problem.path[:1] == ("clients",) and len(problem.path) > 1
        (broken.setdefault(str(problem.path[1]), []) if own else shared).append(problem)
    return broken, shared
