"""Mistakes in mappings, each with its exact message and place."""

import pytest

from tests.settings.agency import Agency
from tests.settings.test_mistakes import ASANA, HUBSPOT, SYNC, TRELLO, Mistake, told

RECORD = (
    "project.account_manager, project.brief, project.budget_hours, project.client, "
    "project.deadline, project.existence, project.goals, project.name, project.price, "
    "project.producer, project.results, project.results_as_of, project.results_behind, "
    "project.results_flags, project.results_pace, project.results_projection, "
    "project.results_share, project.results_value, project.results_weekly, "
    "project.siblings, project.start, project.status, project.strategy"
)

MISTAKES = {
    "unknown setting": Mistake(
        TRELLO, 'when: "!card', 'wen: "!card', 'LINE:7: unknown key "wen"; did you mean "when"?'
    ),
    "unknown entity": Mistake(
        TRELLO, "    task:", "    tsk:", 'LINE:5: there is no entity "tsk"; did you mean "task"?'
    ),
    "unknown field": Mistake(
        ASANA,
        "        labels: tags",
        "        lables: tags",
        'LINE:9: task has no field "lables"; did you mean "labels"?',
    ),
    "existence is not mapped": Mistake(
        ASANA,
        "        labels: tags",
        "        labels: tags\n        existence: completed",
        'NEXT:9: task has no field "existence"; fields: assignees, deadline, estimate, labels, '
        "notes, parent, priority, project, siblings, start, status, title",
    ),
    "a field of the tool for two of ours": Mistake(
        TRELLO,
        "        labels: labels",
        "        labels: members",
        'LINE:9: "members" is mapped to assignees and to labels; '
        "assignees is at mappings/trello.yaml:48; keep one of them",
    ),
    "an object for two entities": Mistake(
        ASANA,
        "      object: task\n      match: [title",
        "      object: project\n      match: [title",
        'LINE:15: "project" carries project already; '
        "project is at mappings/asana.yaml:9; an object carries one entity",
    ),
    "unknown direction": Mistake(
        TRELLO,
        "estimate: {custom_field: Hours}",
        "estimate: {custom_field: Hours, direction: push_only}",
        'LINE:52: must be one of both, pull, push, create; did you mean "push"?',
    ),
    "two fields": Mistake(
        TRELLO,
        "estimate: {custom_field: Hours}",
        "estimate: {custom_field: Hours, field: pos}",
        'LINE:9: names no field, or two; write either "field" or "custom_field"',
    ),
    "other names for a reference": Mistake(
        TRELLO,
        "        labels: labels",
        "        labels: labels\n        parent: {field: url, values: {a: b}, otherwise: hold}",
        'NEXT:30: "values" means nothing here: parent holds a reference; remove it',
    ),
    "other names for text": Mistake(
        ASANA,
        "        labels: tags",
        "        labels: {field: tags, values: {red: Red}, otherwise: keep}",
        'LINE:31: "values" means nothing here: labels holds text; remove it',
    ),
    "an enumeration without values": Mistake(
        ASANA,
        "        priority:\n          custom_field: Priority\n"
        "          values: {low: Low, medium: Medium, high: High}\n          otherwise: hold",
        "        priority: {custom_field: Priority}",
        "LINE:9: which option means what is not said for priority; "
        'list them under "values", or write "values: names" to take every name as it is',
    ),
    "no otherwise": Mistake(
        ASANA,
        "          values: {low: Low, medium: Medium, high: High}\n          otherwise: hold",
        "          values: {low: Low, medium: Medium, high: High}",
        'priority:9: "otherwise" is missing; say what an option means that is not listed: '
        "hold, keep, or one of our values",
    ),
    "otherwise is none of the values": Mistake(
        ASANA,
        "medium: Medium, high: High}\n          otherwise: hold",
        "medium: Medium, high: High}\n          otherwise: midium",
        'NEXT:22: "midium" is neither hold nor keep nor one of the values; did you mean "medium"?',
    ),
    "an option for two values": Mistake(
        ASANA,
        "{low: Low, medium: Medium, high: High}",
        "{low: Low, medium: [Medium, low], high: High}",
        'LINE:30: "low" stands for low and for medium; keep one of them',
    ),
    "a first name that cannot be written": Mistake(
        ASANA,
        '            done: [Done, "Done *"]',
        '            done: ["Done *", Done]',
        'LINE:19: "Done *" cannot be written; '
        "put a name without * first; it is the one that is written",
    ),
    "a day's end of something else": Mistake(
        TRELLO,
        "estimate: {custom_field: Hours}",
        'estimate: {custom_field: Hours, day_end: "17:00"}',
        'LINE:41: "day_end" means nothing here: estimate holds a number; remove it',
    ),
    "no time of day": Mistake(
        TRELLO,
        'deadline: {field: due, day_end: "17:00", zone: client}',
        "deadline: {field: due, day_end: 5pm, zone: client}",
        'LINE:41: not a time of day; write it like "17:00"',
    ),
    "no zone": Mistake(
        TRELLO,
        'day_end: "17:00", zone: client}',
        'day_end: "17:00", zone: London}',
        'LINE:56: not a time zone; write it like "Europe/London"',
    ),
    "no currency": Mistake(
        HUBSPOT,
        "retainer: {field: retainer, currency: EUR}",
        "retainer: {field: retainer, currency: euro}",
        'LINE:47: not a currency; write it like "EUR"',
    ),
    "match by what is not mapped": Mistake(
        TRELLO,
        "match: [title, project]",
        "match: [title, start]",
        'LINE:14: "start" cannot be matched by: it is not mapped here; mapped: '
        "assignees, deadline, estimate, labels, notes, priority, project, status, title",
    ),
    "archived in two ways": Mistake(
        ASANA,
        "archive: {section: Archived}",
        "archive: {section: Archived, list: x}",
        'LINE:7: names one field and its option; write it like "{section: Archived}"',
    ),
    "created perhaps": Mistake(
        TRELLO, "create: always", "create: perhaps", "LINE:15: must be one of always, never"
    ),
    "bad CEL: a syntax error": Mistake(
        TRELLO,
        '"!card.is_template"',
        '"card.is_template =="',
        "LINE:13: the condition is not CEL: character 20: it ends too early",
    ),
    "bad CEL: an unknown name": Mistake(
        TRELLO,
        '"!card.is_template"',
        '"!board.is_template"',
        'LINE:13: the condition knows no "board"; '
        "it may use card.... (the tool's own fields), client.key, client.name",
    ),
    "bad CEL: an unknown record": Mistake(
        ASANA,
        "{when: 'project.status != \"done\"'}",
        "{when: 'deal.status != \"done\"'}",
        'LINE:22: the condition knows no "deal"; it may use client.key, client.name, ' + RECORD,
    ),
    "bad CEL: an unknown field": Mistake(
        ASANA,
        "'project.status != \"done\"'",
        "'project.state != \"done\"'",
        'LINE:22: the condition knows no "project.state"; did you mean "start"?',
    ),
    "bad CEL: an unknown function": Mistake(
        TRELLO,
        '"!card.is_template"',
        "\"!card.name.startswith('x')\"",
        'LINE:13: the condition knows no function "startswith"; did you mean "startsWith"?',
    ),
    "bad CEL: too long": Mistake(
        TRELLO,
        '"!card.is_template"',
        '"' + " || ".join(["card.is_template"] * 30) + '"',
        "LINE:13: the condition is too long; shorten it to 500 characters",
    ),
    "bad CEL: loops in loops": Mistake(
        TRELLO,
        '"!card.is_template"',
        '"card.labels.all(a, card.labels.all(b, card.labels.all(c, a == b)))"',
        "LINE:13: the condition has too many loops; use at most 2 of map, filter, ...",
    ),
    "a default that there is not": Mistake(
        TRELLO,
        "default: big",
        "default: bigg",
        'LINE:10: there is no variant "bigg"; did you mean "big"?',
    ),
    "an added field that is there already": Mistake(
        SYNC,
        "limits:",
        "entities: {task: {title: {type: text}}}\nlimits:",
        "LINE:19: task has a field title already; choose another name",
    ),
    "an added field of no type": Mistake(
        SYNC,
        "limits:",
        "entities: {task: {size: {type: txt}}}\nlimits:",
        "LINE:32: must be one of text, rich_text, date, instant, when, number, money, enumeration, "
        'person, boolean; did you mean "text"?',
    ),
    "an added field of no entity": Mistake(
        SYNC,
        "limits:",
        "entities: {tasks: {size: {type: text}}}\nlimits:",
        'LINE:12: there is no entity "tasks"; did you mean "task"?',
    ),
    "an added field of no good name": Mistake(
        SYNC,
        "limits:",
        "entities: {task: {T-Shirt: {type: text}}}\nlimits:",
        'LINE:19: not a field name; use small letters, digits and "_"',
    ),
}


