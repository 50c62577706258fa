"""Projects: their own fields, who changed them, and how they are made and put away."""

from datetime import timedelta

import pytest

from syncer.adapterkit.contract import FieldNeed
from syncer.adapterkit.errors import AskPerson
from syncer.model.entities import ARCHIVED, PRESENT
from syncer.model.remote import Author, Op, Result
from syncer.model.values import MISSING
from tests.adapters.asana.bench import Bench


def test_a_projects_record(bench: Bench) -> None:
    """A project shows its name, notes as Markdown, dates, owner and values of its own."""
    record = bench.pull().records[bench.project()]
    assert record.container is None
    assert record.fields["name"] == "Website relaunch"
    assert record.fields["due"] == "2026-12-18"
    assert record.fields["start"] == "2026-09-01"
    assert record.fields["owner"] == bench.id_of("maya")
    assert str(record.fields["notes"]).startswith("New shop with pre-order")
    assert record.fields[bench.custom("Price")] == {"amount": "18500", "currency": "EUR"}
    assert record.fields[bench.custom("Budget hours")] == "210"


def test_whoever_moves_a_deadline_is_named(bench: Bench) -> None:
    """A project has no stories; its stream says that it was Tom, and now it shows his date."""
    project = bench.project()
    cursors = bench.pull().cursors
    bench.call("tom", "PUT", f"/projects/{project}", {"due_on": "2027-01-15"})
    poll = bench.pull(cursors)
    [change] = poll.told(project, "due")
    assert (change.by, change.old, change.new) == (bench.id_of("tom"), MISSING, "2027-01-15")
    assert change.key
    again = bench.pull(cursors)
    assert [c.key for c in again.told(project, "due")] == [change.key]
    assert bench.pull(poll.cursors).told(project, "due") == []


def test_of_two_editors_only_the_last_value_is_known(bench: Bench) -> None:
    """Both are told in order; what the first one wrote was overwritten before we looked."""
    project = bench.project()
    cursors = bench.pull().cursors
    bench.call("tom", "PUT", f"/projects/{project}", {"due_on": "2027-01-15"})
    bench.call("anna", "PUT", f"/projects/{project}", {"due_on": "2027-02-15"})
    told = bench.pull(cursors).told(project, "due")
    assert [(c.by, c.new) for c in told] == [
        (bench.id_of("tom"), MISSING),
        (bench.id_of("anna"), "2027-02-15"),
    ]
    assert len({c.key for c in told}) == 2


def test_a_value_of_a_later_edit_is_not_laid_on_an_earlier_editor(bench: Bench) -> None:
    """If the project changed after the last event that we know of, nobody is given its value."""
    project = bench.project()
    cursors = bench.pull().cursors
    bench.call("tom", "PUT", f"/projects/{project}", {"due_on": "2027-01-15"})
    bench.sandbox.now.advance(timedelta(seconds=30))  # type: ignore[attr-defined]
    bench.stored(project)["modified_at"] = bench.sandbox.store.stamp()
    [change] = bench.pull(cursors).told(project, "due")
    assert (change.by, change.new) == (bench.id_of("tom"), MISSING)


def test_custom_values_owner_and_archive_are_told(bench: Bench) -> None:
    """Which custom field it was, whose the project is now, and who put it away."""
    project, strategy = bench.project(), bench.custom("Strategy")
    cursors = bench.pull().cursors
    values = {strategy.removeprefix("cf:"): "Bread first."}
    bench.call("anna", "PUT", f"/projects/{project}", {"custom_fields": values})
    bench.call("maya", "PUT", f"/projects/{project}", {"owner": bench.id_of("tom")})
    bench.call("maya", "PUT", f"/projects/{project}", {"archived": True})
    poll = bench.pull(cursors, known := bench.catalogue())
    assert project not in known.containers
    poll = bench.pull(cursors, _with(bench, project))
    assert [(c.by, c.new) for c in poll.told(project, strategy)] == [
        (bench.id_of("anna"), "Bread first.")
    ]
    assert [c.new for c in poll.told(project, "owner")] == [bench.id_of("tom")]
    assert [c.new for c in poll.told(project, "existence")] == [ARCHIVED]
    assert poll.records[project].existence == ARCHIVED


def _with(bench: Bench, project: str):  # type: ignore[no-untyped-def]
    return bench.service.describe(bench.scoped(projects=[project]), frozenset({"project", "task"}))


