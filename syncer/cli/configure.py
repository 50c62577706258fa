"""Writes a complete configuration directory for sandboxes that are being served."""

import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from syncer.cli.exits import Exit, Fault
from syncer.cli.stand import ZONE, Resident, Stand
from syncer.onboarding.files import quoted, secret
from syncer.onboarding.tools import variable
from syncer.settings.environment import ENV_FILE
from syncer.settings.schemas import first_line

if TYPE_CHECKING:
    from syncer.adapterkit.sandbox import Running

MARK: Final = "# Made by syncer for sandboxes on this machine; it is made anew with them."
STATE: Final = Path("data", "syncer.db")
_PLACES: Final = {"trello": "list", "asana": "section"}
"""What says in a tool how far a task is."""


def write(root: Path, stand: Stand, *, heads_up: str = "in-tools") -> None:
    """Write the files, so that ``syncer --config ROOT run`` works at once.

    What was written for earlier sandboxes is replaced, and the state of those, which are gone,
    is removed. Secrets are in ``.env``, which only this user can read.

    Raises :class:`Fault` if a configuration of somebody's own is there.
    """
    sync = root / "config" / "sync.yaml"
    if sync.exists() and MARK not in sync.read_text("utf-8", "replace").splitlines()[:2]:
        text = f"{root} holds a configuration already; name another folder"
        raise Fault(text, Exit.CONFIGURATION)
    try:
        _copy_shipped(root)
        for file in (root / STATE).parent.glob(f"{STATE.name}*"):
            file.unlink()
        sync.write_text("\n".join(_sync(stand, heads_up)) + "\n", "utf-8")
        (root / "config" / "people.yaml").write_text("\n".join(_people(stand)) + "\n", "utf-8")
        secret(root / ENV_FILE, "\n".join(_env(stand)) + "\n")
    except OSError as error:
        text = f"{error.filename or root} cannot be written: {error.strerror}"
        raise Fault(text, Exit.CONFIGURATION) from None


def _copy_shipped(root: Path) -> None:
    """The rules and mappings are those that everybody gets."""
    from syncer.shipped import shipped

    for folder in ("config", "config/schema", "mappings"):
        (root / folder).mkdir(parents=True, exist_ok=True)
        for file in (shipped() / folder).iterdir():
            if file.suffix in (".yaml", ".json"):
                shutil.copyfile(file, root / folder / file.name)
    (root / STATE).parent.mkdir(exist_ok=True)


def _sync(stand: Stand, heads_up: str) -> Iterator[str]:
    yield first_line("config/sync.yaml")
    yield MARK
    yield f"state: {STATE.as_posix()}"
    yield f"heads_up: {heads_up}"
    yield "first_contact: match then create # what one tool holds alone is made in the others"
    yield "notices: {quiet: none, workdays: [mon, tue, wed, thu, fri, sat, sun]} # at any time"
    yield "connections:"
    for system, one in stand.running.items():
        yield f"  {system}:"
        yield f"    adapter: {system}"
        for name, value in _options(one).items():
            hidden = name in one.sandbox.secrets
            yield f"    {name}: {f'env:{variable(system, name)}' if hidden else _yaml(value)}"
    yield "clients:"
    for key, client in stand.clients.items():
        yield f"  {key}:"
        yield f"    name: {_yaml(client.name)}"
        yield f"    zone: {ZONE}"
        yield "    scopes:"
        for system, scope in client.scopes.items():
            yield f"      {system}: {_yaml(scope)}"
        if client.loaded:
            yield from _as_it_is(client)


def _as_it_is(client: Resident) -> Iterator[str]:
    """Somebody's own lists are statuses of their own: the shipped names mean nothing there."""
    yield "    overrides:"
    for system in client.scopes:
        if system in _PLACES:
            line = {"task": {"fields": {"status": {"field": _PLACES[system], "values": "names"}}}}
            yield f"      {system}: {_yaml(line)}"


def _people(stand: Stand) -> Iterator[str]:
    yield first_line("config/people.yaml")
    yield MARK
    for person in stand.world.people:
        if person.bot:
            continue
        yield f"{person.key}:"
        yield f"  name: {_yaml(person.name)}"
        yield f"  email: {_yaml(person.email)}"
        yield f"  zone: {ZONE}"
        for system, one in stand.running.items():
            # Nobody edits where things are only counted, so nobody is known there.
            if person.key in one.sandbox.users and not _counts(system):
                yield f"  {system}: {_yaml(one.sandbox.users[person.key].id)}"


def _counts(system: str) -> bool:
    from syncer.adapterkit.measuring import SourceSpec
    from syncer.adapterkit.registry import adapter_spec

    return isinstance(adapter_spec(system), SourceSpec)


def _env(stand: Stand) -> Iterator[str]:
    yield "# Good for these sandboxes only."
    for system, one in stand.running.items():
        for name, value in _options(one).items():
            if name in one.sandbox.secrets:
                yield f"{variable(system, name)}={quoted(str(value))}"


def write_env(path: Path, stand: Stand) -> None:
    """Write the variables from which ``syncer init`` finds these sandboxes: addresses, secrets.

    Raises :class:`Fault` if that cannot be done, or something else of that name is there.
    """
    try:
        if path.exists() and not path.read_text("utf-8", "replace").startswith(MARK):
            raise Fault(f"{path} is there already; name another file", Exit.CONFIGURATION)
        lines = [MARK]
        for system, one in stand.running.items():
            told = _options(one).items()
            lines += [f"{variable(system, name)}={quoted(str(value))}" for name, value in told]
        path.parent.mkdir(parents=True, exist_ok=True)
        secret(path, "\n".join(lines) + "\n")
    except OSError as error:
        text = f"{error.filename or path} cannot be written: {error.strerror}"
        raise Fault(text, Exit.CONFIGURATION) from None


def _options(one: "Running") -> Mapping[str, object]:
    """Options of the account that the service acts as."""
    bot = next(user.name for user in one.sandbox.users.values() if user.bot)
    return one.connection(bot)


def _yaml(value: Any) -> str:
    """JSON is YAML; on one line, quoted where needed."""
    return json.dumps(value, ensure_ascii=False)
