"""An environment of its own for each vendor's client; the clients are never dependencies of ours."""

from pathlib import Path
from typing import Final

from tests.locked import ROOT, Environments, Failed, Tell

HERE: Final = Path(__file__).parent
SYSTEMS: Final = ("asana", "google_analytics", "hubspot", "trello")
CLIENTS: Final = Environments(HERE, ROOT / ".strangers", SYSTEMS)

python, build, lock = CLIENTS.python, CLIENTS.build, CLIENTS.lock

__all__ = ["HERE", "ROOT", "SYSTEMS", "Failed", "Tell", "build", "lock", "python"]
