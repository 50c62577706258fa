"""What a system that only counts is asked: how it is read, and each mistake with its place."""

from datetime import timedelta

import pytest

from syncer.adapterkit.measuring import Spec
from syncer.model.configuration import Keep
from syncer.model.measures import Every, Measure, Measuring, ReportLine
from syncer.model.rules import ANYONE, Policy
from syncer.settings import ConfigurationError
from tests.settings.agency import Agency, tools
from tests.settings.test_mistakes import ASANA, OWN, SYNC, Mistake, told

GOOGLE = "mappings/google_analytics.yaml"

REPORT = "        metrics: [sessions, keyEvents, totalRevenue]"
ELEVEN = ", ".join(f"m{number}" for number in range(11))
NINE = ", ".join(f"d{number}" for number in range(9))

MISTAKES = {
    "an entity": Mistake(
        GOOGLE,
        "    measures:\n",
        "    task: {object: event, create: always, fields: {title: eventName}}\n    measures:\n",
        "LINE:5: google_analytics is read-only: it has reports and no records, so nothing can be"
        ' written to it; remove "task"; what it counts stands under "measures" and "reports"',
    ),
    "reports of a tool": Mistake(
        ASANA,
        "    task:\n",
        "    reports: {mine: {metrics: [x]}}\n    task:\n",
        'LINE:5: asana has records, and "reports" is of a system that only counts; remove it',
    ),
    "measures of a tool": Mistake(
        ASANA,
        "    task:\n",
        "    measures: {sessions: sessions}\n    task:\n",
        'LINE:5: asana has records, and "measures" is of a system that only counts; remove it',
    ),
    "unknown word": Mistake(
        GOOGLE,
        "    window: 3d",
        "    windw: 3d",
        'LINE:5: unknown key "windw"; did you mean "window"?',
    ),
    "unknown word of a measure": Mistake(
        GOOGLE,
        "adds_up: false",
        "add_up: false",
        'LINE:36: unknown key "add_up"; did you mean "adds_up"?',
    ),
    "unknown word of a report": Mistake(
        GOOGLE,
        "        for: project",
        "        four: project",
        'LINE:9: unknown key "four"; did you mean "for"?',
    ),
    "a report of nobody": Mistake(
        GOOGLE,
        "        for: project",
        "        for: task",
        "LINE:14: must be one of client, project",
    ),
    "a report of nothing": Mistake(
        GOOGLE,
        REPORT,
        "        metrics: []",
        "LINE:18: must not be empty",
    ),
    "a report without metrics": Mistake(
        GOOGLE,
        "      landing pages:\n        dimensions: [landingPage]\n"
        "        metrics: [sessions, keyEvents]",
        "      landing pages:\n        dimensions: [landingPage]",
        'LINE:7: missing key "metrics"; add "metrics: ..."',
    ),
    "a rate of nothing": Mistake(
        GOOGLE,
        "engagement rate: {metric: engagedSessions, per: sessions}",
        "engagement rate: {metric: engagedSessions}",
        "LINE:24: a rate of several days is no sum of theirs, and what it is a rate of is missing;"
        ' write it like "{metric: engagedSessions, per: sessions}", or say "adds_up: false"',
    ),
    "a rate of the vendor's": Mistake(
        GOOGLE,
        "      purchases: ecommercePurchases",
        "      buyers: purchaserRate",
        "LINE:15: a rate of several days is no sum of theirs, and what it is a rate of is missing;"
        ' write it like "{metric: engagedSessions, per: sessions}", or say "adds_up: false"',
    ),
    "an empty per": Mistake(
        GOOGLE,
        "{metric: keyEvents, per: sessions}",
        '{metric: keyEvents, per: ""}',
        "LINE:48: must not be empty",
    ),
    "no metric": Mistake(
        GOOGLE,
        "      new users: newUsers",
        "      new users: new users",
        'LINE:18: not a metric; write its name in the API, like "sessions"',
    ),
    "a name in the word alone": Mistake(
        GOOGLE,
        '"key event *": "keyEvents:*"',
        '"key event *": keyEvents',
        'LINE:22: "*" stands for a name, and the metric has none; '
        'write both with "*" at the end, or neither',
    ),
    "a name in the metric alone": Mistake(
        GOOGLE,
        '"key event *": "keyEvents:*"',
        'key event: "keyEvents:*"',
        'LINE:7: "*" stands for a name, and the word has none; '
        'write both with "*" at the end, or neither',
    ),
    "a word that is no word": Mistake(
        GOOGLE,
        "      new users: newUsers",
        '      "users > 3": newUsers',
        'LINE:7: a goal cannot be about this; use words, and "*" at the end alone for any name',
    ),
    "a word twice": Mistake(
        GOOGLE,
        "      new users: newUsers",
        "      Page  Views: newUsers",
        'NEXT:7: "Page  Views" is the same to a goal, whatever its case and spaces; remove one',
    ),
    "our own report": Mistake(
        GOOGLE,
        "      channels:\n",
        "      goals:\n",
        'LINE:7: "goals" is the report that the service makes itself; choose another name',
    ),
    "too many metrics": Mistake(
        GOOGLE,
        REPORT,
        f"        metrics: [{ELEVEN}]",
        "LINE:18: 11 are too many; a report has at most 10",
    ),
    "too many dimensions": Mistake(
        GOOGLE,
        "dimensions: [sessionDefaultChannelGroup]",
        f"dimensions: [{NINE}]",
        "LINE:21: 9 are too many; a report has 9, one is the day",
    ),
    "a metric twice": Mistake(
        GOOGLE,
        REPORT,
        "        metrics: [sessions, sessions]",
        "LINE:18: the same name stands twice; remove one",
    ),
    "no span of time": Mistake(
        GOOGLE, "every: day", "every: month", "LINE:22: must be one of day, week"
    ),
    "too few digits": Mistake(
        GOOGLE, "digits: 3}", "digits: 0}", "LINE:35: should be greater than or equal to 1"
    ),
    "too many digits": Mistake(
        GOOGLE, "digits: 3}", "digits: 7}", "LINE:35: should be less than or equal to 6"
    ),
    "part of a day": Mistake(
        GOOGLE,
        "    window: 3d",
        "    window: 36h",
        'LINE:13: must be whole days; write it like "3d"',
    ),
    "a window that is too long": Mistake(
        GOOGLE,
        "    window: 3d",
        "    window: 15d",
        'LINE:13: "settle" is shorter than "window"; make it as long or longer',
    ),
    "no such default": Mistake(
        GOOGLE,
        "system: google_analytics",
        "system: google_analytics\ndefault: usual",
        'NEXT:10: there is no variant "usual"; variants: standard',
    ),
    "figures kept too short": Mistake(
        SYNC,
        "  metrics: 1100d",
        "  metrics: 399d",
        'LINE:12: too short for goals that compare with last year; write at least "400d"',
    ),
    "results that nobody owns": Mistake(
        OWN,
        "  goals: {owner: account_manager, others: propose}\n  results: {owner: analytics}\n  price",
        "  goals: {owner: account_manager, others: propose}\n  results_value: {owner: analytics}"
        "\n  results_share: {owner: analytics}\n  results_projection: {owner: analytics}"
        "\n  results_behind: {owner: analytics}\n  results_as_of: {owner: analytics}"
        "\n  results_flags: {owner: analytics}\n  results_pace: {owner: analytics}"
        "\n  results_weekly: {owner: analytics}\n  price",
        "project:1: no owner for project.results, which mappings/asana.yaml:25 maps; "
        'add "results: {owner: ROLE}" under "project:"',
    ),
}

