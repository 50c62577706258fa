"""What the report gathers out of the state."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from syncer.engine.clientreport.gather import Gathered, gathered
from syncer.engine.clientreport.pages import agency_page, client_page
from syncer.engine.clientreport.wanted import NoSuchProject
from syncer.model.client_inside import Wait
from syncer.model.client_parts import Part
from syncer.model.client_report import GoalTold, Section, Shape
from syncer.model.configuration import Configuration
from syncer.model.goals import Pace
from syncer.model.measures import GOALS_REPORT, Figure, Flag, Grain
from syncer.report.page.render import client_html
from syncer.state import Store
from tests.page.state import NOW, SITE, TODAY, at, configuration, fill, record, wanted


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Configuration, Store]]:
    """The state of everything."""
    config = configuration(tmp_path_factory.mktemp("state"))
    with Store.open(config.state) as store:
        fill(store)
        yield config, store


@pytest.fixture(scope="module")
def found(state: tuple[Configuration, Store]) -> Gathered:
    """Everything of it."""
    config, store = state
    return gathered(config, store, wanted(config), tuple(Part))


def section(found: Gathered, name: str) -> Section:
    """The section of this name."""
    (one,) = [one for one in client_page(found).sections if one.name == name]
    return one


def goal(found: Gathered, name: str, measure: str) -> GoalTold:
    """A goal of a section."""
    (one,) = [one for one in section(found, name).goals if one.measure == measure]
    return one


def test_the_client_comes_first_then_its_projects_by_launch(found: Gathered) -> None:
    """What was put away is left out."""
    names = [one.name for one in client_page(found).sections]

    assert ["Honey & Rye Bakery", "Website relaunch", "Spring campaign"] == names


def test_a_month_is_judged_by_the_goal_that_stood_then(found: Gathered) -> None:
    """The goal was raised in September: the summer is held against the old one."""
    sessions = goal(found, "Honey & Rye Bakery", "sessions")

    assert [5000, 5000, 5000, 6000, 6000] == [month.target for month in sessions.earlier]
    assert [6, 7, 8, 9, 10] == [month.since.month for month in sessions.earlier]
    assert {Pace.MET} == {month.pace for month in sessions.earlier}
    assert sessions.plot
    assert sessions.plot.shape is Shape.MONTHS
    assert [5000] * 3 + [6000] * 3 == [point.value for point in sessions.plot.goal]
    assert date(2026, 11, 1) == sessions.plot.projection[0].day


def test_a_goal_by_a_day_is_added_up_to_what_it_stands_at(found: Gathered) -> None:
    """The line ends at the value that is told, the projection where that is expected."""
    events = goal(found, "Website relaunch", "key events")

    assert events.plot
    assert events.plot.shape is Shape.SUM
    assert date(2026, 9, 1) == events.plot.values[0].day
    assert events.now.value == events.plot.values[-1].value
    assert TODAY - timedelta(days=1) == events.plot.values[-1].day == events.now.as_of
    assert (date(2026, 12, 31), events.now.projection) == (
        events.plot.projection[-1].day,
        events.plot.projection[-1].value,
    )
    assert {Decimal(500)} == {point.value for point in events.plot.goal}
    assert [("Launch", date(2026, 12, 18))] == [(m.text, m.day) for m in events.plot.marks]
    assert (Flag.SAMPLED,) == events.now.flags


def test_a_rate_is_a_line_of_weeks(found: Gathered) -> None:
    """Each point is a share of seven days, so one quiet Sunday does not look like a fall."""
    rate = goal(found, "Website relaunch", "engagement rate")

    assert rate.plot
    assert rate.plot.shape is Shape.LINE
    assert "%" == rate.unit
    assert all(Decimal("0.5") < (point.value or 0) < Decimal("0.62") for point in rate.plot.values)


def test_a_breakdown_adds_up_the_days_in_question(state: tuple[Configuration, Store]) -> None:
    """The sums are those of the stored figures; what does not add up is named, not added."""
    config, store = state
    asked = wanted(config, since=date(2026, 10, 1), until=date(2026, 10, 31))
    whole = client_page(gathered(config, store, asked, tuple(Part))).sections[0]
    (channels,) = whole.breakdowns
    stored = [
        figure.value
        for figure in store.figures("bakery", report="channels")
        if figure.metric == "sessions" and figure.day.month == 10
    ]

    assert sum(v for v in stored if v) == channels.total[0]
    assert ["sessions", "key events", "revenue"] == [one.name for one in channels.columns]
    assert "EUR" == channels.columns[2].unit
    assert ("active users",) == channels.unadded
    assert ("Organic Search",) == channels.entries[0].labels
    assert channels.entries[0].values[0] == max(e.values[0] or 0 for e in channels.entries)


def test_a_project_without_figures_of_its_own_says_whose_they_are(found: Gathered) -> None:
    """Its goals are judged by the client's figures; where they come from is told once."""
    site = section(found, "Website relaunch")

    assert site.shared
    assert not site.breakdowns
    assert "no figures of its own" in client_html(client_page(found))


