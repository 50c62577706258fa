"""Each mistake is reported in one exact line: where, what, and what to write instead."""

from dataclasses import dataclass

import pytest

from syncer.settings import ConfigurationError
from tests.settings.agency import Agency

SYNC, OWN, PEOPLE = "config/sync.yaml", "config/ownership.yaml", "config/people.yaml"
TRELLO, ASANA, HUBSPOT = "mappings/trello.yaml", "mappings/asana.yaml", "mappings/hubspot.yaml"

LIMITS = (
    "limits:\n  archives: 10\n  archive_share: 0.2\n  update_share: 0.5\n"
    "  after_change: 25 # writes of the first run after a change of the rules; more waits for"
    " run --plan"
)


@dataclass(frozen=True)
class Mistake:
    """A text to replace in a file, and the message; LINE is the line that then holds ``new``."""

    file: str
    old: str
    new: str
    message: str


MISTAKES = {
    "unknown key": Mistake(
        OWN,
        "  deadline: {owner: producer, others: propose, expires",
        "  deadline: {ownr: producer, others: propose, expires",
        'LINE:14: unknown key "ownr"; did you mean "owner"?',
    ),
    "unknown key without a neighbour": Mistake(
        SYNC,
        "limits:",
        "limits:\n  colour: blue",
        'NEXT:3: unknown key "colour"; '
        "known keys: after_change, after_change_share, archive_share, archives, floor, remaps,"
        " update_share",
    ),
    "unknown option of a tool": Mistake(
        SYNC,
        "    token: env:ASANA_TOKEN",
        "    tokn: env:ASANA_TOKEN\n    token: env:ASANA_TOKEN",
        'LINE:5: unknown key "tokn"; did you mean "token"?',
    ),
    "wrong type: text for a number": Mistake(
        SYNC,
        "archives: 10",
        "archives: ten",
        "LINE:13: expected a whole number, found text",
    ),
    "wrong type: a list for keys": Mistake(
        SYNC,
        LIMITS,
        "limits: [10]",
        "LINE:9: expected keys and values, found a list",
    ),
    "wrong type: nothing": Mistake(
        SYNC,
        LIMITS,
        "limits:",
        "LINE:1: expected keys and values, found nothing",
    ),
    "a word that is no part of a page": Mistake(
        SYNC,
        "for_client: [goals, results,",
        "for_client: [goals, prices,",
        "LINE:23: must be one of goals, results, plots, deadline, tasks",
    ),
    "out of range": Mistake(
        SYNC,
        "archive_share: 0.2",
        "archive_share: 20",
        "LINE:18: should be less than or equal to 1",
    ),
    "nothing where something must be": Mistake(
        SYNC,
        "state: data/syncer.db",
        'state: ""',
        "LINE:8: must not be empty",
    ),
    "not a choice": Mistake(
        SYNC,
        "heads_up: in-tools",
        "heads_up: kep",
        'LINE:11: must be one of in-tools, cli-only, keep; did you mean "keep"?',
    ),
    "not a time span": Mistake(
        SYNC,
        "people: 6h",
        "people: 6 hours",
        'LINE:11: not a time span; write it like "15m", "24h" or "2d"',
    ),
    "duplicate key": Mistake(
        OWN,
        "  title: {shared: latest}",
        "  title: {shared: latest}\n  title: {shared: hold}",
        'NEXT:3: duplicate key "title"; '
        "it stands already at config/ownership.yaml:LINE:3; keep one of them",
    ),
    "missing key": Mistake(
        PEOPLE, "  name: Maya Okafor\n", "", 'maya:1: missing key "name"; add "name: ..."'
    ),
    "missing owner": Mistake(
        OWN,
        "  priority: {owner: producer, others: propose}\n",
        "",
        "task:1: no owner for task.priority, which mappings/asana.yaml:68 maps; "
        'add "priority: {owner: ROLE}" under "task:"',
    ),
    "missing existence": Mistake(
        OWN,
        "task:\n  existence: {owner: producer, others: {create: allow, archive: propose}}",
        "task:",
        "task:1: no owner for task.existence, which mappings/asana.yaml:49 maps; "
        'add "existence: {owner: ROLE}" under "task:"',
    ),
    "owner naming no role": Mistake(
        OWN,
        "  goals: {owner: account_manager",
        "  goals: {owner: acount_manager",
        'LINE:18: "acount_manager" is not a role; did you mean "account_manager"?',
    ),
    "one of several owners naming no role": Mistake(
        OWN,
        "[producer, assignee]",
        "[producer, freelancer]",
        'LINE:30: "freelancer" is not a role; roles: account_manager, analytics, assignee, producer',
    ),
    "nobody as owner": Mistake(
        OWN,
        "  goals: {owner: account_manager",
        "  goals: {owner: nobody",
        'LINE:18: "nobody" is not a role; roles: account_manager, analytics, assignee, producer',
    ),
    "policy for an unknown role": Mistake(
        OWN,
        "assignee: notify, nobody: propose",
        "asignee: notify, nobody: propose",
        'LINE:66: "asignee" is not a role; did you mean "assignee"?',
    ),
    "policy for the owner": Mistake(
        OWN,
        "{assignee: notify, anyone: propose}",
        "{producer: notify, anyone: propose}",
        'LINE:41: "producer" owns this field; remove the policy',
    ),
    "unknown policy": Mistake(
        OWN,
        "  price: {owner: account_manager, others: revert}",
        "  price: {owner: account_manager, others: undo}",
        "LINE:43: must be one of propose, revert, notify, allow",
    ),
    "unknown act": Mistake(
        OWN,
        "{create: allow, archive: propose}",
        "{create: allow, delete: propose}",
        'LINE:63: "delete" is no such act; known: archive, create',
    ),
    "owner and shared": Mistake(
        OWN,
        "  notes: {shared: latest}",
        "  notes: {shared: latest, owner: producer}",
        'LINE:3: must have either "owner" or "shared"',
    ),
    "expiry of a shared field": Mistake(
        OWN,
        "  notes: {shared: latest}",
        "  notes: {shared: latest, expires: 3 working days}",
        'LINE:27: "expires" needs an "owner"; a shared field has none; remove it',
    ),
    "union of single values": Mistake(
        OWN,
        "  notes: {shared: latest}",
        "  notes: {shared: union}",
        "LINE:19: union joins sets, and task.notes holds one value; write latest or hold",
    ),
    "preferred system that there is not": Mistake(
        OWN,
        "  notes: {shared: latest}",
        "  notes: {shared: {prefer: [asana, treló]}}",
        'LINE:36: there is no system "treló"; did you mean "trello"?',
    ),
    "silence that would set a price": Mistake(
        OWN,
        "  price: {owner: account_manager, others: revert}",
        "  price: {owner: account_manager, expires: 1 working day, on_expiry: apply}",
        "LINE:70: price is confidential: nobody's silence may change it; write lapse",
    ),
    "expiry without a term": Mistake(
        OWN,
        "  goals: {owner: account_manager, others: propose}",
        "  goals: {owner: account_manager, on_expiry: lapse}",
        'LINE:35: "on_expiry" needs "expires"; write it like "3 working days"',
    ),
    "not a term": Mistake(
        OWN, "3 working days}", "3 days}", 'LINE:57: not a term; write it like "3 working days"'
    ),
    "stand-in who is nobody here": Mistake(
        OWN,
        "  goals: {owner: account_manager, others: propose}",
        "  goals: {owner: account_manager, stand_in: tomm}",
        'LINE:45: "tomm" is not in config/people.yaml; did you mean "tom"?',
    ),
    "role of somebody who is nobody here": Mistake(
        OWN,
        "people: [maya, tom]",
        "people: [maya, thom]",
        'LINE:29: "thom" is not in config/people.yaml; did you mean "tom"?',
    ),
    "role of two kinds": Mistake(
        OWN,
        "  assignee: {from: task.assignees}",
        "  assignee: {from: task.assignees, people: [tom]}",
        'LINE:3: must have exactly one of "people", "from" and "system"',
    ),
    "role from a field without people": Mistake(
        OWN,
        "{from: task.assignees}",
        "{from: task.labels}",
        'LINE:20: "task.labels" is no field that holds people; '
        "fields: client.account_manager, project.account_manager, project.producer, task.assignees",
    ),
    "role at home nowhere": Mistake(
        OWN,
        "home: asana",
        "home: asanna",
        'LINE:41: there is no system "asanna"; did you mean "asana"?',
    ),
    "reserved role": Mistake(
        OWN,
        "  assignee: {from: task.assignees}",
        "  assignee: {from: task.assignees}\n  anyone: {people: [tom]}",
        'NEXT:3: a role cannot be called "anyone"; the word has a meaning of its own',
    ),
    "role narrowed for no client": Mistake(
        OWN,
        "automations: {}",
        "clients: {bakry: {producer: [tom]}}",
        'LINE:11: there is no client "bakry"; did you mean "bakery"?',
    ),
    "robot with no role": Mistake(
        OWN,
        "automations: {}",
        "automations: {trello: {Butler: produce}}",
        'LINE:32: "produce" is not a role; did you mean "producer"?',
    ),
    "confidential field that there is not": Mistake(
        OWN,
        "confidential: [price,",
        "confidential: [prize,",
        'LINE:16: no entity has a field "prize"; did you mean "price"?',
    ),
    "rule for no field": Mistake(
        OWN,
        "  notes: {shared: latest}",
        "  notes: {shared: latest}\n  note: {shared: latest}",
        'NEXT:3: task has no field "note"; did you mean "notes"?',
    ),
    "rule for no entity": Mistake(
        OWN,
        "confidential:",
        "tasks: {title: {shared: latest}}\nconfidential:",
        'LINE:1: unknown key "tasks"; did you mean "task"?',
    ),
}


