"""People as they are found in tools, written into people.yaml."""

import pytest
from ruamel.yaml import YAML

from syncer.model.remote import RemotePerson
from syncer.onboarding.existing import shipped_text
from syncer.onboarding.look import Seen
from syncer.onboarding.people import draft
from syncer.onboarding.writing import new_people
from syncer.settings.files import PEOPLE
from syncer.settings.shapes_answers import AnswersFile

SERVICE = RemotePerson("0", "Sync Bot", None)


@pytest.mark.parametrize(
    ("name", "email"),
    [
        ("Eve\n  hubspot: '7'\nmaya: {email: eve@agency.example}", None),
        ("Eve\u2028maya: {email: eve@agency.example}", None),
        ("Eve", "eve@agency.example\nmaya: {}"),
        ("Eve", "@eve"),
    ],
    ids=["a name of several lines", "another line break", "such an address", "no address"],
)
def test_what_somebody_is_called_adds_nothing_to_the_file(name: str, email: str | None) -> None:
    """Whoever gives themselves an odd name in a tool is one person, with no other's keys."""
    eve = RemotePerson("1", name, email)
    seen = Seen("trello", SERVICE, counts=False, told=True, people=(SERVICE, eve))
    made = draft({"trello": seen}, [], AnswersFile(), set())
    text = new_people(shipped_text(PEOPLE) or "", made.people, "UTC")

    [(_, person)] = YAML(typ="safe").load(text).items()

    assert person["name"] == name
    assert person.get("email") == email
    assert set(person) <= {"name", "email", "zone", "trello"}
