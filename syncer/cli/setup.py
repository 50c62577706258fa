"""What the global options say, and what every command begins with."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from syncer.cli.exits import Exit, Fault
from syncer.cli.logs import set_up, without
from syncer.cli.output import Output
from syncer.engine.heap import loaded

if TYPE_CHECKING:
    from syncer.model.configuration import Configuration
    from syncer.settings import Said
    from syncer.state import Store

SYNC: Final = Path("config", "sync.yaml")


class Setup(Struct):
    """One invocation: the global options and the environment.

    Args:
        config: the folder named by ``--config``; ``env_file`` by ``--env-file``.
        debug: show tracebacks.
        log_format: ``auto``, ``text`` or ``json``; None leaves it to the environment.
    """

    config: Path | None = None
    env_file: Path | None = None
    json: bool = False
    debug: bool = False
    log_format: str | None = None
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)

    def output(self, json: bool) -> Output:
        """The streams of a command, whose own ``--json`` counts like the global one."""
        self.json = self.json or json
        return Output(json=self.json)

    def begin(self) -> None:
        """Set up the log as the options and the environment say."""
        self._begin()
        loaded()

    def _begin(self) -> None:
        said = self._environment()
        level = "debug" if self.debug else said.log_level
        set_up(self.log_format or said.log_format or "auto", level)

    def root(self) -> Path:
        """The folder that holds ``config/`` and ``mappings/``.

        The folder ``config`` itself may be named too. Raises :class:`Fault` if there is none.
        """
        named = self.config or self._environment().config
        folder = named or Path()
        for root in (folder, folder.absolute().parent):
            if _is_there(root / SYNC) and (root is folder or folder.name == SYNC.parent.name):
                return root
        if named is not None and (folder / SYNC.parent).is_dir():
            return folder  # the checker says what is missing
        raise Fault(_nothing(folder), Exit.CONFIGURATION, _ways())

    def configuration(self) -> "Configuration":
        """Everything that is configured, checked. Raises ``ConfigurationError``."""
        from syncer.adapterkit.redact import know
        from syncer.settings import load

        self._begin()
        with without("click"):  # httpx would load it, and rich, for a command line of its own
            import syncer.adapterkit.http  # noqa: F401 - as the adapters do
        config = load(
            self.root(), self.environ, env_file=self.env_file or self._environment().env_file
        )
        for connection in config.connections.values():
            know(connection.secrets)
        know(config.alerts)
        for person in config.people.values():
            know(person.addresses)
        loaded()
        return config

    def _environment(self) -> "Said":
        from syncer.settings import environment

        return environment(self.environ)


@contextmanager
def opened(config: "Configuration") -> "Iterator[Store]":
    """The state that a configuration names. Raises ``StateError``."""
    from syncer.state import Store

    _make_folder(config)
    with Store.open(config.state, config.schema) as store:
        _check_clients(config, store)
        yield store


def _check_clients(config: "Configuration", store: "Store") -> None:
    """Refuse the state of another installation: our clients would all begin anew in it."""
    from syncer.state import ALL_CLIENTS, StateError

    known = {state.key for state in store.clients()} - {ALL_CLIENTS}
    ours = {*config.clients, *config.broken}
    if known and ours and not known & ours:
        raise StateError(
            store.where,
            f"it is the state of another installation: it knows {_names(known)}, and none of"
            f" the clients here ({_names(ours)})",
            "Correct `state:` in sync.yaml. If all clients were renamed, move the file away:"
            " twins are found again by their keys",
        )


def _names(keys: set[str]) -> str:
    few = sorted(keys)[:3]
    return ", ".join(few) + (", ..." if len(keys) > len(few) else "")


def state_file(config: "Configuration") -> Path | None:
    """The file that holds the state; None if it is a database server."""
    return None if "://" in config.state else Path(config.state)


def _is_there(file: Path) -> bool:
    """Whether there is such a file; one that cannot be looked at is the checker's matter."""
    try:
        return file.is_file()
    except OSError:
        return True


def _make_folder(config: "Configuration") -> None:
    """The one folder that the shipped configuration names is made; others must be there."""
    file = state_file(config)
    if file is not None and file.parent.parent.absolute() == config.root.absolute():
        try:
            file.parent.mkdir(exist_ok=True)
        except OSError as error:
            text = f"the folder {file.parent} cannot be made ({error.strerror})"
            raise Fault(text, Exit.CONFIGURATION) from None


def operator() -> str:
    """The user of the operating system, for the journal."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}" if hasattr(os, "getuid") else "somebody"


def _nothing(folder: Path) -> str:
    return f"there is no configuration in {folder.absolute()} ({SYNC} is missing)"


def _ways() -> list[str]:
    from syncer.shipped import shipped

    return [
        "Name its folder with --config DIR, or in the variable SYNCER_CONFIG.",
        f"An example to copy and fill in: {shipped()} (the folders config/ and mappings/).",
        "To look around first: `syncer demo`, or `syncer sandbox --write-config DIR`.",
    ]
