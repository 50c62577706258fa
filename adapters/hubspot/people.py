"""Owners as people. A field holds the owner's id, history the user's: an owner has both."""

from collections.abc import Iterator, Mapping
from typing import Any

from adapters.hubspot.shapes import VERSION, mapping, word
from adapters.hubspot.wire import Wire
from syncer.model.remote import RemotePerson

_OWNERS = f"/crm/owners/{VERSION}"


def whoami(wire: Wire) -> RemotePerson:
    """The account behind the token; a service key is not a person."""
    told = mapping(wire.get(f"/account-info/{VERSION}/details"))
    portal = word(told.get("portalId"))
    zone = word(told.get("timeZone"))
    return RemotePerson(id=f"portal:{portal}", name=f"HubSpot account {portal}", zone=zone)


def people(wire: Wire) -> list[RemotePerson]:
    """All owners, deactivated ones too: history goes on naming those who left."""
    found = {person.id: person for person in _owners(wire, archived=True)}
    return list((found | {person.id: person for person in _owners(wire, archived=False)}).values())


def _owners(wire: Wire, *, archived: bool) -> Iterator[RemotePerson]:
    for told in wire.pages(_OWNERS, archived="true" if archived else "false"):
        person = person_of(told, active=not archived)
        if person is not None:
            yield person


def person_of(told: Mapping[str, Any], *, active: bool) -> RemotePerson | None:
    """An owner as a person; ``None`` without an id.

    A deactivated owner has no ``userId`` but a ``userIdIncludingInactive``.
    """
    id = word(told.get("id"))
    if not id:
        return None
    email = word(told.get("email")) or None
    names = (word(told.get("firstName")), word(told.get("lastName")))
    user = word(told.get("userId")) or word(told.get("userIdIncludingInactive"))
    aliases = (f"user:{user}" if user else "", email or "")
    return RemotePerson(
        id=id,
        name=" ".join(filter(None, names)) or email or f"owner {id}",
        email=email,
        aliases=tuple(filter(None, aliases)),
        active=active and told.get("archived") is not True,
    )
