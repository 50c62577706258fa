"""What a run does not use it does not load: a scheduled one pays for that every time."""

import os
import subprocess
import sys
from pathlib import Path

from syncer.settings.prefix import PREFIX
from tests.architecture.source import ROOT

IDLE = """
import importlib, os, pathlib, sys

root = pathlib.Path(sys.argv[1])
if not os.fork():  # what prepares, and makes a new state, is loaded where nobody looks
    from syncer.state import Store
    from tests.cli.hamlet import Hamlet
    Hamlet(root)
    root.joinpath("data").mkdir()
    Store.open(root / "data" / "syncer.db").close()
    os._exit(0)
os.wait()
from adapters.memory import World, put_world
from syncer.cli import main

for name in ("one", "two"):
    put_world(f"{root}:{name}", World())
try:
    main(["--config", str(root), "run"])
except SystemExit as ended:
    for name in ("trello", "asana", "hubspot"):
        importlib.import_module(f"adapters.{name}")
    print(ended.code, *sorted(sys.modules))
"""

UNUSED = {
    *("alembic", "mako", "sqlite_utils", "cel", "prompt_toolkit", "rapidfuzz", "markdown_it"),
    *("markdownify", "jinja2", "matplotlib", "numpy", "google", "apprise"),
    *("pydantic_settings", "sqlalchemy.dialects.postgresql", "syncer.reconcile.goals"),
}
"""Of what a cycle to which nothing happened has no use: together over a second.

Variables of the environment are read where there are any, Postgres' dialect belongs to that
database, and goals are only read where something is counted.
"""


def test_an_idle_run_loads_nothing_that_it_does_not_use(tmp_path: Path) -> None:
    """What reads Markdown or goals, compares titles, draws, migrates or serves is left alone."""
    done = subprocess.run(
        [sys.executable, "-c", IDLE, str(tmp_path)],
        cwd=ROOT,
        env={name: said for name, said in os.environ.items() if not name.startswith(PREFIX)},
        capture_output=True,
        text=True,
        check=True,
    )
    code, *loaded = done.stdout.splitlines()[-1].split()

    assert "0" == code
    assert [] == sorted(UNUSED & set(loaded))
