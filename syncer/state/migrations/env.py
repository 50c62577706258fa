"""Runs the steps on the connection it is handed, inside that connection's transaction."""

from alembic import context

import syncer.state.tables_partial  # noqa: F401 - adds to the tables what it states
from syncer.state.migrations import VERSION_TABLE
from syncer.state.search import SEARCH_TABLES
from syncer.state.tables_base import metadata

# Search keeps tables and an index of its own, which no step makes.
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    render_as_batch=True,
    include_name=lambda name, *_: not (name or "").startswith(SEARCH_TABLES),
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
