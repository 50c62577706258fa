"""How much disk the state takes."""

import shutil
import sqlite3
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

FILE, PRUNED = "file", "journal pruned"


SETTLED: Final = (
    """
    delete from journal
    where key is null and (kind = 'write' or (kind = 'first_contact' and field is null))
    """,
    "delete from intents where status <> 'sent'",
    # As the service does where many lines left the journal.
    "insert into journal_fts(journal_fts) values ('optimize')",
)
"""What goes with time: lines that only say what the service did itself, and answered intents."""


def state_size(state: Path) -> dict[str, float]:
    """Bytes of a state file as it is, and of a copy out of which time took what it takes, packed."""
    with TemporaryDirectory(prefix="size-", dir=state.parent) as folder:
        copy = Path(folder) / state.name
        for file in state.parent.glob(f"{state.name}*"):
            if file.is_file():
                shutil.copyfile(file, copy.parent / file.name)
        with sqlite3.connect(copy) as database:
            database.execute("pragma wal_checkpoint(truncate)")
            whole = copy.stat().st_size
            for statement in SETTLED:
                database.execute(statement)
        database.execute("vacuum")
        database.execute("pragma wal_checkpoint(truncate)")
        database.close()
        return {FILE: float(whole), PRUNED: float(copy.stat().st_size)}