NO_ENTITIES = (
    "google_analytics has no entities, so there is nothing to override; write another "
    'variant in mappings/google_analytics.yaml and name it under "variants" of outdoor'
)

OWN_MISTAKES = {
    "a variant that there is not": (
        "    mode: observe",
        "    variants: {google_analytics: standart}",
        ':34: google_analytics has no variant "standart"; did you mean "standard"?',
    ),
    "an override": (
        "    mode: observe",
        "    overrides: {google_analytics: {task: {match: title}}}",
        f":17: {NO_ENTITIES}",
    ),
    "an override by the connection's name": (
        "    mode: observe",
        "    overrides: {analytics: {}}",
        f":17: {NO_ENTITIES}",
    ),
    "a scope's key": (
        'analytics: {property: "423456789"}',
        'analytics: {property: "423456789", filter: {host: [x]}}',
        ':42: unknown key "filter"; did you mean "filters"?',
    ),
}


@pytest.mark.parametrize("what", MISTAKES)
def test_a_mistake_has_one_exact_message(agency: Agency, what: str) -> None:
    """The only problem is the one that was made, in these words and at this place."""
    expected = told(agency, MISTAKES[what])

    assert [expected] == agency.problems()


@pytest.mark.parametrize("what", OWN_MISTAKES)
def test_a_clients_own_mistake_stops_only_that_client(agency: Agency, what: str) -> None:
    """The client is listed as broken with the exact message; the other one is there."""
    old, new, message = OWN_MISTAKES[what]
    agency.change(SYNC, old, new)
    line = agency.line(SYNC, new.strip())
    found = agency.load()

    assert {"outdoor": (f"{SYNC}:{line}{message}",)} == found.broken
    assert ["bakery"] == list(found.clients)


