"""Each twin names the addresses of all of them, in every tool whose mapping has a place for it."""

import json
from collections.abc import Iterator

import pytest

from syncer.settings import load
from syncer.shipped import shipped
from tests.system.feeds import CLIENT, Feeds, small_world

LINE = "        # siblings: "


def switched_on(system: str) -> str:
    """The shipped mapping with its line about siblings made one."""
    text = (shipped() / "mappings" / f"{system}.yaml").read_text(encoding="utf-8")
    assert text.count(LINE) == 1
    return text.replace(LINE, "        siblings: ")


@pytest.fixture(scope="module")
def feeds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Feeds]:
    """A small agency in step, whose mappings have a place for addresses, which was made."""
    systems = ("trello", "asana")
    mappings = {name: switched_on(name) for name in systems}
    folder = tmp_path_factory.mktemp("siblings")
    with Feeds(folder, systems=systems, world=small_world(3), mappings=mappings) as feeds:
        with feeds.service() as service:
            assert "Links" in "\n".join(service.provision(CLIENT, dry_run=False))
        feeds.cycle()
        feeds.settle()
        yield feeds


def shown(feeds: Feeds, title: str) -> dict[str, object]:
    """What each tool shows in that field of a task's twin."""
    found: dict[str, object] = {}
    for system, link in feeds.record(CLIENT, title)[1].items():
        info = feeds.catalogue(system, CLIENT, link.object).objects[link.object]
        (id,) = [
            f.id for f in info.fields if f.name == "Links" and f.container in (None, link.container)
        ]
        found[system] = feeds.raw(system, CLIENT, link).fields[id]
    return found


def addresses(feeds: Feeds, title: str) -> str:
    """What it is to be."""
    links = feeds.record(CLIENT, title)[1]
    return " | ".join(f"{name}: {links[name].url}" for name in sorted(links))


def test_twins_name_each_other(feeds: Feeds) -> None:
    """Those that met and those that were made; a new one at once, with one update for both."""
    assert set(shown(feeds, "Task 00").values()) == {addresses(feeds, "Task 00")}
    project = feeds.id("asana", "Website relaunch", "project")
    body = {"name": "A new one", "projects": [project]}
    feeds.call("asana", "maya", "POST", "/tasks", body)
    feeds.cycle()
    report = feeds.cycle()
    assert report.plan is not None
    assert [len(action.writes) for action in report.plan.actions] == [1, 1]
    assert set(shown(feeds, "A new one").values()) == {addresses(feeds, "A new one")}
    feeds.settle()


def test_who_edits_it_has_it_put_back(feeds: Feeds) -> None:
    """It is the service's own: nobody's word counts there, and the journal says whose it was."""
    feeds.edit("asana", "maya", CLIENT, "Task 01", Links="Mine")
    feeds.cycle()
    assert set(shown(feeds, "Task 01").values()) == {addresses(feeds, "Task 01")}
    assert feeds.told("Task 01", "siblings")[-1] == ("maya", "reverted")
    feeds.settle()


def test_a_client_can_be_without(feeds: Feeds) -> None:
    """With `siblings: false` a new twin gets no addresses, and what stands there is left."""
    sync = feeds.folder / "config" / "sync.yaml"
    said = json.loads(sync.read_text(encoding="utf-8"))
    said["clients"][CLIENT]["siblings"] = False
    before = feeds.config
    sync.write_text(json.dumps(said), encoding="utf-8")
    try:
        feeds.config = load(feeds.folder, feeds.secrets)
        project = feeds.id("asana", "Website relaunch", "project")
        feeds.call("asana", "maya", "POST", "/tasks", {"name": "Bare", "projects": [project]})
        feeds.cycle()
        feeds.settle()
        assert set(shown(feeds, "Bare").values()) == {None}
        assert set(shown(feeds, "Task 00").values()) == {addresses(feeds, "Task 00")}
    finally:
        feeds.config = before
