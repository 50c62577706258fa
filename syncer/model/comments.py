"""What is said in a tool: comments of people and of the service, and who can read them.

A message is neutral: an adapter turns it into its tool's markup, escapes what is plain text,
and sees to it that nothing in a :class:`Quoted` part notifies anybody, links or formats there.
"""

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct, field

from syncer.model.remote import RemotePerson, Result


class Thread(Struct, frozen=True):
    """A vendor thing under which comments stand. ``container`` is the board or project it is in."""

    object: str
    id: str
    container: str | None = None

    @property
    def key(self) -> tuple[str, str]:
        """(object, id): unique within one connection."""
        return (self.object, self.id)


class Words(Struct, frozen=True):
    """The service's own words; plain text, escaped by the adapter."""

    text: str
    strong: bool = False


class Quoted(Struct, frozen=True):
    """What somebody typed, word for word: text of any kind, which may not do anything here."""

    text: str


class Mention(Struct, frozen=True):
    """A user who is notified; ``id`` as in :class:`RemotePerson`, ``name`` as people call them."""

    id: str
    name: str


class Anchor(Struct, frozen=True):
    """A link to a twin of ours; ``url`` begins with https:// or http://."""

    text: str
    url: str


Part = Words | Quoted | Mention | Anchor


class Paragraph(Struct, frozen=True):
    """One line of a message; an ``item`` is one of a list."""

    parts: tuple[Part, ...]
    item: bool = False

    @property
    def plain(self) -> str:
        """The line as it reads, without markup."""
        return "".join(f"@{p.name}" if isinstance(p, Mention) else p.text for p in self.parts)


class Message(Struct, frozen=True):
    """What a comment says, line by line."""

    paragraphs: tuple[Paragraph, ...]

    @property
    def plain(self) -> str:
        """The message as it reads, without markup."""
        return "\n".join(f"- {p.plain}" if p.item else p.plain for p in self.paragraphs)

    def mentions(self) -> Iterator[Mention]:
        """Everybody who is notified."""
        for paragraph in self.paragraphs:
            yield from (part for part in paragraph.parts if isinstance(part, Mention))


class ToDo(Struct, frozen=True):
    """A task that is assigned to somebody, where a comment alone reaches nobody.

    ``assignee`` is a :class:`RemotePerson` id. A task that is ``done`` is ticked off.
    """

    assignee: str
    subject: str
    due: datetime | None = None
    done: bool = False


class Post(Struct, frozen=True):
    """One comment to write, or one of ours to write anew.

    Args:
        ref: identifies the post for ever: short, of letters and digits. The adapter writes it
            readably at the end, and finds the comment by it. A rewrite keeps the ref.
        comment: the id of our own comment whose text is replaced; None for a new one.
        to_do: asks for an assigned task under the thread instead of a comment.
        since: when the post was first meant to be sent, by the vendor's clock.
    """

    ref: str
    thread: Thread
    message: Message
    comment: str | None = None
    to_do: ToDo | None = None
    since: datetime | None = None


class Posted(Struct, frozen=True):
    """What became of a post. ``at`` is when the comment stands there, by the vendor's clock."""

    ref: str
    result: Result
    comment: str | None = None
    at: datetime | None = None
    reason: str = ""


class Comment(Struct, frozen=True):
    """A comment as it stands under a thread.

    ``text`` is what people read, without markup and without our mark; ``ref`` is the mark of one
    of ours. ``by`` is a :class:`RemotePerson` id; ``automation`` names a robot or app instead.
    ``edited_at`` is when its text was changed last, if it was and the vendor says so.
    """

    thread: Thread
    id: str
    text: str
    at: datetime
    by: str | None = None
    automation: str | None = None
    ref: str | None = None
    edited_at: datetime | None = None


class Audience(Struct, frozen=True):
    """Who else can read what is written there, beside the agency's own members.

    Args:
        public: anybody, or everybody of a larger organisation.
        guests: users who are in this place and not of the agency's workspace.
        unknown: why it could not be found out; it then counts as open to all.
    """

    public: bool = False
    guests: tuple[RemotePerson, ...] = field(default=())
    unknown: str = ""
