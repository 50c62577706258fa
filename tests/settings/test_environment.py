"""The environment, and the file that adds to it."""

from pathlib import Path

import pytest

from syncer.settings import ConfigurationError, Said, environment
from syncer.settings.variables import read
from tests.settings.agency import Agency
from tests.settings.test_mistakes import SYNC


def test_every_variable_has_a_default() -> None:
    """An empty environment is enough."""
    found = read({})

    assert (Path(), None, None) == (found.config, found.state, found.env_file)
    assert ("auto", "info") == (found.log_format, found.log_level)
    assert Said() == environment({}) == environment({"SYNCER_CONFIG": "", "STATE": "x"})


def test_variables_are_read_by_their_prefix(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what is handed in counts; empty variables and others' do not."""
    monkeypatch.setenv("SYNCER_LOG_LEVEL", "debug")
    given = {
        "SYNCER_CONFIG": "/etc/syncer",
        "SYNCER_LOG_FORMAT": "json",
        "SYNCER_STATE": "",
        "STATE": "x",
    }
    found = read(given)

    assert (Path("/etc/syncer"), "json") == (found.config, found.log_format)
    assert (None, "info") == (found.state, found.log_level)
    assert Said(config=Path("/etc/syncer"), log_format="json") == environment(given)


def test_a_wrong_variable_is_named() -> None:
    """The message says what may stand there."""
    with pytest.raises(ConfigurationError) as caught:
        environment({"SYNCER_LOG_FORMAT": "jsn", "SYNCER_LOG_LEVEL": "loud"})

    assert [
        'environment:1:1: SYNCER_LOG_FORMAT must be one of auto, text, json; did you mean "json"?',
        "environment:1:1: SYNCER_LOG_LEVEL must be one of debug, info, warning, error",
    ] == str(caught.value).splitlines()


def test_the_env_file_beside_the_configuration_is_read(agency: Agency) -> None:
    """`.env` in the folder adds what the environment lacks."""
    agency.write(
        ".env", "# tokens\nHUBSPOT_TOKEN=from-the-file\nexport ASANA_TOKEN='a b'\nTRELLO_KEY=$X\n"
    )
    del agency.environ["HUBSPOT_TOKEN"], agency.environ["ASANA_TOKEN"], agency.environ["TRELLO_KEY"]
    found = agency.load().connections

    assert ("from-the-file",) == found["hubspot"].secrets
    assert ("a b",) == found["asana"].secrets
    assert "$X" in found["trello"].secrets


def test_the_environment_goes_before_the_file(agency: Agency) -> None:
    """A variable that is set is not changed by a file."""
    agency.write(".env", "HUBSPOT_TOKEN=from-the-file\n")

    assert (agency.environ["HUBSPOT_TOKEN"],) == agency.load().connections["hubspot"].secrets


@pytest.mark.parametrize("how", ["argument", "variable"])
def test_another_env_file_may_be_named(agency: Agency, how: str) -> None:
    """By argument, or by SYNCER_ENV_FILE; then the usual one is not read."""
    agency.write(".env", "HUBSPOT_TOKEN=usual\n").write("other.env", "HUBSPOT_TOKEN=other\n")
    del agency.environ["HUBSPOT_TOKEN"]
    path = agency.root / "other.env"
    if how == "variable":
        agency.environ["SYNCER_ENV_FILE"] = str(path)
    found = agency.load(env_file=path if how == "argument" else None)

    assert ("other",) == found.connections["hubspot"].secrets


def test_a_named_env_file_must_be_there(agency: Agency) -> None:
    """A wrong name is an error and not an empty file."""
    path = agency.root / "nowhere.env"
    with pytest.raises(ConfigurationError) as caught:
        agency.load(env_file=path)

    assert f"{path}:1:1: the env file is missing" == str(caught.value)


def test_an_env_file_must_be_text(agency: Agency) -> None:
    """One that is not UTF-8 is said to be so."""
    agency.write(".env", b"HUBSPOT_TOKEN=\xff\n")
    with pytest.raises(ConfigurationError) as caught:
        agency.load()

    path = agency.root / ".env"
    assert f"{path}:1:1: the env file cannot be read; save it as UTF-8" == str(caught.value)


def test_where_the_state_is(agency: Agency) -> None:
    """A path begins at the folder, a URL is a URL, and the environment goes first."""
    assert str(agency.root / "data/syncer.db") == agency.load().state

    agency.change(SYNC, "state: data/syncer.db", "state: postgresql://db/syncer")
    assert "postgresql://db/syncer" == agency.load().state

    agency.environ["SYNCER_STATE"] = "/var/lib/syncer.db"
    assert "/var/lib/syncer.db" == agency.load().state
