"""What joins later fills what is empty, overrides nothing, and nothing of it is forgotten."""

from pathlib import Path

from msgspec.structs import replace

from tests.engine.town import Town, mapping


def unmapped(name: str) -> dict[str, object]:
    """The mapping of a project without one field."""
    project = mapping().entities["project"]
    fields = {key: value for key, value in project.fields.items() if key != name}
    return {"project": replace(project, fields=fields)}


def met(town: Town, **texts: str | None) -> None:
    """A project in each system, with the strategy it has there; in step but for that field."""
    for name, text in texts.items():
        town.worlds[name].create("anna", "project", {"name": "Relaunch", "strategy": text})
    town.mappings = {name: mapping(**unmapped("strategy")) for name in texts if name != "one"}
    town.later(minutes=5)
    town.run()
    town.mappings = {}
    town.later(hours=3)


def test_what_joins_overrides_nothing_and_is_in_the_journal(tmp_path: Path) -> None:
    """A field mapped later shows what is agreed; what stood there can be looked up."""
    town = Town(tmp_path)
    met(town, one="Be bold", two="Be quiet")

    town.run(full=True)

    assert {"one": "Be bold", "two": "Be bold"} == town.shown("Relaunch", "strategy")
    lost = [e for e in town.store.journal("acme") if e.kind == "first_contact" and e.field]
    assert [("two", "Be quiet", "overruled")] == [(e.connection, e.new, e.outcome) for e in lost]


def test_what_joins_fills_what_was_empty(tmp_path: Path) -> None:
    """A value where nothing was agreed is agreed, everywhere."""
    town = Town(tmp_path)
    met(town, one=None, two="Be quiet")

    town.run(full=True)

    assert {"one": "Be quiet", "two": "Be quiet"} == town.shown("Relaunch", "strategy")


def test_two_that_join_with_different_values_are_held(tmp_path: Path) -> None:
    """No rule says which of them is right, so neither is erased."""
    town = Town(tmp_path, systems=("one", "three", "four"))
    met(town, one=None, three="Be quiet", four="Be loud")

    town.run(full=True)
    town.run(full=True)

    assert {"one": None, "three": "Be quiet", "four": "Be loud"} == town.shown(
        "Relaunch", "strategy"
    )
    assert {"contact"} == {hold.kind for hold in town.store.holds("acme")}