def test_project_fields_are_known_from_the_feed_only(bench: Bench) -> None:
    """Describe says that the author of a project's field is to be had for a day at most.

    A status update has none: what others post are no edits of ours.
    """
    fields = bench.catalogue().objects["project"].fields
    unsigned = {field.name for field in fields if field.author is not Author.FEED_ONLY}
    assert unsigned == {"status_update"}


def test_a_project_is_made_in_the_team(bench: Bench) -> None:
    """A new project is in the scope's team, with dates, owner and the custom values it is given."""
    fields = {
        "name": "Autumn",
        "notes": "Words\n\n- one",
        "due": "2027-09-30",
        "start": "2027-09-01",
        "owner": bench.id_of("tom"),
        bench.custom("Strategy"): "Long.",
        bench.custom("Price"): {"amount": "99.5", "currency": "EUR"},
    }
    home = bench.catalogue().objects["project"].home
    outcome = bench.push(Op.CREATE, "project", container=home, fields=fields)
    assert (outcome.result, outcome.refused, outcome.stale) == (Result.DONE, {}, {})
    assert dict(outcome.got) == fields
    assert outcome.id in bench.catalogue().containers
    assert bench.pull().records[str(outcome.id)].fields["notes"] == "Words\n\n- one"


def test_the_first_section_of_a_new_project_is_its_untitled_one(bench: Bench) -> None:
    """A new project's one section is renamed, not left beside the sections that are needed."""
    home = bench.catalogue().objects["project"].home
    project = bench.push(Op.CREATE, "project", container=home, fields={"name": "P"}).id
    for name in ("To do", "Doing", "To do"):
        fields = {"name": "T", "section": {"name": name}}
        assert bench.push(Op.CREATE, container=project, fields=fields).result is Result.DONE
    names = [s["name"] for s in bench.sandbox.store.sections(str(project))]
    assert names == ["To do", "Doing"]


def test_an_untitled_section_with_tasks_in_it_keeps_its_name(bench: Bench) -> None:
    """What somebody has put somewhere does not change its status by our doing."""
    home = bench.catalogue().objects["project"].home
    project = str(bench.push(Op.CREATE, "project", container=home, fields={"name": "P"}).id)
    bench.make(projects=[project], name="Theirs")
    bench.push(Op.CREATE, container=project, fields={"name": "T", "section": {"name": "Doing"}})
    names = [s["name"] for s in bench.sandbox.store.sections(project)]
    assert names == ["Untitled section", "Doing"]


def test_an_untitled_section_that_nobody_uses_is_not_offered(bench: Bench) -> None:
    """It will be renamed to the first section asked for: nothing may be put into it before."""
    home = bench.catalogue().objects["project"].home
    project = str(bench.push(Op.CREATE, "project", container=home, fields={"name": "P"}).id)
    [untitled] = bench.sandbox.store.sections(project)
    assert untitled["gid"] not in sections_of(bench)
    bench.make(projects=[project], name="Theirs")
    assert untitled["gid"] in sections_of(bench)


def sections_of(bench: Bench) -> set[str]:
    """What the catalogue offers as sections."""
    fields = bench.catalogue().objects["task"].fields
    return {option.id for field in fields if field.id == "section" for option in field.options}


def test_an_edit_between_our_read_and_our_write_stands(bench: Bench) -> None:
    """Asana keeps no old value of a project's field, so what differs is left and shown."""
    project = bench.project()
    bench.call("anna", "PUT", f"/projects/{project}", {"due_on": "2027-03-03"})
    outcome = bench.update(
        project,
        {"due": "2027-01-01", "name": "Renamed"},
        {"due": "2026-12-18", "name": "Website relaunch"},
        object="project",
    )
    assert outcome.stale == {"due": "2027-03-03"}
    assert outcome.got == {"name": "Renamed"}
    assert bench.stored(project)["due_on"] == "2027-03-03"


def test_a_start_without_a_due_date_is_refused(bench: Bench) -> None:
    """The reason is ours and plain; everything else is written."""
    project = bench.project()
    bench.call("maya", "PUT", f"/projects/{project}", {"due_on": None, "start_on": None})
    fields = {"start": "2027-01-01", "name": "Renamed"}
    outcome = bench.update(project, fields, object="project")
    assert outcome.refused == {"start": "Asana keeps a start only together with a due date"}
    assert outcome.got == {"name": "Renamed"}


