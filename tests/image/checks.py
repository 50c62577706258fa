"""What the image promises, each tried in the image itself."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from tests.image.box import Box, Failed, Said

USER: Final = 10001


def expect(said: Said, code: int, *words: str) -> None:
    """It ended so, and said this. Raises :class:`Failed`."""
    told = f"{said.out}\n{said.err}"
    lacking = [word for word in words if word not in told]
    if said.code != code or lacking:
        end = "\n".join(told.splitlines()[-25:])
        raise Failed(f"it ended with {said.code}, not {code}; not said: {lacking}\n{end}")


def it_is_nobodys_root(box: Box) -> None:
    """Its user is a number, and /data belongs to that user."""
    told = (box.root / "data").stat()
    found = (box.config["User"], told.st_uid, told.st_gid, oct(told.st_mode & 0o7777))
    if found != (f"{USER}:{USER}", USER, USER, "0o750"):
        raise Failed(f"user, owner, group and mode of /data are {found}")
    said = box.run("id", "-u")
    expect(said, 0, str(USER))


def its_root_is_read_only(box: Box) -> None:
    """Nothing but /data and /tmp can be written, here as with `--read-only`."""
    expect(box.run("touch", "/venv/new"), 1, "Read-only file system")
    expect(box.run("sh", "-c", "touch /data/new /tmp/new && rm /data/new"), 0)


def the_demo_runs(box: Box) -> None:
    """The whole demo, on stand-ins inside."""
    expect(box.syncer("demo", seconds=900), 0)


def one_cycle_runs(box: Box) -> None:
    """One run by its own command against stand-ins; the health check, and exit codes come through."""
    with box.serving("sandbox", "--write-config", "/data"):
        expect(box.syncer("status", "--max-age", "1d"), 1, "never ran yet")
        expect(box.syncer(seconds=900), 0, "bakery: done")
        expect(box.syncer("check", "--live"), 0, "trello")
    expect(box.run(*box.config["Healthcheck"]["Test"][1:]), 0, "healthy")
    expect(box.syncer("status", "--max-age", "1d"), 0)
    expect(box.syncer("status", "--max-age", "0s"), 1)
    expect(box.syncer("run", "--client", "nobody"), 2, 'there is no client "nobody"')
    # With its tools gone a run fails, and the container is no less alive.
    expect(box.syncer(), 1)
    expect(box.run(*box.config["Healthcheck"]["Test"][1:]), 0, "healthy")


def no_bytecode_is_written(box: Box) -> None:
    """All that was run left no compiled module behind; what pip installed was compiled before."""
    left = list(box.data.rglob("*.pyc"))
    old = next(iter(box.root.glob("venv/lib/python*/site-packages/syncer/__pycache__/*.pyc")), None)
    if left or old is None:
        raise Failed(f"left behind: {left[:3]}; compiled when it was built: {old}")
    born = Path(box.root, "data").stat().st_ctime
    newer = [p for p in box.root.rglob("*.pyc") if p.stat().st_ctime > born + 1]
    if newer:
        raise Failed(f"written after the build: {newer[:3]}")


CHECKS: Final[tuple[Callable[[Box], None], ...]] = (
    it_is_nobodys_root,
    its_root_is_read_only,
    the_demo_runs,
    one_cycle_runs,
    no_bytecode_is_written,
)
