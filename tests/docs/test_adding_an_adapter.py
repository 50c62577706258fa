"""docs/adding-an-adapter.md, followed literally: its blocks are the package, its commands are run."""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from syncer.adapterkit.registry import adapter_spec
from syncer.adapterkit.sandbox import agency_world
from syncer.cli import main
from syncer.cli.configure import write
from syncer.cli.stand import serving
from tests.docs import page
from tests.shared import bare_environment

PAGE = page.Page("docs/adding-an-adapter.md")
SHELL = [block.content for block in PAGE.blocks if block.language == "sh"]
INSTALL, SUITE, RUN = SHELL
OUT_OF_THE_WAY = ["--quiet", "--no-deps", "--no-build-isolation", "--disable-pip-version-check"]
"""The test asks no registry, and leaves the environment that it runs in as it is."""


def words(line: str) -> list[str]:
    """A printed line as this interpreter runs it."""
    return [sys.executable, *shlex.split(line)[1:]]


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the page tells to make, with each block in the file it names."""
    root = tmp_path_factory.mktemp("acme-todos")
    for block in PAGE.blocks:
        if block.about:
            (root / block.about).parent.mkdir(exist_ok=True)
            (root / block.about).write_text(block.content, "utf-8")
    return root


@pytest.fixture(scope="module")
def installed(package: Path) -> Path:
    """Where the package is once it was installed as the page says."""
    place = package / "site"
    to = [*OUT_OF_THE_WAY, "--target", str(place)]
    subprocess.run([*words(INSTALL), *to], cwd=package, check=True, env=bare_environment())
    return place


@pytest.fixture
def imported(installed: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The package, to be found by this process until the test is over."""
    monkeypatch.syspath_prepend(installed)
    yield
    for name in [name for name in sys.modules if name.partition(".")[0] == "acme_todos"]:
        del sys.modules[name]
    structlog.reset_defaults()


def test_the_contract_suite_passes(installed: Path) -> None:
    """What the page builds is an adapter like ours; what it has not got is skipped, nothing else."""
    path = os.pathsep.join([str(installed), str(page.ROOT)])
    ended = subprocess.run(
        [*words(SUITE), "-q", "-p", "no:cacheprovider"],
        cwd=page.ROOT,
        env=bare_environment() | {"PYTHONPATH": path},
        capture_output=True,
        check=False,
        text=True,
        timeout=300,
    )
    passed, skipped = (
        int(found[1]) if (found := re.search(rf"(\d+) {word}", ended.stdout)) else 0
        for word in ("passed", "skipped")
    )

    assert (0, "") == (ended.returncode, ended.stderr), ended.stdout[-3000:]
    assert passed > 50
    assert len(re.findall(r"^SKIPPED \[1\] .* todos has no |tells the author|does not add choices",
                          ended.stdout, re.M)) == skipped  # fmt: skip


@pytest.mark.usefixtures("imported")
def test_the_run_works_as_printed(
    package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is found by its entry point; the first run fills Todos from Asana, the next is quiet."""
    first, copy, *rest, last = [line.partition("#")[0].strip() for line in RUN.splitlines()]
    systems = re.findall(r"syncer sandbox --systems (\S+) --write-config /tmp/todos &", first)[0]
    assert ("cp mappings/todos.yaml /tmp/todos/mappings/", "kill %1") == (copy, last)
    told = []
    with serving(systems.split(","), agency_world()) as stand:
        write(tmp_path, stand)
        mapping = (package / "mappings/todos.yaml").read_text("utf-8")
        (tmp_path / "mappings/todos.yaml").write_text(mapping, "utf-8")
        for line in [*rest, f"{rest[-1]} --json"]:
            with pytest.raises(SystemExit) as ended:
                main(shlex.split(line.replace("/tmp/todos", str(tmp_path)))[1:])
            assert not ended.value.code, line
            told.append(capsys.readouterr().out)
        held = stand.running["todos"].sandbox.state()

    assert adapter_spec("todos").name == "todos"
    assert "the configuration is right: 2 clients, 2 connections" in told[0]
    assert "todos: 29 new" in told[1]
    assert "not expressible" in told[1]
    assert "wrote 29" in told[2]
    assert "wrote 0" in told[3]
    assert [[], []] == [one["plan"]["actions"] for one in json.loads(told[4])["clients"]]
    assert isinstance(held, dict)
    assert {"Wireframes", "Sitemap"} <= {row["title"] for row in held["todos"].values()}