def test_a_project_that_is_measured_by_itself_is_told_by_itself(tmp_path: Path) -> None:
    """Its own part of the property counts from the first reading on, also without a visit."""
    config = configuration(tmp_path)
    last = TODAY - timedelta(days=1)
    own = [
        Figure("analytics", SITE, "Website relaunch", GOALS_REPORT, Grain.DAY, last, "keyEvents",
               Decimal(7), NOW)
    ]  # fmt: skip
    reach = {"since": "2026-09-01", "until": TODAY.isoformat(), "metrics": ["keyEvents"]}
    with Store.open(config.state) as store:
        fill(store)
        with store.transaction() as tx:
            tx.replace_figures("bakery", "analytics", SITE, "Website relaunch", GOALS_REPORT,
                               Grain.DAY, date(2026, 9, 1), last, own)  # fmt: skip
            feed = f"{SITE}/{{}}/{GOALS_REPORT}/{Grain.DAY}"
            cursors = {feed.format(name): reach for name in ("Website relaunch", "Spring campaign")}
            tx.put_cursors("bakery", "analytics", cursors)
        found = gathered(config, store, wanted(config), tuple(Part))
        site, spring = section(found, "Website relaunch"), section(found, "Spring campaign")

    assert [Decimal(7)] == [one.now.value for one in site.goals if one.measure == "key events"]
    assert not site.shared
    assert not spring.measured


def test_every_deadline_that_was_agreed_is_told(found: Gathered) -> None:
    """When, from which day, to which day; the agency also reads who, and who asked for it."""
    deadline = section(found, "Website relaunch").deadline
    assert deadline
    moves = [(move.before, move.after) for move in deadline.moves]
    inside = agency_page(found).inside[1].moves

    days = [date(2026, 11, 27), date(2026, 12, 11), date(2026, 12, 18)]
    assert [(None, days[0]), (days[0], days[1]), (days[1], days[2])] == moves
    assert at(10, 2) == deadline.moves[1].at
    assert ["Maya Okafor", "Tom Lindqvist", "Maya Okafor"] == [one.by for one in inside]
    assert [("", ""), ("", ""), ("Anna Brandt", "Maya Okafor")] == [
        (one.asked, one.approved) for one in inside
    ]
    assert {"config/ownership.yaml:61"} == {one.rule for one in inside}


def test_a_deadline_from_before_it_was_kept_is_told_all_the_same(found: Gathered) -> None:
    """Of what was agreed before histories were kept, what stands is known."""
    deadline = section(found, "Spring campaign").deadline

    assert deadline
    assert [(None, date(2027, 3, 19))] == [(m.before, m.after) for m in deadline.moves]


def test_the_work_is_counted_by_the_clients_days(found: Gathered) -> None:
    """Done, late, soon, undated: a task below another belongs to the project of that one."""
    tasks = section(found, "Website relaunch").tasks
    inside = agency_page(found).inside[1]

    assert tasks
    assert (13, 7, 1, 3, 1) == (
        tasks.total, tasks.done, tasks.overdue, tasks.soon, tasks.undated,
    )  # fmt: skip
    assert tasks.plot
    assert Decimal(7) == tasks.plot.values[-1].value
    assert Decimal(12) == tasks.plot.goal[-1].value
    assert [("Step 8", True), ("Step 9", False), ("Below", False), ("Step 10", False)] == [
        (task.title, task.late) for task in inside.tasks
    ]
    assert ("Tom Lindqvist",) == inside.tasks[0].who
    assert (("done", 7), ("doing", 5), ("todo", 1)) == inside.statuses


def test_hours_are_held_against_the_budget(found: Gathered) -> None:
    """Estimates of all tasks, of those that are done, and how many have none."""
    budget = agency_page(found).inside[1].budget

    assert budget
    assert (210, 165, 105, 3) == (
        budget.hours, budget.estimated, budget.done, budget.unestimated,
    )  # fmt: skip


def test_what_waits_is_told_with_whom_it_waits_for(found: Gathered) -> None:
    """An open proposal, a hold and parked work, each at its project; the rest at the end."""
    page = agency_page(found)
    told = [(one.kind, one.about, one.whom) for one in page.inside[1].waiting]

    assert [
        (Wait.PROPOSAL, "Website relaunch", ("Maya Okafor", "Tom Lindqvist")),
        (Wait.HOLD, "Step 9", ()),
        (Wait.PARKED, "Step 10", ()),
    ] == told
    assert "18 Dec 2026 to become 8 Jan 2027" == page.inside[1].waiting[0].text
    assert ["Boards"] == [one.about for one in page.waiting]


