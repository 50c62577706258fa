"""Imports go one way: cli -> engine -> reconcile, state, adapterkit -> model."""

import sys

import pytest

from tests.architecture.source import Module, imports, inside, listing, modules

ALLOWED: dict[str, tuple[str, ...]] = {
    "syncer.model": (),
    "syncer.reconcile": ("syncer.model",),
    "syncer.suggest": ("syncer.model", "syncer.reconcile.names"),
    "syncer.adapterkit": ("syncer.model",),
    "syncer.state": ("syncer.model",),
    "syncer.settings": (
        "syncer.model",
        "syncer.adapterkit.contract",
        "syncer.adapterkit.measuring",
        "syncer.adapterkit.registry",
        "syncer.shipped",
    ),
    "syncer.onboarding": (
        "syncer.model",
        "syncer.adapterkit",
        "syncer.settings",
        "syncer.suggest",
        "syncer.shipped",
    ),
    "syncer.engine": ("syncer.reconcile", "syncer.state", "syncer.adapterkit", "syncer.model"),
    "syncer.report": ("syncer.state", "syncer.model"),
    "syncer.cli": ("syncer",),
    "syncer.__main__": ("syncer.cli",),
    "syncer.shipped": (),
}
"""What each room of the house may import of ours besides itself."""

ADAPTERS_MAY = ("syncer.adapterkit", "syncer.model")

EVERYBODY_MAY = ("syncer.__version__",)

HTTP = {"syncer.adapterkit.wire", "syncer.adapterkit.connections"}
"""The modules that know the HTTP library, so that it can be exchanged in a day."""

IMPURE = (
    *("asyncio", "concurrent", "multiprocessing", "signal", "subprocess", "threading"),
    *("http", "httpcore", "httpx", "socket", "ssl", "starlette", "urllib.request", "uvicorn"),
    *("alembic", "psycopg", "sqlalchemy", "sqlite3", "sqlite_utils"),
    *("getpass", "io", "locale", "os", "platform", "shutil", "tempfile", "filelock", "ruamel"),
    *("logging", "rich", "structlog", "typer"),
    *("random", "secrets", "uuid", "time", "tenacity"),
)
"""Clock, network, database, log, chance and the machine: none of these where things are decided."""

CLOCKS = ("datetime.now(", "datetime.utcnow(", "datetime.today(", "date.today(")


def room(module: Module) -> str | None:
    """The line of the table that holds for a module; None for ``syncer`` itself."""
    return ".".join(module.name.split(".")[:2]) if "." in module.name else None


def ours(name: str) -> bool:
    """Whether an import is of this project."""
    return inside(name, "syncer") or inside(name, "adapters")


def strays(module: Module, allowed: tuple[str, ...]) -> list[str]:
    """Imports of ours that are not allowed here."""
    return [
        f"{module.path}:{line} imports {name}"
        for line, name in imports(module)
        if ours(name) and not any(inside(name, one) for one in (*allowed, *EVERYBODY_MAY))
    ]


def test_every_room_has_its_line() -> None:
    """A new folder under syncer/ is placed in the order of imports on purpose."""
    rooms = {room(module) for module in modules("syncer")} - {None}

    assert rooms <= set(ALLOWED)


@pytest.mark.parametrize("name", ALLOWED)
def test_a_room_imports_only_what_lies_below(name: str) -> None:
    """Each room imports itself and the rooms below it, nothing else of ours."""
    here = [module for module in modules("syncer") if module.within(name)]
    found = [stray for module in here for stray in strays(module, (name, *ALLOWED[name]))]

    assert not found, listing(found)


def test_the_top_package_imports_nothing() -> None:
    """Importing syncer costs nothing and needs nothing."""
    top = [module for module in modules("syncer") if room(module) is None]
    found = [stray for module in top for stray in strays(module, ())]

    assert not found, listing(found)


def test_an_adapter_knows_the_kit_and_the_model_only() -> None:
    """An adapter imports its own folder, the kit and the model: no entities, roles or rules."""
    found = [
        stray
        for module in modules("adapters")
        for stray in strays(module, (room(module) or "adapters", *ADAPTERS_MAY))
    ]

    assert not found, listing(found)


def test_adapters_are_imported_by_name_only() -> None:
    """Nothing in syncer names an adapter: the registry finds it when it is configured."""
    found = [
        f"{module.path}:{line} imports {name}"
        for module in modules("syncer")
        for line, name in imports(module)
        if inside(name, "adapters")
    ]

    assert not found, listing(found)


def test_only_the_entry_point_imports_the_command_line() -> None:
    """Nothing but ``python -m syncer`` depends on the command line."""
    found = [
        f"{module.path}:{line} imports {name}"
        for module in modules("syncer", "adapters")
        if not module.within("syncer.cli", "syncer.__main__")
        for line, name in imports(module)
        if inside(name, "syncer.cli")
    ]

    assert not found, listing(found)


def test_the_http_library_is_known_in_one_place() -> None:
    """The client library stands still; the day it is exchanged, two files change."""
    users = {
        module.name
        for module in modules("syncer", "adapters")
        for _, name in imports(module)
        if inside(name, "httpx") or inside(name, "httpcore")
    }

    assert users == HTTP


def test_the_model_needs_nothing_but_its_structs() -> None:
    """The nouns depend on nothing that is installed, but on what makes them: msgspec's structs."""
    allowed = {"msgspec.Struct", "msgspec.field", "msgspec.structs.replace"}
    found = [
        f"{module.path}:{line} imports {name}"
        for module in modules("syncer/model")
        for line, name in imports(module)
        if not ours(name) and name not in allowed
        if name.split(".")[0] not in sys.stdlib_module_names
    ]

    assert not found, listing(found)


@pytest.mark.parametrize("folder", ["syncer/model", "syncer/reconcile", "syncer/suggest"])
def test_what_decides_is_pure(folder: str) -> None:
    """The nouns, the verbs and the guesses have no clock, network, database or log."""
    found = [
        f"{module.path}:{line} imports {name}"
        for module in modules(folder)
        for line, name in imports(module)
        if any(inside(name, one) for one in IMPURE)
    ]
    clocks = [
        f"{module.path}:{number} asks for the time"
        for module in modules(folder)
        for number, line in enumerate(module.text.splitlines(), 1)
        if any(clock in line for clock in CLOCKS)
    ]

    assert not (found + clocks), listing(found + clocks)
