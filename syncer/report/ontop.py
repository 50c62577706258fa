"""What stands on top of a story: the answer in a sentence, then what is not settled."""

from collections.abc import Sequence

from syncer.model.entities import EXISTENCE
from syncer.model.records import Hold, Proposal
from syncer.report.document import short
from syncer.report.saying import Sayer, plain
from syncer.report.sentence import Subject, asks, was, why
from syncer.report.storyparts import Story


def on_top(story: Story, sayer: Sayer) -> tuple[str, list[str]]:
    """The answer in a sentence, then what is open."""
    proposals = [one.proposal for one in story.proposals]
    if story.moment is not None:
        return _then(story, sayer, proposals)
    also = [
        asks(sayer, story.spec, one.proposal, one.deciders)
        for one in story.proposals
        if one.proposal.closed_at is None
    ]
    also += [f"Held for a person: {_place(sayer, hold)}{hold.reason}." for hold in story.holds]
    name = story.field or _last(story)
    if name is None or name not in story.record.agreed:
        about = f"about the {plain(name)} of" if name else "about"
        return f'Nothing is agreed {about} "{short(story.title, 60)}" yet.', also
    subject = Subject(sayer, story.spec, story.title, name)
    said = why(subject, story.record.agreed[name], proposals, story.history)
    return (said if story.field else f"Changed last: {said}"), also


def _then(story: Story, sayer: Sayer, proposals: Sequence[Proposal]) -> tuple[str, list[str]]:
    assert story.moment is not None
    names = [story.field] if story.field else sorted(story.then)
    said = [
        was(Subject(sayer, story.spec, story.title, name), story.then[name], story.moment,
            proposals, story.history)
        for name in names
        if story.field or (story.then[name].agreed is None and story.then[name].first)
    ]  # fmt: skip
    also = [asks(sayer, story.spec, one, ()) for one in story.open_then]
    if story.field:
        return said[0], also
    known = sum(1 for then in story.then.values() if then.agreed is not None)
    at, title = sayer.moment(story.moment), f'"{short(story.title, 60)}"'
    if not known and all(then.unmet for then in story.then.values()):
        return f"On {at} nothing was known of {title} yet: it was first seen later.", also
    return f"This was agreed about {title} on {at}.", [*said, *also]


def _place(sayer: Sayer, hold: Hold) -> str:
    parts = [sayer.system(hold.connection), plain(hold.field)]
    told = " ".join(part for part in parts if part)
    return f"{told}: " if told else ""


def _last(story: Story) -> str | None:
    """The field whose value was agreed last; of several at once the first that has an owner."""
    known = {n: a.at for n, a in story.record.agreed.items() if a.at is not None}
    order = [name for name in story.spec.fields if name in known and name != EXISTENCE]
    return max(order, key=known.__getitem__, default=None)
