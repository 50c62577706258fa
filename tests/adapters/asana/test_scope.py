"""Where a client lives: a team or a list of projects, and what a connection may spend."""

import pytest
from pydantic import ValidationError

from adapters.asana import ADAPTER
from adapters.asana.client import limits
from syncer.adapterkit.contract import Scope
from syncer.adapterkit.errors import AskPerson
from tests.adapters.asana.bench import WORKSPACE, Bench


def scope(**options: object) -> Scope:
    return Scope("bakery", ADAPTER.scope.model_validate(options))


def test_a_team_is_all_its_open_projects(bench: Bench) -> None:
    """Archived projects are not in a team's scope, unless their gid is named."""
    spring = bench.project("Spring campaign")
    bench.call("maya", "PUT", f"/projects/{spring}", {"archived": True})
    assert set(bench.catalogue().containers) == {bench.project()}
    named = bench.catalogue(scope(projects=[spring]))
    assert named.containers == {spring: "Spring campaign"}


def test_projects_by_name_or_gid(bench: Bench) -> None:
    """A list of projects may hold names, found in the team or the workspace, and gids."""
    named = scope(workspace=WORKSPACE, projects=["Spring campaign", bench.project()])
    assert set(bench.catalogue(named).containers) == {
        bench.project(),
        bench.project("Spring campaign"),
    }


def test_a_name_that_is_not_one_project_is_a_persons_matter(bench: Bench) -> None:
    """Neither a name that nobody has nor one that two have is guessed."""
    with pytest.raises(AskPerson, match="0 projects of the scope are called 'Nope'"):
        bench.catalogue(scope(workspace=WORKSPACE, projects=["Nope"]))
    team = bench.sandbox.scope_of("bakery")["team"]
    bench.call("maya", "POST", "/projects", {"name": "Website relaunch", "team": team})
    with pytest.raises(AskPerson, match="2 projects of the scope are called"):
        bench.catalogue(scope(workspace=WORKSPACE, projects=["Website relaunch"]))
    with pytest.raises(AskPerson, match="the project 999 of the scope is not there"):
        bench.catalogue(scope(projects=["999"]))


def test_the_workspace_is_found_if_it_is_not_told(bench: Bench) -> None:
    """People are those of the workspace of the team, or of the first project."""
    team = bench.sandbox.scope_of("bakery")["team"]
    for where in (scope(team=team), scope(projects=[bench.project()])):
        people = bench.service.people(where)
        assert {person.email for person in people} >= {"maya@brightside.example"}


@pytest.mark.parametrize(
    "options",
    [{}, {"workspace": "1"}, {"projects": ["Name"]}, {"team": "x"}, {"team": "1", "teams": "2"}],
)
def test_a_scope_that_is_nowhere_is_refused(options: dict[str, object]) -> None:
    """A scope must be somewhere, in gids where gids are meant, without unknown keys."""
    with pytest.raises(ValidationError):
        ADAPTER.scope.model_validate(options)


def test_the_budget_follows_the_plan() -> None:
    """150 requests a minute are assumed unless somebody says that the plan is paid."""
    assert [limit.count for limit in limits(paid=False)] == [150, 50, 15]
    assert [limit.count for limit in limits(paid=True)] == [1500, 50, 15]
    assert ADAPTER.options.model_validate({"token": "t"}).paid is False  # type: ignore[attr-defined]


def test_the_token_does_not_show() -> None:
    """The options can be printed."""
    assert "s3cret" not in repr(ADAPTER.options.model_validate({"token": "s3cret"}))


def test_describe_says_what_can_be_done(bench: Bench) -> None:
    """Where new projects go, that tasks are not archived by themselves, and what is extensible."""
    objects = bench.catalogue().objects
    assert objects["project"].home == bench.sandbox.scope_of("bakery")["team"]
    assert not objects["task"].archivable
    fields = {field.id: field for field in objects["task"].fields}
    assert {id for id, f in fields.items() if f.extensible and not f.custom} == {"section", "tags"}
    assert fields[bench.custom("Strategy")].max_length == 1024
    assert fields[bench.custom("Hours")].precision == 2
    assert str(fields[bench.custom("Price")].type) == "money"
