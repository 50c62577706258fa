"""The image: two stages, nobody's root, one volume, one run."""

import json
import re
from fnmatch import fnmatch

from tests.architecture.source import ROOT, listing

Instruction = tuple[str, str]

KNOWN = [
    "ARG",
    "FROM",
    "ENV",
    "WORKDIR",
    "COPY",
    "RUN",
    "LABEL",
    "USER",
    "VOLUME",
    "HEALTHCHECK",
    "ENTRYPOINT",
    "CMD",
]  # ADD, MAINTAINER, EXPOSE and the like have no business here
SECRET = re.compile(r"token|secret|password|passwd|credential|api_?key|\.env\b", re.IGNORECASE)


def instructions() -> list[Instruction]:
    """Keyword and argument of each instruction; comments gone, continued lines joined."""
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    text = "\n".join(line for line in lines if line.strip() and not line.startswith("#"))
    joined = re.sub(r"\\\n\s*", "", text).splitlines()
    return [(line.split(maxsplit=1)[0], line.split(maxsplit=1)[1]) for line in joined]


def arguments(keyword: str, stage: int | None = None) -> list[str]:
    """The arguments of every such instruction, of one stage if asked (0: before the first)."""
    found, now = [], 0
    for name, argument in instructions():
        now += name == "FROM"
        if name == keyword and stage in (None, now):
            found.append(argument)
    return found


def sent() -> list[str]:
    """What `.dockerignore` lets into a build: everything is shut out but what is named."""
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    return [rule[1:] for rule in rules if rule.startswith("!")]


def test_only_known_instructions() -> None:
    """Every line is an instruction with an argument, of the few that are needed."""
    assert set() == {name for name, _ in instructions()} - set(KNOWN)


def test_two_stages_on_one_base() -> None:
    """Build tools stay behind, and both stages have the interpreter the environment links to."""
    bases = [stage.split(" AS ")[0] for stage in arguments("FROM")]

    assert 2 == len(bases)
    assert 1 == len(set(bases))
    assert "${BASE}" in bases[0]
    assert {"BASE", "DIGEST"} == {a.split("=")[0] for a in arguments("ARG", stage=0)}


def test_the_environment_is_copied_whole() -> None:
    """The last stage takes the virtual environment and nothing else from the build."""
    assert ["--from=build /venv /venv"] == arguments("COPY", stage=2)


def test_nobodys_root() -> None:
    """The user is a number other than 0, so that an orchestrator can check it."""
    assert ["10001:10001"] == arguments("USER", stage=2)


def test_one_volume() -> None:
    """Nothing but /data is written to."""
    assert ["/data"] == [path for volume in arguments("VOLUME") for path in json.loads(volume)]


def test_one_run_by_default() -> None:
    """The container does one run and leaves with its exit code."""
    assert ["run"] == json.loads(arguments("CMD", stage=2)[0])
    assert ["syncer", "--config", "/data/config"] == json.loads(arguments("ENTRYPOINT")[0])


def test_health_is_asked_through_the_command_line() -> None:
    """The health check is a command of ours in exec form; a shell is not needed."""
    check = json.loads(arguments("HEALTHCHECK")[0].partition("CMD ")[2])

    assert ["syncer", "--config", "/data/config", "status", "--health"] == check


def test_a_read_only_root_is_enough() -> None:
    """No bytecode is written, and HOME is the one place besides /data that can be."""
    environment = arguments("ENV", stage=2)[0]

    assert "PYTHONDONTWRITEBYTECODE=1" in environment
    assert "HOME=/tmp" in environment


def test_only_locked_libraries_are_installed() -> None:
    """Whatever comes over the network is checked against its hash."""
    commands = [part for run in arguments("RUN") for part in run.split("&&") if "pip" in part]
    loose = [c for c in commands if "--require-hashes" not in c and "--no-deps" not in c]

    assert commands
    assert not loose, listing(loose)


def test_no_secret_is_built_in() -> None:
    """Nothing that looks like a secret is an instruction's argument."""
    assert [] == [argument for _, argument in instructions() if SECRET.search(argument)]


def test_what_is_copied_is_sent() -> None:
    """Every file the build copies exists and is named in .dockerignore."""
    sources = [word for copy in arguments("COPY", stage=1) for word in copy.split()[:-1]]
    lost = [s for s in sources if not any(fnmatch(s, rule) for rule in sent())]
    missing = [source for source in sources if not (ROOT / source).exists()]

    assert not lost + missing, listing(lost + missing)
