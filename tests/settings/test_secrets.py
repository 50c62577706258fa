"""Secrets come from elsewhere and never show."""

from pathlib import Path

import pytest

from syncer.settings import ConfigurationError
from tests.settings.agency import SECRETS, Agency
from tests.settings.test_mistakes import SYNC

PLAIN = "9f8e7d6c5b4a39281706f5e4d3c2b1a0"


def test_a_missing_token_names_its_variable(agency: Agency) -> None:
    """Where the token is asked for, and what to set."""
    del agency.environ["HUBSPOT_TOKEN"]

    message = "the environment variable HUBSPOT_TOKEN is not set; set it, or add it to the env file"
    assert [f"{SYNC}:{agency.line(SYNC, 'env:HUBSPOT')}:12: {message}"] == agency.problems()


def test_an_empty_token_is_missing_too(agency: Agency) -> None:
    """A variable of white space is no token."""
    agency.environ["HUBSPOT_TOKEN"] = " \n"

    message = "the environment variable HUBSPOT_TOKEN is empty; give it a value"
    assert [f"{SYNC}:{agency.line(SYNC, 'env:HUBSPOT')}:12: {message}"] == agency.problems()


@pytest.mark.parametrize("written", [PLAIN, f"[{PLAIN}]", f"{{a: {PLAIN}}}", "12345678901234567"])
def test_a_plain_secret_is_refused_and_not_repeated(agency: Agency, written: str) -> None:
    """A token in the file is an error, and the message does not spread it."""
    agency.change(SYNC, "env:HUBSPOT_TOKEN", written)

    message = (
        '"token" is a secret and must not stand in this file; '
        "write env:NAME or file:PATH, and renew what stood here"
    )
    assert [f"{SYNC}:{agency.line(SYNC, written)}:12: {message}"] == agency.problems()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("token: env:HUBSPOT_TOKEN", f"tokn: {PLAIN}"),
        ("token: env:HUBSPOT_TOKEN", f"adapter2: {PLAIN}"),
        ("share: 0.5", f"share: {PLAIN}"),
        ("adapter: hubspot\n", f"adapter: hubspot\n    pages: {PLAIN}\n"),
        ("heads_up: in-tools", f"heads_up: {PLAIN}"),
        ("archives: 10", f"archives: {PLAIN}"),
        ('company: "18201234567"', f"company: [{PLAIN}]"),
    ],
)
def test_a_secret_in_a_wrong_place_is_not_repeated(agency: Agency, old: str, new: str) -> None:
    """Whatever the value is complained about, it is not shown."""
    agency.change(SYNC, old, new)
    try:
        found = list(agency.load().broken["bakery"])
    except ConfigurationError as error:
        found = str(error).splitlines()

    assert found
    assert PLAIN not in "\n".join(found)


def test_a_secret_may_stand_in_a_file(agency: Agency) -> None:
    """`file:PATH` begins at the folder of the configuration; the line's end is not part of it."""
    agency.change(SYNC, "env:HUBSPOT_TOKEN", "file:secrets/hubspot")
    agency.write("secrets/hubspot", "from-a-file-4711\n")
    connection = agency.load().connections["hubspot"]

    assert "from-a-file-4711" == connection.options.token.get_secret_value()
    assert ("from-a-file-4711",) == connection.secrets


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "the file secrets/hubspot is missing; mount or create it"),
        (b"", "the file secrets/hubspot is empty; put the value into it"),
        (b"\xff\xfe", "the file secrets/hubspot cannot be read; it must be readable UTF-8 text"),
        (b"x" * 70_000, "the file secrets/hubspot is too large for a secret; name another"),
    ],
)
def test_a_file_that_holds_no_secret(agency: Agency, content: bytes | None, message: str) -> None:
    """Each way in which a secret's file can fail has its message."""
    agency.change(SYNC, "env:HUBSPOT_TOKEN", "file:secrets/hubspot")
    if content is not None:
        agency.write("secrets/hubspot", content)

    assert [f"{SYNC}:{agency.line(SYNC, 'file:secrets')}:12: {message}"] == agency.problems()