def test_a_start_goes_with_the_due_date_that_is_there(bench: Bench) -> None:
    """A new start alone is sent together with the present due date."""
    outcome = bench.update(bench.project(), {"start": "2026-10-01"}, object="project")
    assert outcome.got == {"start": "2026-10-01"}
    assert bench.stored(bench.project())["due_on"] == "2026-12-18"


def test_archive_and_restore(bench: Bench) -> None:
    """A project is put away and brought back; of one that is gone, archiving is done."""
    project = bench.project()
    known = bench.catalogue()
    for op, existence in ((Op.ARCHIVE, ARCHIVED), (Op.RESTORE, PRESENT)):
        outcome = bench.push(op, "project", id=project, archive={"how": "closed"})
        assert outcome.result is Result.DONE
        assert bench.pull(known=known).records[project].existence == existence
    bench.call("maya", "DELETE", f"/projects/{project}")
    assert bench.push(Op.ARCHIVE, "project", id=project).result is Result.DONE
    assert bench.push(Op.RESTORE, "project", id=project).result is Result.REFUSED


def test_a_lost_project_is_found(bench: Bench) -> None:
    """A create whose answer was lost is found by its name, in its team, since the intent."""
    from datetime import UTC, datetime

    from syncer.model.remote import Write

    known = bench.catalogue()
    home = known.objects["project"].home
    since = datetime.now(UTC)
    write = Write("i", Op.CREATE, "project", container=home, fields={"name": "Lost"}, since=since)
    assert bench.service.find(write, known) == []
    bench.running.fault({"drop": "after"}, method="POST", path="/projects$")
    [outcome] = bench.service.push([write], known)
    assert outcome.result is Result.UNKNOWN
    [found] = bench.service.find(write, known)
    assert found.fields["name"] == "Lost"


NEED = FieldNeed("task", "Effort", "number")


def test_provision_makes_once_what_is_missing(bench: Bench) -> None:
    """A field is made in the workspace and set up on every project; a second time is quiet."""
    dry = bench.service.provision(bench.scope, [NEED], dry_run=True)
    assert len(dry) == 2
    assert not [f for f in bench.sandbox.store.all("custom_field") if f["name"] == "Effort"]
    made = bench.service.provision(bench.scope, [NEED], dry_run=False)
    assert [line.split(" on ")[0] for line in made] == [
        "custom field 'Effort' made and set up",
        "custom field 'Effort' set up",
    ]
    assert bench.service.provision(bench.scope, [NEED], dry_run=False) == []
    task = bench.make(name="T")
    id = bench.custom("Effort")
    assert bench.update(task, {id: "3.25"}).got == {id: "3.25"}


def test_provision_reaches_a_project_made_a_moment_ago(bench: Bench) -> None:
    """Fields that others have are set up on a new project by its id alone."""
    home = bench.catalogue().objects["project"].home
    project = str(bench.push(Op.CREATE, "project", container=home, fields={"name": "P"}).id)
    needs = [
        FieldNeed("task", "hours", "number", container=project),
        FieldNeed("task", "Stage", "enumeration", options=("A", "B"), container=project),
        FieldNeed("project", "Fee", "money", currency="EUR", container=project),
    ]
    lines = bench.service.provision(bench.scope, needs, dry_run=False)
    assert len(lines) == 3
    fields = {f.name: f for f in bench.catalogue().objects["task"].fields if f.custom}
    assert [o.name for o in fields["Stage"].options] == ["A", "B"]
    fee = next(f for f in bench.catalogue().objects["project"].fields if f.name == "Fee")
    assert (str(fee.type), fee.options[0].id) == ("money", "EUR")


def test_provision_does_not_bend_what_is_there(bench: Bench) -> None:
    """A field of that name and another kind is a matter for a person."""
    with pytest.raises(AskPerson, match="of the kind number, not text"):
        bench.service.provision(bench.scope, [FieldNeed("task", "Hours", "text")], dry_run=False)


def test_provision_says_what_a_plan_does_not_allow(bench: Bench) -> None:
    """Without a paid plan there are no custom fields: the vendor's words are passed on."""
    bench.running.fault({"status": 402}, method="POST", path="/custom_fields$")
    with pytest.raises(AskPerson, match="not allowed"):
        bench.service.provision(bench.scope, [NEED], dry_run=False)
