"""An environment of its own for each peer; and ours, compiled.

A peer is what people would use instead; none of them is a dependency of ours.
"""

import compileall
from pathlib import Path
from typing import Final

from tests.locked import ROOT, Environments, Failed, Tell

HERE: Final = Path(__file__).parent / "peers"
OURS: Final = ("syncer", "adapters", "tests/bench")
PEERS: Final = ("dlt", "singer", "vdirsyncer")
_PLACES: Final = Environments(HERE, ROOT / ".bench", PEERS)

python, lock = _PLACES.python, _PLACES.lock


def program(peer: str) -> Path:
    """The peer's own command."""
    return python(peer).with_name(peer)


def build(tell: Tell) -> None:
    """Bring every environment into the state that its lock describes, side by side.

    Peers are compiled when they are installed; so are we, or the first phase would pay for it.

    Raises :class:`Failed`.
    """
    for folder in OURS:
        if not compileall.compile_dir(ROOT / folder, quiet=2):
            raise Failed(f"{folder}/ could not be compiled: start-up would cost twice as much")
    _PLACES.build(tell)


__all__ = ["HERE", "PEERS", "ROOT", "Failed", "Tell", "build", "lock", "program", "python"]