def test_a_client_is_measured_as_the_file_says(agency: Agency) -> None:
    """Measures, reports and times of the shipped file, beside the mappings of the tools."""
    bakery = agency.load().clients["bakery"]
    measuring = bakery.measuring["analytics"]
    measures = measuring.measures

    assert {"trello", "asana", "hubspot"} == bakery.mappings.keys()
    assert {"analytics"} == bakery.measuring.keys()
    assert {"trello", "asana", "hubspot", "analytics"} == bakery.scopes.keys()
    assert ("google_analytics", "standard") == (measuring.system, measuring.variant)
    assert (timedelta(days=3), timedelta(days=14)) == (measuring.window, measuring.settle)
    assert (Every.DAY, 3) == (measuring.every, measuring.digits)
    assert Measure("sessions", "sessions") == measures["sessions"]
    assert Measure("key event *", "keyEvents:*") == measures["key event *"]
    assert Measure("revenue", "totalRevenue", money=True) == measures["revenue"]
    assert Measure("users", "activeUsers", adds_up=False) == measures["users"]
    rate = Measure("engagement rate", "engagedSessions", per="sessions")
    assert rate == measures["engagement rate"]


def test_reports_know_whose_they_are_and_where_they_stand(agency: Agency) -> None:
    """Both unless said; a filter is one text or several; each names its line."""
    agency.change(
        GOOGLE,
        "        for: project\n",
        "        for: [client]\n        filters: {sessionMedium: cpc, hostName: [a, b*]}\n",
    )
    channels, pages = agency.load().clients["outdoor"].measuring["analytics"].reports

    assert frozenset({"client", "project"}) == channels.of
    assert frozenset({"client"}) == pages.of
    assert {"sessionMedium": ("cpc",), "hostName": ("a", "b*")} == pages.filters
    assert ("landing pages", ("landingPage",)) == (pages.name, pages.dimensions)
    assert agency.line(GOOGLE, "landing pages:") == pages.source.line


def test_a_client_may_use_another_variant(agency: Agency) -> None:
    """By the system's name or the connection's; the others keep the default."""
    agency.change(GOOGLE, "variants:\n", "default: standard\n\nvariants:\n  weekly:\n"
                  "    results: {every: week, digits: 2}\n    settle: 30d\n\n")  # fmt: skip
    agency.change(SYNC, "    mode: observe", "    variants: {analytics: weekly}")
    clients = agency.load().clients
    weekly = clients["outdoor"].measuring["analytics"]

    assert (Every.WEEK, 2, timedelta(days=30)) == (weekly.every, weekly.digits, weekly.settle)
    assert ({}, ()) == (weekly.measures, weekly.reports)
    assert "standard" == clients["bakery"].measuring["analytics"].variant


