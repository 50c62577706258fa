"""The machine finds what it is there to find: each defect, and by the name of the law it breaks."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.laws.defects import DEFECTS, Defect
from tests.laws.defects_talk import IN_TALK
from tests.laws.replay import play
from tests.laws.scripted import SCRIPTS
from tests.laws.test_machine import STEPS

ROOT = Path(__file__).resolve().parents[2]
MOST = 30
"""Cases after which the machine would have to admit that it does not find a defect."""


def house(folder: Path, defect: Defect) -> Path:
    """A copy of the house with the defect in it."""
    for name in ("syncer", "adapters", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    defect.plant(folder)
    return folder


def broken_laws(root: Path, defect: Defect) -> tuple[list[str], str]:
    """The laws that the machine names there, and all that it says."""
    chance = ["tests.laws.one", str(defect.seed), str(MOST), str(STEPS), *defect.swarm.split()]
    what = ["tests.laws.scripted", defect.name] if defect in IN_TALK else chance
    done = subprocess.run(
        [sys.executable, "-m", *what],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=600,
    )
    said = f"{done.stdout}{done.stderr}"
    return [line.partition(":")[0] for line in done.stdout.splitlines()], said


EVERYWHERE = bool(os.environ.get("KILL_EVERYWHERE"))
TRIED = [*(DEFECTS if EVERYWHERE else DEFECTS[::2]), *IN_TALK]
"""What chance has to find takes long: usually every second of those, always the same."""


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.name)
def test_a_defect_can_be_planted(tmp_path: Path, defect: Defect) -> None:
    """Each line that a defect changes stands in the house, once."""
    place = tmp_path / defect.file
    place.parent.mkdir(parents=True)
    shutil.copy(ROOT / defect.file, place)

    defect.plant(tmp_path)

    assert place.read_bytes() != (ROOT / defect.file).read_bytes()


@pytest.mark.parametrize("defect", TRIED, ids=lambda defect: defect.name)
def test_a_defect_is_found_and_named(
    tmp_path: Path, defect: Defect, record_property: Callable[[str, object], None]
) -> None:
    """Whoever breaks the service in this way is told so, and which promise it breaks."""
    laws, said = broken_laws(house(tmp_path, defect), defect)
    record_property("figure", f"{defect.name}: found, breaks {', '.join(dict.fromkeys(laws))}")

    assert defect.law in laws, said[-3000:]


def test_a_table_out_of_date_is_told(tmp_path: Path) -> None:
    """A defect whose line is not there any more is no defect that was found."""
    (tmp_path / "a.py").write_text("one\n", encoding="utf-8")

    with pytest.raises(LookupError, match="0 times in a"):
        Defect("none", "a.py", "two\n", "three\n", "Quiet").plant(tmp_path)


@pytest.mark.parametrize("name", list(SCRIPTS))
def test_without_its_defect_nothing_is_found(name: str) -> None:
    """What finds a defect says nothing of the house as it is."""
    assert play(SCRIPTS[name]) == ""
