"""What a run does not use it does not load: a scheduled one pays for that every time."""

import subprocess
import sys
from pathlib import Path

from tests.architecture.source import ROOT

IDLE = """
import importlib, os, pathlib, sys
from syncer.state import Store
from tests.cli.hamlet import Hamlet

hamlet = Hamlet(pathlib.Path(sys.argv[1]))
if not os.fork():  # what makes a new state is loaded where nobody looks
    hamlet.root.joinpath("data").mkdir()
    Store.open(hamlet.root / "data" / "syncer.db").close()
    os._exit(0)
os.wait()
from syncer.cli import main

for name in ("trello", "asana", "hubspot"):
    importlib.import_module(f"adapters.{name}")
try:
    main(["--config", str(hamlet.root), "run"])
except SystemExit as ended:
    print(ended.code, *sorted({name.split(".")[0] for name in sys.modules}))
"""

UNUSED = {
    *("alembic", "mako", "sqlite_utils", "cel", "prompt_toolkit", "rapidfuzz", "markdown_it"),
    *("markdownify", "jinja2", "matplotlib", "numpy", "google", "apprise"),
}
"""Libraries of which a cycle to which nothing happened has no use: together over a second."""


def test_an_idle_run_loads_nothing_that_it_does_not_use(tmp_path: Path) -> None:
    """What reads Markdown, compares titles, draws, migrates or serves is left where it is."""
    done = subprocess.run(
        [sys.executable, "-c", IDLE, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    code, *loaded = done.stdout.splitlines()[-1].split()

    assert "0" == code
    assert [] == sorted(UNUSED & set(loaded))