def test_results_bring_their_companions(agency: Agency) -> None:
    """One line covers all that is told beside them; a line of its own goes before it."""
    agency.change(
        OWN,
        "  results: {owner: analytics}\n  price",
        "  results: {owner: analytics}\n  results_pace: {owner: producer, others: notify}\n  price",
    )
    rules = agency.load().ownership.rules
    whole, value = rules["project", "results"], rules["project", "results_value"]

    assert (("analytics",), {ANYONE: Policy.REVERT}) == (value.owners, value.others)
    assert (whole.source, "results_value") == (value.source, value.field)
    assert ("producer",) == rules["project", "results_pace"].owners
    assert {"client", "project"} == {e for e, name in rules if name == "results_as_of"}


def test_a_role_may_be_held_by_a_system_that_is_not_connected(agency: Agency) -> None:
    """Without Google Analytics the shipped rules and mappings are right as they are."""
    text = (agency.root / SYNC).read_text("utf-8")
    start, end = text.index("  analytics: #"), text.index("# The agency's clients.")
    text = text[:start] + text[end:]
    start, end = text.index("      analytics:\n"), text.index("  outdoor:")
    text = (text[:start] + text[end:]).replace('      analytics: {property: "423456789"}\n', "")
    agency.write(SYNC, text)
    (agency.root / GOOGLE).unlink()
    found = agency.load()

    assert {} == found.broken
    assert {} == found.clients["bakery"].measuring
    assert "google_analytics" == found.ownership.roles["analytics"].system


def test_a_source_that_is_not_connected_is_not_opened(agency: Agency) -> None:
    """Its mapping is read all the same, and its mistakes are told; its adapter is not asked."""
    named = "adapter: google_analytics\n    credentials: env:GOOGLE_ANALYTICS_CREDENTIALS"
    agency.change(SYNC, named, "adapter: asana\n    token: env:ASANA_TOKEN")
    asked: list[str] = []
    agency.change(GOOGLE, "    window: 3d", "    windw: 3d")

    def noted(name: str) -> Spec:
        asked.append(name)
        return tools(name)

    with pytest.raises(ConfigurationError, match='unknown key "windw"'):
        agency.load(specs=noted)

    assert "google_analytics" not in asked


def test_a_source_needs_its_mapping(agency: Agency) -> None:
    """A client that has a scope there is told which file is missing."""
    (agency.root / GOOGLE).unlink()
    text = "there is no mapping for google_analytics; add mappings/google_analytics.yaml"

    assert {
        "bakery": (f"{SYNC}:{agency.line(SYNC, '      analytics:')}:7: {text}",),
        "outdoor": (f"{SYNC}:{agency.line(SYNC, '423456789')}:7: {text}",),
    } == agency.broken()


def test_a_system_has_one_mapping(agency: Agency) -> None:
    """A second file for it is a mistake, of whichever kind the files are."""
    agency.write("mappings/second.yaml", "system: google_analytics\nvariants: {x: {window: 2d}}\n")

    text = "google_analytics has a mapping already, mappings/google_analytics.yaml"
    assert [
        f"mappings/second.yaml:1:9: {text}; put all variants into one file"
    ] == agency.problems()


def test_how_long_figures_are_kept(agency: Agency) -> None:
    """As long as is said, else about three years."""
    assert Keep(timedelta(days=1100)) == agency.load().keep

    agency.change(SYNC, "  metrics: 1100d", "  metrics: 400d")

    assert Keep(timedelta(days=400)) == agency.load().keep


def test_a_report_line_and_measuring_have_no_surprises(agency: Agency) -> None:
    """What is not said is as the model says it, so that other builders agree with files."""
    agency.write(GOOGLE, "system: google_analytics\nvariants: {x: {reports: {r: {metrics: m}}}}\n")
    found = agency.load().clients["bakery"].measuring["analytics"]

    assert Measuring("google_analytics", "x", found.source, {}, found.reports) == found
    assert (ReportLine("r", ("m",), source=found.reports[0].source),) == found.reports
