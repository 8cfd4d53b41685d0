"""One relational database, opened once in each process, read and written in short transactions."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import event, exc

from gateway.errors import Conflict, Unavailable
from gateway.store.epoch import Epoch
from gateway.store.remembered import Remembered
from gateway.store.turns import Turn

BUSY_SECONDS = 5.0
Found = TypeVar("Found")
# SQLite below 3.51.3 can corrupt a WAL file that several processes write and checkpoint.
_WAL_IS_SAFE = sqlite3.sqlite_version_info >= (3, 51, 3)


class Database:
    """A database by SQLite path or by URL; a file is made at first use, readable by its owner alone.

    `read()` and `write()` yield a SQLAlchemy connection inside one transaction, committed at the end and rolled back
    on an error. Raises Conflict for a broken constraint and Unavailable for anything that keeps it from answering.
    Keep transactions short: on SQLite a reader holds writers up. `durable=False` is for what can be made again.
    """

    def __init__(self, url_or_path: str | Path, *, durable: bool = True) -> None:
        text = str(url_or_path)
        self.url = sa.make_url(text if "://" in text else f"sqlite:///{Path(text).absolute()}")
        self.path = Path(self.url.database) if self.is_sqlite and self.url.database else None
        self._synchronous = "FULL" if durable else "NORMAL"
        self._opening = threading.Lock()
        self._engine: sa.Engine | None = None
        self._owner = 0
        self._epoch = Epoch(self.path.with_name(f"{self.path.name}.epoch")) if self.path else None
        self._remembered = Remembered(self.path, self._epoch, BUSY_SECONDS) if self.path and self._epoch else None
        self._turn = Turn(self.path.with_name(f"{self.path.name}.lock"), BUSY_SECONDS) if self.path else None

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a SQLite file."""
        return self.url.get_backend_name() == "sqlite"

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A connection in a transaction that sees one state of the database and changes nothing."""
        with _in_our_words(), self._opened().connect() as connection, connection.begin():
            yield connection

    def remembered(
        self, key: Hashable, read: Callable[[sa.Connection], Found], is_small: Callable[[Found], bool] | None = None
    ) -> Found:
        """What `read` gives, read again only once anything in the database has changed; treat it as immutable.

        With `is_small` only results that it likes are remembered.
        """

        def read_now() -> Found:
            with self.read() as connection:
                return read(connection)

        if self._remembered is None:
            return read_now()
        with _in_our_words():
            self._opened()  # makes the file, readable by its owner alone, where it is not there yet
            return self._remembered.get(key, read_now, is_small)

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """A connection in a transaction that is durable when the block ends; writers take turns."""
        with _in_our_words(), self._one_at_a_time(), self._opened().connect() as connection:
            connection.execution_options(writes=True)
            with connection.begin():
                yield connection

    def close(self) -> None:
        """Closes this process's connections; the next use opens them again."""
        with self._opening:
            if self._engine is not None and self._owner == os.getpid():
                self._engine.dispose()
            self._engine = None

    @contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        if self._turn is None:
            yield
            return
        with self._turn.taken(), self._epoch.changing() if self._epoch else nullcontext():
            yield

    def _opened(self) -> sa.Engine:
        with self._opening:
            if self._engine is None or self._owner != os.getpid():
                # A connection never crosses a fork: SQLite's locks and a server's socket belong to one process.
                if self._engine is not None:
                    self._engine.dispose(close=False)
                self._engine = self._connect()
                self._owner = os.getpid()
            return self._engine

    def _connect(self) -> sa.Engine:
        if self.path is None:
            return sa.create_engine(self.url, pool_size=8, max_overflow=-1, pool_pre_ping=True)
        _make_private_file(self.path)
        engine = sa.create_engine(
            self.url,
            pool_size=8,
            max_overflow=-1,
            connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        )
        event.listen(engine, "connect", self._prepare_connection)
        event.listen(engine, "begin", _begin)
        return engine

    def _prepare_connection(self, connection: sqlite3.Connection, _record: Any) -> None:
        # The driver's own implicit BEGIN is off: _begin chooses the kind of transaction.
        connection.isolation_level = None
        for pragma in (
            f"journal_mode={'WAL' if _WAL_IS_SAFE else 'TRUNCATE'}",
            f"synchronous={self._synchronous}",
            "foreign_keys=ON",
        ):
            connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    # IMMEDIATE takes the write lock at once, where the busy timeout applies; a later upgrade would fail instead.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _make_private_file(path: Path) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except OSError as error:
        raise Unavailable("A database of this site cannot be opened.") from error


@contextmanager
def _in_our_words() -> Iterator[None]:
    try:
        yield
    except exc.IntegrityError as error:
        raise Conflict("That clashes with what is already stored.") from error
    except (exc.DBAPIError, sqlite3.Error, OSError) as error:
        raise Unavailable("A database of this site does not answer.") from error
