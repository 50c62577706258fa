"""What the commands say is so: while an edit is held, and for a client that is only observed."""

import pytest

from tests.cli.hamlet import OWNERSHIP, SYNC, Hamlet


def with_sync(hamlet: Hamlet, old: str, new: str) -> None:
    """Change a line of sync.yaml."""
    text = SYNC.format(name=hamlet.root, more="")
    assert old in text
    hamlet.write("", sync=text.replace(old, new))


@pytest.mark.parametrize(
    ("field", "shown"),
    [
        ("task.deadline", "what the proposer wrote (`heads_up: keep` in sync.yaml)"),
        ("task.status", ""),
    ],
)
def test_a_rule_tells_what_the_tool_shows_meanwhile(hamlet: Hamlet, field: str, shown: str) -> None:
    """With `heads_up: keep` nothing is put back; where nothing is proposed nothing waits."""
    with_sync(hamlet, "heads_up: cli-only", "heads_up: keep")

    said = hamlet("explain", field)

    assert shown in said.out
    assert bool(shown) == ("while a proposal waits" in said.out)


def test_a_client_that_is_observed_says_so(hamlet: Hamlet) -> None:
    """The line of a run says that nothing was written, and what would have been."""
    with_sync(hamlet, "    zone:", "    mode: observe\n    zone:")

    said = hamlet("run")

    assert "only observed, 3 new records, would be two: 3 new" in said.out
    assert not hamlet.worlds["two"].things


@pytest.mark.parametrize(
    ("heads_up", "became", "shown"),
    [
        ("keep", "does not count, and is left there; 2026-11-30 stands", "2026-12-24"),
        ("cli-only", "put back", "2026-11-30"),
    ],
)
def test_a_reverted_edit_is_put_back_only_where_it_is(
    hamlet: Hamlet, heads_up: str, became: str, shown: str
) -> None:
    """What a run says of an overruled edit is what the tool shows afterwards."""
    mine = OWNERSHIP.replace(
        "deadline: {owner: producer, others: propose}",
        "deadline: {owner: producer, others: revert}",
    )
    sync = SYNC.format(name=hamlet.root, more="").replace("cli-only", heads_up)
    hamlet.write("", ownership=mine, sync=sync)
    hamlet("run")
    hamlet.edit("two", "Build", "anna", due="2026-12-24")

    said = hamlet("run")

    assert f'deadline of task "Build" in two to 2026-12-24: {became}  config/' in said.out
    assert shown == hamlet.find("two", "Build").fields["due"]