def test_a_reference_needs_a_name(agency: Agency) -> None:
    """`env:` alone, or with a blank in it, names no variable."""
    agency.change(SYNC, "env:HUBSPOT_TOKEN", "env:HUBSPOT TOKEN")

    message = '"env:" needs the name of a variable; write it like env:API_TOKEN'
    assert [f"{SYNC}:{agency.line(SYNC, 'env:HUBSPOT')}:12: {message}"] == agency.problems()


def test_other_options_may_come_from_the_environment_too(agency: Agency) -> None:
    """An address that differs by installation is no secret, but may be referred to."""
    agency.environ["ASANA_URL"] = "http://127.0.0.1:4711"
    agency.change(
        SYNC, "token: env:ASANA_TOKEN", "base_url: env:ASANA_URL\n    token: env:ASANA_TOKEN"
    )
    connection = agency.load().connections["asana"]

    assert "http://127.0.0.1:4711" == connection.options.base_url
    assert (SECRETS["ASANA_TOKEN"],) == connection.secrets


def test_a_configuration_shows_no_secret(agency: Agency) -> None:
    """Neither as text nor as a representation, whole or in parts."""
    agency.environ["DATABASE"] = "postgresql://syncer:hunter2hunter2@db/syncer"
    agency.change(SYNC, "state: data/syncer.db", "state: env:DATABASE")
    found = agency.load()
    shown = repr(found) + str(found) + repr(found.connections) + f"{found.connections['trello']}"

    assert agency.environ["DATABASE"] == found.state
    assert [] == [s for s in [*SECRETS.values(), "hunter2hunter2"] if s in shown]


def test_a_password_in_the_state_is_refused(agency: Agency) -> None:
    """A database URL with a password is a secret like any other."""
    agency.change(SYNC, "state: data/syncer.db", "state: postgresql://syncer:hunter2@db/syncer")

    message = '"state" holds a password; write env:NAME and put the URL there'
    assert [f"{SYNC}:{agency.line(SYNC, 'state: post')}:8: {message}"] == agency.problems()


def test_an_adapters_own_words_are_masked(agency: Agency, tmp_path: Path) -> None:
    """A check of the adapter's that repeats the value does not spread it."""
    from pydantic import SecretStr, field_validator

    from syncer.adapterkit.contract import AdapterSpec, Strict
    from tests.settings.agency import ScopeOptions, tools

    class Talkative(Strict):
        token: SecretStr

        @field_validator("token")
        @classmethod
        def _refuse(cls, value: SecretStr) -> SecretStr:
            raise ValueError(f"{value.get_secret_value()} is too short")

    def specs(name: str) -> AdapterSpec:
        spec = tools(name)
        return AdapterSpec(name, spec.open, Talkative, ScopeOptions) if name == "asana" else spec

    with pytest.raises(ConfigurationError) as caught:
        agency.load(specs=specs)

    line = agency.line(SYNC, "env:ASANA")
    assert f"{SYNC}:{line}:12: *** is too short" == str(caught.value)


def test_a_key_of_several_lines_is_put_on_one(agency: Agency) -> None:
    """A JSON key is taken as it was downloaded, line ends and all; other texts of lines are not."""
    agency.environ["HUBSPOT_TOKEN"] = '{\n  "type": "service_account",\n  "key": "a\\nb"\n}\n'

    assert agency.problems() == []
    token = agency.load().connections["hubspot"].options.token.get_secret_value()
    assert token == '{"type": "service_account", "key": "a\\nb"}'

    agency.environ["HUBSPOT_TOKEN"] = '{\n  "type": "service_account",\n'
    assert ["holds a line break" in problem for problem in agency.problems()] == [True]
