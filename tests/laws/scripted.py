"""Cases that find one certain defect, each as short as it can be; ``python -m tests.laws.scripted NAME``.

Chance finds these defects too, but only in many cases: it has to hit a tool where the owner reads,
the minute before we look, and who answers.
"""

import sys
from collections.abc import Mapping
from typing import Any, Final

from tests.laws.replay import Script, play
from tests.laws.setting import Setting
from tests.laws.troubles import SPEECH

MOVED: Final = ("edit", {"who": "anna", "place": 1, "number": 0, "change": {"due": "2027-04-20"}})


def begun(**more: Any) -> tuple[str, dict[str, Any]]:
    """Two plain tools whose people are told of everything there."""
    setting = Setting(talks=True, **more)
    return ("begin", {"setting": setting, "change": {"notes": "x"}, "day": "2027-01-10"})


LOST: Final[Script] = (
    begun(),
    ("fail", {"place": 0, "which": SPEECH, "first": 0, "late": True}),
    ("run", {}),
)

SCRIPTS: Final[Mapping[str, Script]] = {
    "an answer counts for a newer version": (
        begun(),
        ("ask_and_reply", {"place": 1, "who": "maya", "more": True}),
    ),
    "anybody may answer": (
        begun(),
        ("ask_and_reply", {"place": 1, "who": "ben", "more": False}),
    ),
    "a comment before its intent": LOST,
    "a lost comment is written again": LOST,
    "a digest is told twice": (
        begun(cap=1),
        MOVED,
        ("run", {}),
        ("sleep", {"days": 1}),
        ("sleep", {"days": 1}),
    ),
    "guests are not looked at": (
        begun(),
        *(("guests", {"place": 0, "number": n, "come": True}) for n in range(2)),
        MOVED,
        ("run", {}),
    ),
}
"""By the name of the defect."""

if __name__ == "__main__":
    print(play(SCRIPTS[sys.argv[1]]))
