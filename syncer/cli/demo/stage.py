"""Where the demo plays: sandboxes, a configuration for them, a state, people, and syncer."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import TYPE_CHECKING

from msgspec import Struct

from syncer.cli.demo.people import Person
from syncer.cli.setup import Setup
from syncer.cli.work import namer

if TYPE_CHECKING:
    from syncer.cli.output import Output
    from syncer.cli.stand import Stand
    from syncer.model.configuration import Configuration
    from syncer.model.records import Proposal
    from syncer.model.report import CycleReport
    from syncer.report.plan import Names
    from syncer.state import Store


class Stage(Struct, frozen=True):
    """Everything that plays along.

    Args:
        closing: what is closed when the curtain falls.
    """

    root: Path
    stand: "Stand"
    config: "Configuration"
    store: "Store"
    closing: ExitStack
    output: "Output"

    def person(self, name: str, client: str) -> Person:
        """Somebody at work for a client."""
        person = Person(self.stand, name, client)
        self.closing.callback(person.close)
        return person

    def run(self) -> "list[CycleReport]":
        """One run over all clients, opened as a new process would."""
        from syncer.engine.service import Service

        with (
            self.output.progress() as told,
            Service(self.config, self.store, progress=told) as service,
        ):
            return list(service.run())

    def plan(self) -> "list[CycleReport]":
        """What a run would do now."""
        from syncer.engine.service import Service

        with Service(self.config, self.store) as service:
            return list(service.plan())

    def page(self, client: str) -> tuple[str, Path]:
        """The page about a client that may be sent to it, and the file that holds it."""
        from syncer.engine.clientreport.gather import gathered
        from syncer.engine.clientreport.pages import client_page
        from syncer.engine.clientreport.wanted import Wanted
        from syncer.report.page.render import client_html

        wanted = Wanted(self.config.clients[client], datetime.now(UTC))
        found = gathered(self.config, self.store, wanted, self.config.for_client)
        page = client_html(client_page(found))
        file = Path(gettempdir()) / f"syncer-demo-{client}.html"
        file.write_text(page, "utf-8")
        return page, file

    def names(self, reports: "list[CycleReport]") -> "Names":
        """What people call records."""
        return namer(self.config, self.store, reports)

    def proposals(self, field: str) -> "list[Proposal]":
        """The open proposals about a field."""
        return [p for p in self.store.proposals() if p.field == field]

    def proposal(self, id: str) -> "Proposal | None":
        """A proposal, open or ended."""
        return self.store.proposal(id)


@contextmanager
def staged(setup: Setup, keep: Path | None, output: "Output", *, put_back: bool) -> Iterator[Stage]:
    """Build the stage, and take it down again; ``keep`` is where configuration and state stay."""
    from syncer.adapterkit.sandbox import agency_world
    from syncer.cli.configure import write
    from syncer.cli.stand import SYSTEMS, serving
    from syncer.state import Store

    with ExitStack() as stack:
        root = keep or Path(stack.enter_context(TemporaryDirectory(prefix="syncer-demo-")))
        stand = stack.enter_context(serving(SYSTEMS, agency_world()))
        write(root, stand, heads_up="in-tools" if put_back else "keep")
        setup.config, setup.env_file, setup.environ = root, None, {}
        config = setup.configuration()
        store = stack.enter_context(Store.open(config.state, config.schema))
        yield Stage(root, stand, config, store, stack, output)