@pytest.mark.parametrize("what", MISTAKES)
def test_a_mistake_has_one_exact_message(agency: Agency, what: str) -> None:
    """The only problem is the one that was made, in these words and at this place."""
    expected = told(agency, MISTAKES[what])

    assert [expected] == agency.problems()


def test_a_system_has_one_mapping(agency: Agency) -> None:
    """A second file for the same system is named with the first."""
    text = (agency.root / TRELLO).read_text("utf-8")
    agency.write("mappings/trello2.yaml", text)

    expected = (
        "mappings/trello2.yaml:8:9: trello has a mapping already, mappings/trello.yaml; "
        "put all variants into one file"
    )
    assert [expected] == agency.problems()


def test_an_added_field_needs_an_owner_and_knows_its_values(agency: Agency) -> None:
    """A field of one's own is mapped like any other, with the values it may have."""
    agency.change(
        SYNC, "limits:", "entities: {task: {size: {type: enumeration, values: [s, m]}}}\nlimits:"
    )
    sizes = "        size: {custom_field: Size, values: {s: Small, l: Large}, otherwise: hold}\n"
    agency.change(TRELLO, "        labels: labels\n", "        labels: labels\n" + sizes)
    line = agency.line(TRELLO, "size:")

    unowned = (
        f"config/ownership.yaml:{line_of_task(agency)}:1: no owner for task.size, which "
        f'{TRELLO}:{line} maps; add "size: {{owner: ROLE}}" under "task:"'
    )
    assert {
        unowned,
        f'{TRELLO}:{line}:55: "l" is no value of this field; values: m, s',
    } == set(agency.problems())


def line_of_task(agency: Agency) -> int:
    """The line of the rules for tasks."""
    lines = (agency.root / "config/ownership.yaml").read_text("utf-8").splitlines()
    return lines.index("task:") + 1
