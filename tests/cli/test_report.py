"""``syncer report``: the page on the disk, and what is said of it."""

import json
import re
from pathlib import Path

import pytest

from tests.cli.hamlet import Hamlet

REPORT = "report:\n  for_client: [deadline]\n"


@pytest.fixture
def there(hamlet: Hamlet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to write into, for a client whose project is in step."""
    assert 0 == hamlet("run").code
    folder = tmp_path / "pages"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def test_a_page_is_written_under_its_own_name(hamlet: Hamlet, there: Path) -> None:
    """The agency's is called after it, so that the wrong one is not sent by mistake."""
    agency, client = hamlet("report", "acme"), hamlet("report", "acme", "--for", "client")
    names = sorted(file.name for file in there.iterdir())

    assert (0, 0) == (agency.code, client.code)
    assert 2 == len(names)
    assert re.fullmatch(r"acme-\d{4}-\d\d-\d\d-agency\.html", names[0])
    assert re.fullmatch(r"acme-\d{4}-\d\d-\d\d\.html", names[1])
    assert agency.out.startswith(f"{names[0]}: Acme, 1 project, 0 goals\n")
    assert "there are no figures of this client yet; the page says so" in agency.out
    assert "for the client: --for client" in agency.out
    assert "There are no figures" in (there / names[1]).read_text("utf-8")


def test_a_newer_page_takes_the_place_of_an_older_one(hamlet: Hamlet, there: Path) -> None:
    """And of nothing else: not of another file, another client's page, nor of the other readers'."""
    page, notes = there / "page.html", there / "notes.txt"
    notes.write_text("mine", "utf-8")
    assert 0 == hamlet("report", "acme", "--out", str(page)).code
    assert 0 == hamlet("report", "acme", "--out", str(page)).code

    other = hamlet("report", "acme", "--for", "client", "--out", str(page))
    text = hamlet("report", "acme", "--out", str(notes))
    page.write_text(page.read_text("utf-8").replace('content="acme"', 'content="zeta"'), "utf-8")
    stranger = hamlet("report", "acme", "--out", str(page))

    for said in (other, text, stranger):
        assert 2 == said.code
        assert "is there already, and is no such page of acme" in said.err
        assert "Name another file with --out, or remove it." in said.err
    assert "mine" == notes.read_text("utf-8")
    assert {page, notes} == set(there.iterdir())


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("amce",), 'there is no client "amce"; did you mean "acme"?'),
        (("zzz",), 'there is no client "zzz"; there are: acme'),
        (("acme", "--project", "Relanch"), 'no project "Relanch"; did you mean "Relaunch"?'),
        (("acme", "--project", "Q"), 'no project "Q"; there are: Relaunch'),
        (("acme", "--since", "2026-02-02", "--until", "2026-02-01"), "write the earlier day first"),
        (("acme", "--since", "2999-01-01"), "the days are the wrong way round"),
        (("acme", "--since", "1.2.2026"), "write a day like 2026-09-01"),
        (("acme", "--until", "2026-02-30"), "write a day like 2026-09-01"),
        (("acme", "--out", "nowhere/page.html"), "there is no folder nowhere"),
        (("acme", "--out", "."), "cannot be replaced"),
        (("acme", "--for", "everybody"), "everybody"),
    ],
)
def test_what_cannot_be_told_is_said_clearly(
    hamlet: Hamlet, there: Path, args: tuple[str, ...], message: str
) -> None:
    """One message with the way out, exit code 2, and nothing is written."""
    said = hamlet("report", *args)

    assert 2 == said.code
    assert message in said.err
    assert [] == list(there.iterdir())


def test_the_content_as_data(hamlet: Hamlet, there: Path) -> None:
    """The same as on the page, and for a client no more; a file only where one is named."""
    agency = json.loads(hamlet("report", "acme", "--json").out)
    client = json.loads(hamlet("report", "acme", "--for", "client", "--json").out)

    assert [] == list(there.iterdir())
    assert "agency" == agency["for"]
    assert ["2026-12-01"] == [move["after"] for move in agency["inside"][0]["moves"]]
    assert "inside" not in client
    assert 2 == client["sections"][0]["tasks"]["total"]
    assert "2026-12-01" == client["sections"][0]["deadline"]["launch"]
    assert client["file"] is None

    told = json.loads(hamlet("report", "acme", "--json", "--out", "page.html").out)
    assert "page.html" == told["file"]
    assert (there / "page.html").is_file()


def test_sync_yaml_says_what_a_client_gets(hamlet: Hamlet, there: Path) -> None:
    """`for_client` holds for the client's page and not for the agency's."""
    hamlet.write(more=REPORT)
    client = json.loads(hamlet("report", "acme", "--for", "client", "--json").out)
    agency = json.loads(hamlet("report", "acme", "--json").out)

    assert ["deadline"] == client["parts"]
    assert client["sections"][0]["tasks"] is None
    assert agency["page"]["sections"][0]["tasks"]["total"] == 2


def test_a_secret_in_a_title_stays_one(
    hamlet: Hamlet, there: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What looks like a signed address is told without what signs it, on the page and as data."""
    hamlet.edit("one", "Relaunch", "tom", name="See https://files.example/a.pdf?sig=0123456789abcd")
    assert 0 == hamlet("run").code
    assert 0 == hamlet("report", "acme", "--for", "client", "--out", "page.html").code
    seen = (there / "page.html").read_text("utf-8") + hamlet("report", "acme", "--json").out

    assert "https://files.example/a.pdf?[query]" in seen
    assert "0123456789abcd" not in seen


def test_before_the_first_run_there_is_nothing_to_tell(hamlet: Hamlet, tmp_path: Path) -> None:
    """It says what to do, and makes no state by looking."""
    said = hamlet("report", "acme", "--out", str(tmp_path / "page.html"))

    assert 2 == said.code
    assert "Run `syncer run` first." in said.err
    assert not (tmp_path / "data" / "syncer.db").exists()


def test_nothing_heavy_is_loaded_before_it_is_needed(hamlet: Hamlet, there: Path) -> None:
    """Other commands start without the library that draws."""
    import subprocess
    import sys

    code = "import sys; from syncer.cli import app; sys.exit('matplotlib' in sys.modules or 'jinja2' in sys.modules)"
    assert 0 == subprocess.run([sys.executable, "-c", code]).returncode
