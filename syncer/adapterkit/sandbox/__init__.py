"""A kit for stand-ins of vendors: a vendor's wire API on a real loopback socket."""

from syncer.adapterkit.limits import Limit
from syncer.adapterkit.sandbox.agency import agency_world
from syncer.adapterkit.sandbox.core import (
    Handler,
    Refusal,
    Sandbox,
    SandboxRequest,
    SandboxUser,
    dispatch,
    reply,
)
from syncer.adapterkit.sandbox.ids import Clock, Ids, made_up_token
from syncer.adapterkit.sandbox.server import Running, serve
from syncer.adapterkit.sandbox.world import (
    LISTS,
    PACES,
    PEOPLE,
    PRIORITIES,
    Client,
    Person,
    Project,
    Task,
    World,
    empty_world,
)

__all__ = [
    "LISTS",
    "PACES",
    "PEOPLE",
    "PRIORITIES",
    "Client",
    "Clock",
    "Handler",
    "Ids",
    "Limit",
    "Person",
    "Project",
    "Refusal",
    "Running",
    "Sandbox",
    "SandboxRequest",
    "SandboxUser",
    "Task",
    "World",
    "agency_world",
    "dispatch",
    "empty_world",
    "made_up_token",
    "reply",
    "serve",
]
