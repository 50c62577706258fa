"""The store: everything that is remembered, behind one object."""

import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Final, NamedTuple, Self, cast

from sqlalchemy import Connection, Engine, RootTransaction

from syncer.model.entities import BUILTIN, Schema
from syncer.state.agreements import AgreementReader
from syncer.state.ahead import Ahead
from syncer.state.changes import ChangeReader
from syncer.state.contacts import ContactReader
from syncer.state.errors import StateError, translated
from syncer.state.figures import FigureReader
from syncer.state.finding import Finder
from syncer.state.ledger import IntentReader, JournalReader, ProgressReader
from syncer.state.lock import hold
from syncer.state.notices import NoticeReader
from syncer.state.opening import open_engine
from syncer.state.reading import LinkReader, RecordReader
from syncer.state.room import forget_words, give_back
from syncer.state.twins import TwinReader
from syncer.state.waiting import WaitingReader
from syncer.state.writing import Transaction

_WRITES: Final = {"syncer_write": True}


class Standing(NamedTuple):
    """How far writing has got: by other processes, by this one, and by one client's cycles."""

    others: int
    here: int
    client: int


class Store(
    LinkReader,
    TwinReader,
    RecordReader,
    JournalReader,
    IntentReader,
    ProgressReader,
    WaitingReader,
    Finder,
    ChangeReader,
    FigureReader,
    AgreementReader,
    NoticeReader,
    ContactReader,
):
    """Reads from any thread; one writing transaction at a time.

    A read sees what was committed, so within a transaction it does not see that
    transaction's own writes. All methods raise :class:`StateError`.
    """

    boundary: Callable[[str], None] = staticmethod(lambda _moment: None)
    """Called with "commit.before" and "commit.after" around each commit (for kill tests)."""

    def __init__(self, engine: Engine, schema: Schema, where: str, file: Path | None) -> None:
        super().__init__(engine, schema, where)
        self.file = file
        """The SQLite file; None on Postgres."""
        self._identity = file and _identity(file)
        self._writer = threading.Lock()
        self._writing: int | None = None
        self._desk: Connection | None = None
        self._changes: Counter[str] = Counter()

    @classmethod
    def open(cls, where: str | Path, schema: Schema = BUILTIN) -> Self:
        """Open a file or a ``postgresql://`` database; make or upgrade its tables.

        Raises :class:`StateError` with the way out: a folder, a file that is not ours or from
        a newer version, no permission, no server.
        """
        engine, name, file = open_engine(where)
        return cls(engine, schema, name, file)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Release all connections; the last one out folds SQLite's log into the file."""
        if self._desk is not None:
            self._desk.close()
            self._desk = None
        self._engine.dispose()

    def begun(self) -> None:
        """See to it that what a cycle writes first is written; see :class:`ClientStore`."""

    def ahead(self) -> Ahead:
        """Makes rows of new records before these are written; see :meth:`Transaction.put_ahead`."""
        return Ahead(self.schema, self._stored, self.where)

    @contextmanager
    def transaction(self, of: str = "") -> Iterator[Transaction]:
        """One commit: at the end of the block all of it is kept, on any exception nothing.

        ``of``: the one client whose cycle writes nothing that another one's goes by.
        """
        if self._writing == threading.get_ident():
            raise RuntimeError("transactions do not nest")
        with self._writer:
            self._writing = threading.get_ident()
            self._changes[of] += 1
            try:
                with translated(self.where, self._still_ours):
                    yield from self._one_transaction()
            finally:
                self._writing = None

    def _one_transaction(self) -> Iterator[Transaction]:
        with self._at_desk() as connection:
            with connection.begin() as begun:
                transaction = Transaction(connection, self.schema, self.where)
                yield transaction
                transaction.finish()
                self.boundary("commit.before")
                self._still_ours()
                _commit(connection, begun)
            self.boundary("commit.after")

    @contextmanager
    def _at_desk(self) -> Iterator[Connection]:
        """The connection that writes: of a file always the same one, as :meth:`standing` needs."""
        if self.file is None:
            with self._engine.connect().execution_options(**_WRITES) as connection:
                yield connection
            return
        if self._desk is None:
            self._desk = self._engine.connect().execution_options(**_WRITES)
            # What it tells of others' commits is a number of its own: as if all had written.
            self._changes[""] += 1
        try:
            yield self._desk
        except BaseException:
            desk, self._desk = self._desk, None
            desk.close()
            raise

    def standing(self, client: str) -> Standing | None:
        """What changes with everything that is written, but by other clients' cycles here.

        None where that cannot be told at once: on Postgres, or while somebody writes.
        """
        if self._desk is None or not self._writer.acquire(blocking=False):
            return None
        try:
            with translated(self.where, self._still_ours):
                # Of one connection it changes with what others commit, and not with its own.
                [[others]] = _raw(self._desk).execute("PRAGMA data_version")
            return Standing(others, self._changes[""], self._changes[client])
        finally:
            self._writer.release()

    def _still_ours(self) -> None:
        """Nothing is committed to a file that nobody finds again: removed, or replaced."""
        if self.file is not None and _identity(self.file) != self._identity:
            raise StateError(
                self.where,
                "the file was removed or replaced while it was in use",
                "Nothing more is written. Put the right file there and run again",
            )

    def give_back(self, lines: int = 0) -> None:
        """Return a file's free pages to the disk where they are more than a quarter of it.

        ``lines`` just left the journal; if they were as many of it, the search forgets them too.

        Fewer are soon used again. A Postgres server sees to its own, and a file that was made
        before this keeps its length (`PRAGMA auto_vacuum = INCREMENTAL; VACUUM` changes that).
        """
        if self.file is None:
            return
        with (
            self._writer,
            translated(self.where, self._still_ours),
            closing(self._engine.raw_connection()) as connection,
        ):
            database = cast("sqlite3.Connection", connection.driver_connection)
            forget_words(database, lines)
            give_back(database)

    def lock(self, client: str) -> AbstractContextManager[None]:
        """Keep every other run away from this client, for the length of a ``with`` block.

        Freed by the system when the process ends, however it ends. Raises
        :class:`~syncer.state.errors.LockHeld` at once if another run has it.
        """
        return hold(self._engine, self.file, self.where, client)


def _raw(connection: Connection) -> sqlite3.Connection:
    return cast(sqlite3.Connection, connection.connection.driver_connection)


def _commit(connection: Connection, begun: RootTransaction) -> None:
    try:
        begun.commit()
    except Exception:
        # SQLite stays in a transaction whose commit it refused, and the pool would hand on
        # this connection with it: the next transaction could not begin.
        connection.invalidate()
        raise


def _identity(file: Path) -> tuple[int, int] | None:
    """What a file is, by whatever name; None if it is not there."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


class Rehearsal(Store):
    """A store of which nothing that is written stays: for looking without leaving a trace.

    It reads what another store of this process has open, and is closed with that one.
    """

    def __init__(self, store: Store) -> None:
        super().__init__(store._engine, store.schema, store.where, store.file)

    def close(self) -> None:
        """Nothing: the store that it was made of releases the connections."""

    def _one_transaction(self) -> Iterator[Transaction]:
        connected = self._engine.connect().execution_options(**_WRITES)
        with connected as connection, connection.begin() as begun:
            yield Transaction(connection, self.schema, self.where)
            begun.rollback()
