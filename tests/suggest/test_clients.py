"""Which places are one client's."""

from syncer.model.surveys import Spot
from syncer.suggest.clients import ClientIdea, Known, clients, joined


def company(id: str, name: str, domain: str = "") -> Spot:
    return Spot("company", id, name, {"company": id}, size=2, unit="deals", domain=domain)


def team(id: str, name: str) -> Spot:
    return Spot("team", id, name, {"workspace": "1", "team": id}, size=3, unit="projects")


def board(id: str, name: str, inside: str = "") -> Spot:
    return Spot("board", id, name, {"boards": [id]}, whole=False, inside=inside)


def told(idea: ClientIdea) -> tuple[str, dict[str, list[str]], dict[str, list[str]]]:
    """What an idea says, by ids."""
    sure = {name: [fit.spot.id for fit in fits] for name, fits in idea.scopes.items()}
    return idea.key, sure, {n: [fit.spot.id for fit in fits] for n, fits in idea.unsure.items()}


def test_the_same_name_everywhere_is_one_client() -> None:
    """Two tools that know it make it sure; the tool with domains gives the name."""
    found = {
        "asana": [team("7", "Tarn Outdoor"), team("8", "Internal")],
        "hubspot": [company("1", "Tarn Outdoor Ltd", "tarnoutdoor.example")],
        "analytics": [Spot("property", "42", "www.tarnoutdoor.example", {"property": "42"})],
    }
    tarn, internal = clients(found)

    assert tarn.sure
    assert told(tarn) == (
        "tarn_outdoor_ltd",
        {"hubspot": ["1"], "asana": ["7"], "analytics": ["42"]},
        {},
    )
    assert not internal.sure


def test_two_that_are_as_good_are_not_chosen_from() -> None:
    """Of two teams of the same name neither is taken; both are shown."""
    found = {"hubspot": [company("1", "Tarn")], "asana": [team("7", "Tarn"), team("8", "TARN")]}

    assert told(clients(found)[0]) == ("tarn", {"hubspot": ["1"]}, {"asana": ["7", "8"]})


def test_a_place_that_fits_another_client_as_well_is_not_chosen() -> None:
    """Two companies of one name share no team."""
    found = {"hubspot": [company("1", "Tarn"), company("2", "Tarn")], "asana": [team("7", "Tarn")]}

    ideas = clients(found)

    assert [idea.sure for idea in ideas] == [False, False, False]
    assert [told(idea)[2] for idea in ideas] == [{"asana": ["7"]}, {"asana": ["7"]}, {}]


def test_what_is_only_like_it_is_unsure() -> None:
    """A longer name may be a branch: it is shown with its score and not taken."""
    found = {"hubspot": [company("1", "Tarn")], "asana": [team("7", "Tarn Outdoor")]}
    idea = next(one for one in clients(found) if one.name == "Tarn")

    assert told(idea)[1:] == ({"hubspot": ["1"]}, {"asana": ["7"]})
    assert idea.unsure["asana"][0].score == 0.8


def test_boards_called_after_a_client_are_its_scope_together() -> None:
    """Where a tool has no place for a client, what begins with its name is its part."""
    found = {
        "hubspot": [company("1", "Tarn"), company("2", "Tarn Film")],
        "trello": [
            Spot("workspace", "w", "Brightside", {"workspace": "w"}, size=4, unit="boards"),
            board("a", "Tarn: shop", "w"),
            board("b", "Tarn", "w"),
            board("c", "Tarn Film: teaser", "w"),
            board("d", "Holidays", "w"),
        ],
    }
    ideas = {idea.name: idea for idea in clients(found)}

    assert told(ideas["Tarn"])[1]["trello"] == ["a", "b"]
    assert joined(ideas["Tarn"].scopes["trello"]) == {"boards": ["a", "b"]}
    assert told(ideas["Tarn Film"])[1]["trello"] == ["c"]
    assert not ideas["Brightside"].sure


def test_places_that_exclude_each_other_are_no_scope() -> None:
    """Two companies cannot be one scope."""
    found = {"x": [company("1", "Tarn")], "y": [team("1", "Tarn")]}
    [idea] = clients(found, [Known("tarn", "Somebody else")])

    assert idea.key == "tarn_2"
    assert joined([*idea.scopes["x"], *clients({"x": [company("2", "B")]})[0].scopes["x"]]) is None


def test_of_a_known_client_only_new_places_are_told() -> None:
    """A new tool that has its name, and a new board where it lives in boards; nothing else."""
    known = [Known("tarn", "Tarn", frozenset({"hubspot"}), frozenset({"trello"}))]
    found = {
        "hubspot": [company("9", "Tarn")],
        "asana": [team("7", "Tarn")],
        "trello": [board("a", "Tarn: film")],
    }
    tarn, other = clients(found, known)

    assert (tarn.known, tarn.sure) == (True, True)
    assert told(tarn) == ("tarn", {"asana": ["7"], "trello": ["a"]}, {})
    assert told(other) == ("tarn_2", {"hubspot": ["9"]}, {})


def test_an_empty_place_does_not_compete() -> None:
    """Of two workspaces of one name the one with boards in it is meant; nor is a board instead."""
    used = Spot("workspace", "w2", "Tarn", {"workspace": "w2"}, size=2, unit="boards")
    empty = Spot("workspace", "w1", "Tarn", {"workspace": "w1"}, size=0, unit="boards")
    other = Spot("workspace", "w3", "Tarn", {"workspace": "w3"}, size=9, unit="boards")
    found = {"asana": [team("7", "Tarn")], "trello": [empty, used, board("a", "Tarn", "w2")]}

    assert told(clients(found)[0])[1] == {"asana": ["7"], "trello": ["w2"]}
    found["trello"].append(other)
    assert told(clients(found)[0])[1:] == ({"asana": ["7"]}, {"trello": ["w2", "w3", "w1"]})
