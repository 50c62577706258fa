"""Who is who: an address proves it, a name does not."""

from syncer.model.remote import RemotePerson
from syncer.suggest.people import SAME_NAME, KnownPerson, people

MAYA = RemotePerson("11", "Maya Okafor", "maya@brightside.example")


def test_one_address_is_one_person() -> None:
    """Case does not matter, and the longest name counts; no id is needed where addresses are."""
    other = RemotePerson("o1", "maya", "Maya@Brightside.example")
    [idea] = people({"asana": [MAYA], "hubspot": [other]})

    assert (idea.key, idea.name, idea.ids, idea.unsure) == ("maya", "Maya Okafor", {}, {})
    assert idea.accounts.keys() == {"asana", "hubspot"}


def test_a_name_is_no_proof() -> None:
    """An account of the same name is shown with a score, and never taken; nor of two of them."""
    namesakes = [RemotePerson("t1", "Maya Okafor"), RemotePerson("t2", "maya okafor")]
    [idea] = people({"asana": [MAYA], "trello": namesakes})

    assert idea.ids == {}
    assert [(n.account.id, n.score) for n in idea.unsure["trello"]] == [
        ("t1", SAME_NAME),
        ("t2", SAME_NAME),
    ]


def test_somebody_like_nobody_is_somebody_new() -> None:
    """Their id is what they are known by."""
    ideas = people(
        {"asana": [MAYA], "trello": [RemotePerson("t9", "Zoe Ng")]},
        [KnownPerson("zoe", "Zoe Adams")],
    )

    assert [(idea.key, idea.ids) for idea in ideas] == [("maya", {}), ("zoe_ng", {"trello": "t9"})]


def test_guests_and_leavers_are_left_out() -> None:
    """Only who works at the agency now is proposed."""
    gone = RemotePerson("5", "Ida", "ida@brightside.example", active=False)
    guest = RemotePerson("6", "Gil", "gil@client.example", guest=True)

    assert people({"asana": [gone, guest]}) == []


def test_nobody_has_two_accounts_in_one_tool() -> None:
    """Two of one name in one tool are two people."""
    twins = [RemotePerson("t1", "Kim Lee"), RemotePerson("t2", "Kim Lee")]

    assert [idea.key for idea in people({"trello": twins})] == ["kim", "kim_lee"]


def test_whoever_is_known_is_not_proposed_again() -> None:
    """By address or id; an account of their name is asked about, and is nobody new."""
    known = [KnownPerson("mo", "Maya Okafor", "maya@brightside.example", frozenset({"t5"}))]
    trello = [RemotePerson("t5", "M. O."), RemotePerson("t6", "Maya Okafor")]

    assert people({"asana": [MAYA]}, known) == []
    assert people({"trello": trello[:1]}, known) == []
    [idea] = people({"asana": [MAYA], "trello": trello[1:]}, known)
    assert (idea.key, idea.known, [n.account.id for n in idea.unsure["trello"]]) == (
        "mo",
        True,
        ["t6"],
    )
