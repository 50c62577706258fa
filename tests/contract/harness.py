"""What the contract suite needs to know about an adapter under test.

Each adapter folder has ``tests/contract/harness_<name>.py`` with a function
``harness(tmp_path) -> ContextManager[Harness]``. A folder without one fails the suite.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from syncer.adapterkit.contract import Adapter, Scope
from syncer.adapterkit.sandbox import Running
from syncer.model.comments import Thread
from syncer.model.remote import Raw


@dataclass(frozen=True)
class Names:
    """Field ids of the item object, as in ``FieldInfo.id``; ``None`` where there is no such field.

    ``single_option`` is an enumeration that is not bound to a container and not the status;
    ``no_history`` is a writable text field whose author the vendor cannot tell (``Author.NO``).
    """

    title: str
    text: str | None = None
    date: str | None = None
    status: str | None = None
    people: str | None = None
    labels: str | None = None
    number: str | None = None
    single_option: str | None = None
    no_history: str | None = None


@dataclass(frozen=True)
class Talk:
    """How people and the vendor see comments in the harness's world.

    What ``shown``, ``notified`` and ``assigned`` tell is read from the vendor's side of the
    sandbox, never through the adapter. A *user* is a name of the world (``maya``).

    Args:
        thread: an item that takes comments, in the harness's container.
        place: that container as a thread, for ``audience``; ``None`` where there is none.
        say: (user, thread, plain text) writes a comment as that person would in the vendor's
            UI, with user ``syncer`` as somebody there on the service's own account; its id.
        shown: the vendor's own markup of each comment, oldest first, as it is stored there.
        notified: the users whom the vendor notifies because of what stands there, by the
            vendor's rules as the sandbox plays them, each once.
        links: the addresses that somebody can click on in what stands there, by the vendor's
            rules as the sandbox plays them: also what the vendor makes a link of by itself.
        assigned: the users to whom open to-dos under the thread are assigned.
        invite_guest: puts somebody from outside the agency into the place; the id they have
            as a :class:`RemotePerson`. ``None`` where the vendor has no guests.
        make_public: lets anybody read the place; ``None`` where the vendor cannot.
    """

    thread: Thread
    place: Thread | None
    say: Callable[[str, Thread, str], str]
    shown: Callable[[Thread], list[str]]
    notified: Callable[[Thread], list[str]]
    links: Callable[[Thread], list[str]]
    assigned: Callable[[Thread], list[str]] = lambda _: []
    invite_guest: Callable[[], str] | None = None
    make_public: Callable[[], None] | None = None


@dataclass(frozen=True)
class Harness:
    """An adapter on a world of its own with one client.

    The scope holds at least one container (where the object has containers) with three items or
    more, at least one of them with a text, a date and a person. ``maya`` and ``syncer`` may both
    read and write in it, and ``maya`` can be assigned.

    Args:
        name: the adapter.
        adapter: opened with the service's own credentials (``syncer``).
        as_user: the same adapter opened with that user's credentials; closed by the harness.
        person: the id that user has in people fields and changes (``RemotePerson.id``).
        scope: the client's place.
        item_object: the object items are, with ``item`` naming its fields.
        container_object: the object whose records are the containers, if there is one.
        container: id of a container in the scope for new items; ``None`` where items have none.
        first, second: two raw values for each field of ``item`` that is set, both other than
            what a new item has: ``{field id: (first, second)}``. Text must survive unchanged.
        archive: ``Write.archive`` for an item; ``None`` is the vendor's own way (closed).
        archivable, creatable: whether items can be archived, and made, through the adapter.
        delete: hard-deletes an item as a person (maya) would in the vendor's UI; ``None`` if
            there is no such thing.
        running: the sandbox as it is served; ``None`` for what has no wire.
        secrets: the secret values that the service's own connection was opened with.
        revoke: makes the service's credentials bad; ``None``: the sandbox's own way is used.
        count: how many requests there have been so far; ``None``: the sandbox's log is counted.
        idle_requests: the most requests an idle poll of the whole scope may cost.
        idle_unwanted: regular expressions over ``"METHOD path"`` that an idle poll must not send.
        read_only: opens the adapter so that it refuses writes; ``None`` if it has no such option.
        settle: waits, or moves the sandbox's clock, until feeds and searches have caught up.
        poll_fault: match for a fault on a page of the listing, such as ``{"path": "/cards"}``.
        write_fault: match for a fault on the request that creates an item.
        anonymous: the service's own changes name nobody, only an automation, and its account is
            not among the people.
        talk: how comments are seen there; ``None`` if the adapter writes none.
        idle_threads_requests: the most requests an idle poll may cost that asks after comments
            under one thread as well; ``None``: not one more than without.
        comment_fault: match for a fault on the request that writes a new comment.
        comments_fault: match for a fault on the request that reads the comments of a thread.
        lose: (call, moment) loses the answer to the next such call of the adapter, ``before`` or
            ``after`` it took effect; ``None``: the faults of the sandbox are used.
        audience_fault: match for a fault on the request that tells who can read a place.
        own_audience: requests that each further item of a place costs, because an item can be
            shared with somebody who does not see the place.
    """

    name: str
    adapter: Adapter
    as_user: Callable[[str], Adapter]
    person: Callable[[str], str]
    scope: Scope
    item_object: str
    item: Names
    first: Mapping[str, Raw]
    second: Mapping[str, Raw]
    container_object: str | None = None
    container: str | None = None
    archive: Mapping[str, str] | None = None
    archivable: bool = True
    creatable: bool = True
    delete: Callable[[str], None] | None = None
    running: Running | None = None
    secrets: Sequence[str] = ()
    revoke: Callable[[], None] | None = None
    count: Callable[[], int] | None = None
    idle_requests: int = 0
    idle_unwanted: Sequence[str] = ()
    read_only: Callable[[], Adapter] | None = None
    settle: Callable[[], None] = lambda: None
    poll_fault: Mapping[str, Any] = field(default_factory=dict)
    write_fault: Mapping[str, Any] = field(default_factory=dict)
    anonymous: bool = False
    talk: Talk | None = None
    idle_threads_requests: int | None = None
    comment_fault: Mapping[str, Any] = field(default_factory=dict)
    comments_fault: Mapping[str, Any] = field(default_factory=dict)
    audience_fault: Mapping[str, Any] = field(default_factory=dict)
    own_audience: int = 0
    lose: Callable[[str, str], None] | None = None

    def requests(self) -> int:
        """How many requests there have been so far."""
        if self.count is not None:
            return self.count()
        return len(self.running.requests) if self.running else 0
