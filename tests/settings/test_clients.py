"""One client's mistake stops that client; what is everybody's stops all."""

import pytest

from syncer.model.configuration import Mode
from tests.settings.agency import Agency
from tests.settings.test_mistakes import SYNC

CLIENT = (
    "account_manager, domain, goals, industry, name, results, results_as_of, results_behind, "
    "results_flags, results_pace, results_projection, results_share, results_value, "
    "results_weekly, retainer, ..."
)

SCOPES = "analytics, asana, google_analytics, hubspot, trello"

OWN_MISTAKES = {
    "a scope's key": (
        "trello: {workspace: tarn-outdoor}",
        "trello: {workspce: tarn-outdoor}",
        ':16: unknown key "workspce"; did you mean "workspace"?',
    ),
    "a scope's value": (
        "trello: {workspace: tarn-outdoor}",
        "trello: {boards: abc}",
        ":24: expected a list, found text",
    ),
    "a connection that there is not": (
        "trello: {workspace: tarn-outdoor}",
        "trelo: {workspace: tarn-outdoor}",
        ':7: there is no connection "trelo"; did you mean "trello"?',
    ),
    "a mode": ("mode: observe", "mode: watch", ":11: must be one of sync, observe"),
    "a key": (
        "    mode: observe",
        "    mod: observe",
        ':5: unknown key "mod"; did you mean "mode"?',
    ),
    "a variant that there is not": (
        "    mode: observe",
        "    variants: {trello: smal}",
        ':24: trello has no variant "smal"; did you mean "small"?',
    ),
    "a variant of a system it is not in": (
        "    mode: observe",
        "    variants: {mailchimp: small}",
        f':16: outdoor has no scope in "mailchimp"; scopes: {SCOPES}',
    ),
    "an override of no entity": (
        "    mode: observe",
        "    overrides: {asana: {tsk: {match: title}}}",
        ':25: variant "standard" of asana has no entity "tsk"; did you mean "task"?',
    ),
    "an override of no field": (
        "    mode: observe",
        "    overrides: {asana: {task: {fields: {titel: name}}}}",
        ':41: task has no field "titel"; did you mean "title"?',
    ),
    "an override's condition": (
        "    mode: observe",
        "    overrides: {asana: {task: {when: 'task.name =='}}}",
        ":38: the condition is not CEL: character 13: it ends too early",
    ),
    "a name that is another's": (
        "name: Tarn Outdoor",
        "name: honey & rye bakery",
        ":11: bakery has the same name; a client stands here once",
    ),
    "an override of existence": (
        "    mode: observe",
        "    overrides: {hubspot: {client: {fields: {existence: x}}}}",
        f':45: client has no field "existence"; fields: {CLIENT}',
    ),
}


@pytest.mark.parametrize("what", OWN_MISTAKES)
def test_a_clients_own_mistake_stops_only_that_client(agency: Agency, what: str) -> None:
    """The client is listed as broken with the exact message; the other one is there."""
    old, new, message = OWN_MISTAKES[what]
    agency.change(SYNC, old, new)
    line = agency.line(SYNC, new.strip())
    found = agency.load()

    assert {"outdoor": (f"{SYNC}:{line}{message}",)} == found.broken
    assert ["bakery"] == list(found.clients)


def test_everybodys_mistake_lists_the_clients_own_too(agency: Agency) -> None:
    """If the whole cannot be used, nothing found on the way is kept back."""
    agency.change(SYNC, "mode: observe", "mode: watch").change(SYNC, "archives: 10", "archives: x")

    assert [
        f"{SYNC}:{agency.line(SYNC, 'watch')}:11: must be one of sync, observe",
        f"{SYNC}:{agency.line(SYNC, 'archives: x')}:13: expected a whole number, found text",
    ] == agency.problems()


def test_an_added_field_in_an_override_needs_an_owner(agency: Agency) -> None:
    """A field that only one client maps has its owner in the one file for owners."""
    agency.change(SYNC, "limits:", "entities: {task: {size: {type: text}}}\nlimits:")
    agency.change(
        SYNC, "    mode: observe", "    overrides: {asana: {task: {fields: {size: Size}}}}"
    )
    line = agency.line(SYNC, "overrides: {")

    expected = (
        f"{SYNC}:{line}:41: no owner for task.size; "
        'add "size: {owner: ROLE}" under "task:" in config/ownership.yaml'
    )
    assert {"outdoor": (expected,)} == agency.broken()


def test_an_override_changes_what_it_names_and_nothing_else(agency: Agency) -> None:
    """Single fields are replaced or taken out; their rule's place is the override's."""
    agency.change(
        SYNC,
        "    mode: observe",
        "    overrides:\n"
        "      asana:\n"
        "        task:\n"
        "          create: never\n"
        "          fields:\n"
        "            status: {field: section, values: names}\n"
        "            priority: ~\n",
    )
    found = agency.load().clients
    usual = found["bakery"].mappings["asana"].entities["task"]
    task = found["outdoor"].mappings["asana"].entities["task"]

    assert usual.fields.keys() - {"priority"} == task.fields.keys()
    assert (True, False) == (usual.create, task.create)
    assert task.fields["status"].values is None
    assert SYNC == task.fields["status"].source.file
    assert usual.fields["title"] == task.fields["title"]


def test_a_variant_is_chosen_by_name_else_by_default(agency: Agency) -> None:
    """The small variant is a card on a shared board, in scope by a condition."""
    agency.change(SYNC, "    mode: observe", "    variants: {trello: small}")
    found = agency.load().clients
    small = found["outdoor"].mappings["trello"]
    project = small.entities["project"]

    assert ("big", "small") == (found["bakery"].mappings["trello"].variant, small.variant)
    assert ("card", "Pipeline") == (project.object, project.container)
    assert project.when is not None
    context = {"card": {"custom": {"Client": "Tarn Outdoor"}}, "client": {"name": "Tarn Outdoor"}}
    assert project.when(context)


def test_a_variant_must_be_named_where_none_is_the_default(agency: Agency) -> None:
    """With several variants and no default, each client says which one is meant."""
    agency.change("mappings/trello.yaml", "default: big\n", "")
    line = agency.line(SYNC, "outdoor:")
    expected = (
        f"{SYNC}:{line}:3: which variant of trello is meant is not said; "
        'add "variants: {trello: ...}" with one of big, small'
    )

    assert (expected,) == agency.broken()["outdoor"]
    assert 2 == len(agency.broken())


def test_a_connection_without_a_mapping(agency: Agency) -> None:
    """A tool that no mapping file is for cannot be in a client's scopes."""
    (agency.root / "mappings/asana.yaml").unlink()
    line = agency.line(SYNC, "asana: {team")
    expected = f"{SYNC}:{line}:7: there is no mapping for asana; add mappings/asana.yaml"

    assert (expected,) == agency.broken()["bakery"]


def test_a_client_is_as_it_is_written(agency: Agency) -> None:
    """Name, zone, mode, checked scopes and the place of the entry."""
    client = agency.load().clients["outdoor"]

    assert ("outdoor", "Tarn Outdoor", "Europe/London") == (client.key, client.name, client.zone)
    assert Mode.OBSERVE == client.mode
    assert "18209876543" == client.scopes["hubspot"].company
    assert f"{SYNC}:{agency.line(SYNC, 'outdoor:')}" == str(client.source)


def test_an_id_may_stand_without_quotes(agency: Agency) -> None:
    """A number where text is wanted is taken as it is written, with its zeros."""
    agency.change(SYNC, '"1204801234567890"', "001204801234567890")

    assert "001204801234567890" == agency.load().clients["bakery"].scopes["asana"].team
