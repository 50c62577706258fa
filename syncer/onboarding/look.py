"""Looking around in the tools, with progress; nothing is written."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from typing import Any

from msgspec import Struct

from syncer.adapterkit.contract import Adapter, Opening, Scope
from syncer.adapterkit.errors import AdapterError
from syncer.adapterkit.measuring import SourceSpec
from syncer.adapterkit.surveying import Surveyor
from syncer.model.remote import Catalogue, RemotePerson
from syncer.model.surveys import Spot
from syncer.settings.connections import Opened

Progress = Callable[[str, int, int], None]
"""Told what is going on, how much is done, and of how much (0: nobody knows)."""


class Seen(Struct, frozen=True):
    """What a connection shows.

    Args:
        account: whose credentials these are.
        counts: it only has figures; nobody edits there.
        told: whether its adapter can look around; else the other two are empty.
    """

    adapter: str
    account: RemotePerson
    counts: bool
    told: bool
    spots: tuple[Spot, ...] = ()
    people: tuple[RemotePerson, ...] = ()


def look(opened: Opened, progress: Progress) -> Seen:
    """Look around in one connection. Raises :class:`AdapterError`."""
    connection, name = opened.connection, opened.connection.name
    with closing(opened.spec.open(_opening(opened))) as tool:
        account = tool.whoami()
        counts = isinstance(opened.spec, SourceSpec)
        if not isinstance(tool, Surveyor):
            return Seen(connection.adapter, account, counts, told=False)
        spots = _counted(tool.spots(), f"{name}: places", progress)
        people = _counted(tool.everybody(), f"{name}: people", progress)
        return Seen(connection.adapter, account, counts, True, tuple(spots), tuple(people))


def describe(
    opened: Opened, scopes: Mapping[str, Any], objects: frozenset[str], progress: Progress
) -> tuple[dict[str, Catalogue], dict[str, AdapterError]]:
    """What clients' places hold, by client; and why of others it cannot be said."""
    found: dict[str, Catalogue] = {}
    failed: dict[str, AdapterError] = {}
    with closing(opened.spec.open(_opening(opened))) as tool:
        for number, (client, said) in enumerate(scopes.items(), 1):
            if isinstance(tool, Adapter):
                try:
                    scope = Scope(client, opened.spec.scope.model_validate(said))
                    found[client] = tool.describe(scope, objects)
                except AdapterError as error:
                    failed[client] = error
            progress(f"{opened.connection.name}: fields of clients", number, len(scopes))
    return found, failed


def _opening(opened: Opened) -> Opening:
    made = opened.connection
    return Opening(made.name, made.options, made.share, made.timeout)


def _counted(items: Iterable[Any], what: str, progress: Progress) -> list[Any]:
    found = []
    for item in items:
        found.append(item)
        progress(what, len(found), 0)
    return found
