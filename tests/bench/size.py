"""How much disk the state takes."""

import shutil
import sqlite3
from pathlib import Path
from tempfile import TemporaryDirectory

FILE, PRUNED = "file", "journal pruned"


def state_size(state: Path) -> dict[str, float]:
    """Bytes of a state file as it is, and of a copy whose journal is empty and that is packed."""
    with TemporaryDirectory(prefix="size-", dir=state.parent) as folder:
        copy = Path(folder) / state.name
        for file in state.parent.glob(f"{state.name}*"):
            if file.is_file():
                shutil.copyfile(file, copy.parent / file.name)
        with sqlite3.connect(copy) as database:
            database.execute("pragma wal_checkpoint(truncate)")
            whole = copy.stat().st_size
            database.execute("delete from journal")
        database.execute("vacuum")
        database.execute("pragma wal_checkpoint(truncate)")
        database.close()
        return {FILE: float(whole), PRUNED: float(copy.stat().st_size)}
