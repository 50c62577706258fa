"""States as older versions made them: their tables, by the steps of then, and rows of then."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import MetaData, create_engine, make_url

from syncer.model.records import Proposal
from syncer.state import search
from syncer.state.codec import proposal_to_row
from syncer.state.columns import moment_text

AT = "2026-03-01T12:00:00.000000Z"

Rows = Mapping[str, Iterable[Mapping[str, Any]]]


def old_state(place: str, version: str, rows: Rows) -> None:
    """Make a state of a version, with these rows; columns that it did not have are left out."""
    url = make_url(place if "://" in place else f"sqlite:///{Path(place)}")
    driver = "postgresql+psycopg" if url.get_backend_name() == "postgresql" else "sqlite"
    engine = create_engine(url.set(drivername=driver))
    with engine.begin() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", "syncer.state:migrations")
        config.set_main_option("path_separator", "os")
        command.upgrade(config, version)
        tables = MetaData()
        tables.reflect(connection)
        for name, told in rows.items():
            table = tables.tables[name]
            for row in told:
                known = {key: value for key, value in row.items() if key in table.columns}
                connection.execute(table.insert(), known)
        if engine.dialect.name == "postgresql":
            search.tend_postgres(connection)
    engine.dispose()


def old_record(id: str, agreed: Any = (), **told: Any) -> dict[str, Any]:
    """A row of ``records``; what is agreed as JSON or as text."""
    text = agreed if isinstance(agreed, str) else json.dumps(dict(agreed))
    row = {"id": id, "client": "bakery", "entity": "task", "title": "", "folded": ""}
    return row | {"pending": False, "since": AT, "agreed": text} | told


def old_link(id: str, record: str, fields: str = "{}", **told: Any) -> dict[str, Any]:
    """A row of ``links``: a card."""
    row = {"id": id, "record": record, "client": "bakery", "connection": "trello"}
    row |= {"object": "card", "remote_id": id, "status": "linked", "existence": "present"}
    flags = {"unverified": False, "stock": True, "let_in": True}
    return row | flags | {"fields": fields, "verify": "[]"} | told


def old_proposal(one: Proposal) -> dict[str, Any]:
    """A row of ``proposals`` as the database takes it."""
    told = {name: moment_text(value) if isinstance(value, datetime) else value
            for name, value in proposal_to_row(one).items()}  # fmt: skip
    return told | {name: json.dumps(told[name]) for name in ("value", "base")}
