"""Every command, flag, exit code, target and variable on the pages is there, and the other way
round.
"""

import re
from collections.abc import Iterator
from enum import Enum
from typing import Any, get_args

import pytest
import typer.main

from syncer.cli.app import app_of
from syncer.cli.exits import WORST_FIRST, Exit
from syncer.cli.run import ALLOWED
from syncer.settings.prefix import PREFIX
from syncer.settings.variables import Environment
from tests.architecture.source import listing
from tests.docs import page

ROOT_COMMAND = typer.main.get_command(app_of())
EVERYWHERE = {"--help", "--json"}

Path = tuple[str, ...]

_WITHIN = re.compile(r".*(?:docker run .* |ExecStart=/\S*/)(syncer .*)")
"""A line of cron, systemd or a container in which the program is called."""

_OTHERS = (
    "git clone",
    "docker build",
    "kubectl create",
    "mkdir ",
    "cp ",
    "#",
    "[",
    "User=",
    "StateD",
)
"""Beginnings of lines in which its name is the name of something else."""


def commands(command: Any = ROOT_COMMAND, path: Path = ()) -> Iterator[Path]:
    """The path of every command, without that of all."""
    for name, child in getattr(command, "commands", {}).items():
        yield (*path, name)
        yield from commands(child, (*path, name))


def command_at(path: Path) -> Any:
    """A command by its path."""
    command: Any = ROOT_COMMAND
    for name in path:
        command = command.commands[name]
    return command


def options(command: Any) -> dict[str, Any]:
    """Every spelling of a command's options; None for the one that every command has."""
    found: dict[str, Any] = {"--help": None}
    for parameter in command.params:
        found |= {name: parameter for name in parameter.opts if name.startswith("-")}
    return found


def choices(option: Any) -> set[str]:
    """The values an option may have, if they are few."""
    annotation = option.type_descriptor.annotation
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return {member.value for member in annotation}
    return {value for value in get_args(annotation) if isinstance(value, str)}


def words(line: str) -> list[str]:
    """A command line as words; what is optional is shown in brackets and counts as written."""
    line = re.split(r"\s[#&]", line)[0]
    return line.replace("[", " ").replace("]", " ").split()


def invocations() -> list[str]:
    """Every way in which the pages call the program: in blocks, in cells and in sentences."""
    found = [span for span in page.spans() if span.startswith("syncer ")]
    for block in page.blocks():
        lines = block.content.replace("\\\n", " ").splitlines()
        found += [line for line in lines if line.startswith("syncer ")]
        found += [match[1] for line in lines if (match := _WITHIN.match(line))]
    return list(dict.fromkeys(found))


def understood(line: str) -> tuple[Path, set[str], list[str]]:
    """The command a line means, the options it names, and what it says that there is not."""
    command: Any = ROOT_COMMAND
    path, named, wrong, option = (), set[str](), list[str](), None
    for word in words(line)[1:]:
        if word.startswith("--"):
            named.add(word)
            option = options(command).get(word)
            wrong += [] if word in options(command) else [word]
        elif option is not None and not option.is_flag:
            few = choices(option)
            wrong += [word] if few and word not in few else []
            option = None
        elif word in getattr(command, "commands", {}):
            command, path = command.commands[word], (*path, word)
        elif getattr(command, "commands", None):
            wrong.append(word)
    return path, named, wrong


def test_no_line_of_a_shell_block_is_passed_over() -> None:
    """Where the program's name stands in a block to type, the line is one that is looked at."""
    shown = [b for b in page.blocks() if b.language in ("sh", "")]
    lines = [line for b in shown for line in b.content.replace("\\\n", " ").splitlines()]
    named = [line for line in lines if re.search(r"\bsyncer\b(?!\.|-|=)", line.partition(" #")[0])]
    called = [line for line in named if line.startswith("syncer ") or _WITHIN.match(line)]
    lost = [x for x in named if x not in called and not x.lstrip().startswith(_OTHERS)]

    assert called
    assert not lost, listing(lost)


@pytest.mark.parametrize("line", invocations())
def test_what_the_pages_call_is_there(line: str) -> None:
    """Each command and each of its flags exists, and each choice is one."""
    path, _, wrong = understood(line)

    assert path or "--" in line
    assert [] == wrong


def test_the_table_of_commands_is_complete() -> None:
    """Every command has its row, with all of its flags and none that it does not have."""
    named: dict[Path, set[str]] = {}
    for cell, _ in page.README.rows("command"):
        for span in re.findall(r"`([^`]+)`", cell):
            path, flags, _ = understood(span)
            named[path] = named.get(path, set()) | flags
            if "[list]" in span:
                named[path[:-1]] = flags
    there = {
        path: {name for name in options(command_at(path)) if name.startswith("--")} - EVERYWHERE
        for path in commands()
    }

    assert there == named


def test_the_global_flags_are_named() -> None:
    """What stands before the command is on the page."""
    missing = [
        name
        for name in options(ROOT_COMMAND)
        if name.startswith("--") and not any(span.startswith(name) for span in page.README.spans)
    ]

    assert not missing, listing(missing)


def test_the_exit_codes() -> None:
    """The table holds every code, and the order is the one that counts."""
    codes = [int(row[0]) for row in page.README.rows("exit code")]
    order = ", ".join(str(int(code)) for code in WORST_FIRST if code is not Exit.DONE)

    assert sorted(Exit) == codes
    assert f"the one that needs a person soonest counts: {order}." in page.README.prose


def test_the_guards_kinds_are_named() -> None:
    """Whoever is refused finds the word that lets a plan pass."""
    section = page.README.text.partition("## Safety")[2].partition("\n## ")[0]

    assert set(ALLOWED) <= set(re.findall(r"`(?:syncer run --allow )?(\w+)`", section))


def test_the_targets_of_make() -> None:
    """What the pages ask `make` for, the Makefile has."""
    targets = set(re.findall(r"^([a-z-]+):", (page.ROOT / "Makefile").read_text("utf-8"), re.M))
    asked = set(re.findall(r"\bmake ([a-z-]+)\b", "\n".join(page.spans())))
    asked |= {m[1] for b in page.blocks() for m in re.finditer(r"^make ([a-z-]+)", b.content, re.M)}

    assert {"demo", "test"} <= asked
    assert asked <= targets


def test_the_variables_are_there() -> None:
    """Every variable of ours that is named is one."""
    known = {f"{PREFIX}{name.upper()}" for name in Environment.model_fields}
    named = {name for each in page.PAGES for name in re.findall(rf"\b{PREFIX}[A-Z_]+\b", each.text)}

    assert known == named