def told(agency: Agency, mistake: Mistake) -> str:
    """The message with its line numbers filled in, after the mistake was made."""
    agency.change(mistake.file, mistake.old, mistake.new)
    place, _, rest = mistake.message.partition(":")
    if place in ("LINE", "NEXT"):
        text = (agency.root / mistake.file).read_text("utf-8")
        line = text[: text.index(mistake.new)].count("\n") + 1
        rest = rest.replace("LINE", str(line))
        return f"{mistake.file}:{line + (place == 'NEXT')}:{rest}"
    return f"{mistake.file}:{agency.line(mistake.file, place + ':')}:{rest}"


@pytest.mark.parametrize("what", MISTAKES)
def test_a_mistake_has_one_exact_message(agency: Agency, what: str) -> None:
    """The only problem is the one that was made, in these words and at this place."""
    expected = told(agency, MISTAKES[what])

    assert [expected] == agency.problems()


def test_all_problems_come_at_once(agency: Agency) -> None:
    """Mistakes in four files, and a client's own, are listed together, sorted by place."""
    expected = [
        told(agency, MISTAKES[what])
        for what in ("owner naming no role", "rule for no field", "out of range", "not a choice")
    ]
    agency.change(PEOPLE, "  email: tom@", "  emial: tom@")
    agency.change(ASANA, "strategy: {custom_field: Strategy}", "strategie: Strategy")
    agency.change(SYNC, "mode: observe", "mode: watch")
    del agency.environ["ASANA_TOKEN"]
    unset = "the environment variable ASANA_TOKEN is not set; set it, or add it to the env file"
    expected += [
        f'{PEOPLE}:{agency.line(PEOPLE, "emial")}:3: unknown key "emial"; did you mean "email"?',
        f'{ASANA}:20:9: project has no field "strategie"; did you mean "strategy"?',
        f"{SYNC}:{agency.line(SYNC, 'watch')}:11: must be one of sync, observe",
        f"{SYNC}:{agency.line(SYNC, 'env:ASANA')}:12: {unset}",
    ]

    assert sorted(expected) == sorted(agency.problems())


def test_the_error_prints_every_problem_on_its_line(agency: Agency) -> None:
    """What the command line prints is the error's text."""
    agency.change(SYNC, "heads_up: in-tools", "heads_up: kep").change(
        SYNC, "archives: 10", "archives: x"
    )

    with pytest.raises(ConfigurationError) as caught:
        agency.load()

    assert str(caught.value).splitlines() == [str(each) for each in caught.value.problems]
    assert 2 == len(caught.value.problems)
