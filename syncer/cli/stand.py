"""Stand-ins of the tools, served by this process, and what one must know to use them."""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, field
from msgspec.structs import replace

from syncer.cli.exits import Exit, Fault

if TYPE_CHECKING:
    from syncer.adapterkit.sandbox import Running, World

SYSTEMS: Final = ("trello", "asana", "hubspot", "google_analytics")
"""The systems that there are sandboxes of."""

ZONE: Final = "Europe/London"
"""Where the made-up clients are."""

_NO_NAME: Final = re.compile(r"[^a-z0-9]+")


class Export(Struct, frozen=True):
    """A file that a sandbox is filled with: the system, the client it becomes, its content."""

    system: str
    client: str
    name: str
    content: Any


class Resident(Struct, frozen=True):
    """A client of the sandboxes: its name, its scope in each system, and whether it was loaded."""

    name: str
    scopes: dict[str, dict[str, object]] = field(default_factory=dict)
    loaded: bool = False


class Stand(Struct, frozen=True):
    """Sandboxes that are being served.

    Args:
        running: by system.
        clients: by key.
        world: what they were filled from.
    """

    running: "dict[str, Running]"
    clients: dict[str, Resident]
    world: "World"

    def described(self) -> dict[str, Any]:
        """Per system its addresses, its users with their credentials, and the clients' scopes.

        ``base_url`` is the server, ``api`` the vendor's API on it.
        """
        return {system: self._described(system, one) for system, one in self.running.items()}

    def _described(self, system: str, one: "Running") -> dict[str, Any]:
        users: dict[str, Any] = {}
        for name, user in one.sandbox.users.items():
            about = {"id": user.id, "full_name": user.full_name, "email": user.email}
            options = {k: v for k, v in one.connection(name).items() if k != "base_url"}
            users[name] = about | {"bot": user.bot} | options
        return {
            "base_url": one.url,
            "api": str(one.connection(next(iter(users)))["base_url"]),
            "users": users,
            "scopes": {key: c.scopes[system] for key, c in self.clients.items()},
        }


@contextmanager
def serving(
    systems: Sequence[str], world: "World", exports: Sequence[Export] = (), port: int = 0
) -> Iterator[Stand]:
    """Serve sandboxes for as long as the block lasts, on ports from ``port`` on (0: free ones).

    Raises :class:`Fault` for a system without a sandbox, a port that is taken, or an export
    that its sandbox cannot take.
    """
    world = _with_clients(world, exports)
    with ExitStack() as stack:
        running: dict[str, Running] = {}
        loaded: dict[tuple[str, str], dict[str, object]] = {}
        for number, system in enumerate(systems):
            sandbox = _sandbox(system)
            sandbox.start_with(world)
            for export in exports:
                if export.system == system:
                    loaded[export.client, system] = _load(sandbox, export)
            running[system] = stack.enter_context(_serve(sandbox, port and port + number))
        clients: dict[str, Resident] = {}
        for key, name in [(client.key, client.name) for client in world.clients]:
            scopes = {
                system: loaded.get((key, system)) or one.sandbox.scope_of(key)
                for system, one in running.items()
            }
            clients[key] = Resident(name, scopes, any(key == client for client, _ in loaded))
        yield Stand(running, clients, world)


def _serve(sandbox: Any, port: int) -> "Running":
    from syncer.adapterkit.sandbox import serve

    try:
        return serve(sandbox, port)
    except OSError as error:
        text = f"port {port} cannot be used: {error.strerror or error}"
        raise Fault(text, Exit.CONFIGURATION) from None


def export_of(text: str) -> Export:
    """What ``--load SYSTEM=FILE`` names. Raises :class:`Fault`."""
    system, _, name = text.partition("=")
    path = Path(name)
    if not system or not name:
        raise Fault(f"--load {text}: write it like trello=board.json", Exit.CONFIGURATION)
    try:
        content = json.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise Fault(f"{path} cannot be read: {error.strerror}", Exit.CONFIGURATION) from None
    except ValueError:
        raise Fault(f"{path} is not JSON", Exit.CONFIGURATION) from None
    key = _NO_NAME.sub("_", path.stem.lower()).strip("_")
    key = key if key[:1].isalpha() else f"board_{key}".rstrip("_")
    called = content.get("name") if isinstance(content, dict) else None
    return Export(system, key, str(called or path.stem), content)


def _with_clients(world: "World", exports: Sequence[Export]) -> "World":
    from syncer.adapterkit.sandbox import Client

    if not world.clients and not exports:
        # Somewhere to begin: a company, a team and a workspace with nothing in them.
        newcomer = Client("newcomer", "Newcomer", "newcomer.example", "", "", "anna")
        return replace(world, clients=(newcomer,))
    known = {client.key for client in world.clients}
    made: list[Client] = []
    for export in exports:
        if export.client in known:
            raise Fault(f'there are two clients "{export.client}"; rename a file')
        known.add(export.client)
        domain = f"{export.client.replace('_', '-')}.example"
        made.append(Client(export.client, export.name, domain, "", "", "anna"))
    return replace(world, clients=(*world.clients, *made))


def _sandbox(system: str) -> Any:
    from syncer.adapterkit.registry import UnknownAdapter, sandbox_class

    try:
        return sandbox_class(system)()
    except UnknownAdapter as error:
        raise Fault(str(error), Exit.CONFIGURATION) from None


def _load(sandbox: Any, export: Export) -> dict[str, object]:
    if not hasattr(sandbox, "load_export"):
        raise Fault(f"the sandbox of {export.system} loads no exports", Exit.CONFIGURATION)
    try:
        scope: dict[str, object] = sandbox.load_export(export.content)
    except ValueError as error:
        raise Fault(f"--load {export.system}: {error}", Exit.CONFIGURATION) from None
    return scope