def test_lines_that_are_no_goals_are_told_to_the_agency(found: Gathered) -> None:
    """With what is wrong and how to write it; the other lines count."""
    inside = agency_page(found).inside[1]

    assert ["sesions >= 4"] == [fault.line for fault in inside.faults]
    assert 3 == inside.faults[0].number
    assert "sessions" in inside.faults[0].fix
    assert 2 == len(inside.lines)


def test_a_client_that_was_never_measured_has_a_page(state: tuple[Configuration, Store]) -> None:
    """It says that there is nothing to tell, rather than failing."""
    config, store = state
    page = client_page(gathered(config, store, wanted(config, "new"), tuple(Part)))

    assert not any(section.measured for section in page.sections)
    assert "nothing to tell" in client_html(page)


def test_goals_without_a_source_are_told_without_numbers(tmp_path: Path) -> None:
    """A goal that nothing counts yet stands there, and how it stands is not known."""
    config = configuration(tmp_path)
    with Store.open(config.state) as store:
        with store.transaction() as tx:
            tx.put_records(
                [record("r_p", "project", name="Shop", goals="sessions >= 10 per month")]
            )
        page = client_page(gathered(config, store, wanted(config), tuple(Part)))
    (shop,) = page.sections

    assert [Pace.UNKNOWN] == [one.now.pace for one in shop.goals]
    assert "There are no figures for it yet" in client_html(page)


def test_one_project_alone(state: tuple[Configuration, Store]) -> None:
    """By its name in any case, or its id; also one that was put away."""
    config, store = state
    for name, title in (("website  RELAUNCH", "Website relaunch"), ("r_old", "Old site")):
        page = client_page(gathered(config, store, wanted(config, project=name), tuple(Part)))
        assert [title] == [one.name for one in page.sections]


def test_a_project_that_nobody_knows(state: tuple[Configuration, Store]) -> None:
    """Says which ones there are."""
    config, store = state
    with pytest.raises(NoSuchProject) as error:
        client_page(gathered(config, store, wanted(config, project="Nope"), tuple(Part)))

    assert {"Website relaunch", "Spring campaign", "Old site"} == set(error.value.known)


def test_plots_are_cut_to_the_days_that_were_asked_for(
    state: tuple[Configuration, Store],
) -> None:
    """All of them, and nothing is marked outside of these days."""
    config, store = state
    asked = wanted(config, since=date(2026, 10, 1), until=date(2026, 10, 31))
    page = client_page(gathered(config, store, asked, tuple(Part)))
    plots = [goal.plot for one in page.sections for goal in one.goals if goal.plot]
    plots += [one.tasks.plot for one in page.sections if one.tasks and one.tasks.plot]

    assert len(plots) == 5
    for plot in plots:
        days = [p.day for p in (*plot.values, *plot.goal, *plot.projection)]
        assert date(2026, 10, 1) <= min(days)
        assert max(days) <= date(2026, 10, 31)
        assert not plot.marks


def test_days_without_anything_in_them_have_no_plots(
    state: tuple[Configuration, Store],
) -> None:
    """Of a time before everything there is a page, and nothing is drawn on it."""
    config, store = state
    asked = wanted(config, since=date(2025, 1, 1), until=date(2025, 1, 31))
    page = client_page(gathered(config, store, asked, tuple(Part)))

    assert [] == [goal for one in page.sections for goal in one.goals if goal.plot]
    assert "<svg" not in client_html(page)


def test_a_part_that_is_not_wanted_is_not_there(state: tuple[Configuration, Store]) -> None:
    """Each word of `for_client` takes its part away when it is left out."""
    config, store = state
    signs = {
        Part.GOALS: "at least 500",
        Part.RESULTS: "Organic Search",
        Part.DEADLINE: "How the day was agreed",
        Part.TASKS: "due within two weeks",
    }
    for left_out in (None, *signs):
        parts = tuple(part for part in signs if part is not left_out)
        html = client_html(client_page(gathered(config, store, wanted(config), parts)))
        missing = [part for part, sign in signs.items() if sign not in html]

        assert [left_out] * (left_out is not None) == missing
        assert "<svg" not in html


def test_the_same_state_gives_the_same_page(state: tuple[Configuration, Store]) -> None:
    """Byte for byte, plots and all."""
    config, store = state
    asked = wanted(config, project="Website relaunch")
    pages = [
        client_html(client_page(gathered(config, store, asked, tuple(Part)))) for _ in range(2)
    ]

    assert 6 == pages[0].count("<svg")
    assert pages[0] == pages[1]
