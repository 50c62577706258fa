"""``syncer check --live`` over stand-ins for HubSpot and Google Analytics, on real sockets."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from syncer.adapterkit.contract import Opening
from syncer.adapterkit.registry import adapter_spec, sandbox_class
from syncer.adapterkit.sandbox import Running, agency_world, serve
from syncer.cli import main
from syncer.engine.looking import look
from syncer.model.remote import RemotePerson
from syncer.settings import load
from syncer.shipped import shipped
from tests.cli.hamlet import Said

UNSEEN = "400000001"
BERLIN = " (the client's days are those of Europe/Berlin)"
GOOGLE = "mappings/google_analytics.yaml"


@dataclass
class Office:
    """Stand-ins that are being served, and the command line over a folder for them."""

    root: Path
    running: dict[str, Running]
    capture: pytest.CaptureFixture[str]
    scopes: dict[str, dict[str, Any]] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)

    def write(self) -> None:
        """The shipped rules and mappings, with these connections and two clients."""
        for folder in ("config", "mappings"):
            (self.root / folder).mkdir()
            for file in (shipped() / folder).glob("*.yaml"):
                (self.root / folder / file.name).write_bytes(file.read_bytes())
        secrets: list[str] = []
        connections = {name: self._connection(name, secrets) for name in self.running}
        clients = {
            key: {"name": key, "zone": zone, "scopes": self._scopes(key)}
            for key, zone in (("bakery", "Europe/London"), ("outdoor", "Europe/Berlin"))
        }
        sync = {"connections": connections, "clients": clients}
        (self.root / "config" / "sync.yaml").write_text(json.dumps(sync, indent=1))
        (self.root / "config" / "people.yaml").write_text(
            "maya: {name: M}\ntom: {name: T}\nanna: {name: A}\nben: {name: B}\n"
        )
        (self.root / ".env").write_text("\n".join(secrets) + "\n")

    def _connection(self, name: str, secrets: list[str]) -> dict[str, Any]:
        one = self.running[name]
        told: dict[str, Any] = {"adapter": one.sandbox.system}
        for key, value in (one.connection("syncer") | self.options.get(name, {})).items():
            variable = f"{name}_{key}".upper()
            hidden = key in one.sandbox.secrets
            secrets += [f"{variable}='{value}'"] if hidden else []
            told[key] = f"env:{variable}" if hidden else value
        return told

    def _scopes(self, client: str) -> dict[str, Any]:
        usual = {name: one.sandbox.scope_of(client) for name, one in self.running.items()}
        return usual | self.scopes.get(client, {})

    def __call__(self, *args: str) -> Said:
        """Run a command in this process."""
        if not (self.root / "config").exists():
            self.write()
        self.capture.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(["--config", str(self.root), *args])
        told = self.capture.readouterr()
        return Said(int(ended.value.code or 0), told.out, told.err)

    def asked(self) -> list[str]:
        """What the stand-ins were asked so far."""
        return [
            f"{one['method']} {one['path']}" for r in self.running.values() for one in r.requests
        ]


@pytest.fixture(scope="module")
def running() -> Iterator[dict[str, Running]]:
    """Both stand-ins, for all tests of this file."""
    boxes = {
        "hubspot": sandbox_class("hubspot")(),
        "analytics": sandbox_class("google_analytics")(),
    }
    for box in boxes.values():
        box.start_with(agency_world())
    served = {name: serve(box) for name, box in boxes.items()}
    yield served
    for one in served.values():
        one.close()


@pytest.fixture
def office(
    running: dict[str, Running], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Office:
    """A folder for them that is written when it is first needed."""
    return Office(tmp_path, running, capsys)


def looks(said: Said) -> dict[tuple[str, str, str], dict[str, Any]]:
    """What was looked at, by connection, client and thing."""
    found = json.loads(said.out)["live"]
    return {(one["connection"], one["client"], one["what"]): one for one in found}


def faults(said: Said) -> dict[tuple[str, str, str], str]:
    """What is wrong: whose, what and why."""
    return {place: one["cause"] for place, one in looks(said).items() if not one["ok"]}


def test_all_is_well(office: Office) -> None:
    """Accounts by name, the properties that can be seen, zones and currency, every report."""
    said = office("check", "--live")
    lines = [" ".join(line.split()) for line in said.out.splitlines()]

    assert (0, "") == (said.code, said.err)
    assert "the configuration is right: 2 clients, 2 connections" == lines[0]
    assert "connection client what found" == lines[1]
    for line in (
        "analytics account syncer@agency-reports.iam.example",
        "analytics bakery property 412345678 Honey & Rye Bakery, Europe/London, EUR",
        f"analytics outdoor property 423456789 Tarn Outdoor, Europe/London{BERLIN}, EUR",
        "analytics bakery measures can be asked for",
        "analytics bakery report channels can be asked for",
        "analytics bakery report landing pages of Website relaunch can be asked for",
    ):
        assert line in lines
    assert any(line.startswith("hubspot account ") for line in lines)
    for kind in ("tokens of the day", "tokens of the hour", "tokens of this project's hour"):
        told = [line for line in lines if line.startswith("analytics bakery quota ")]
        assert any(line.endswith(f" {kind} left") for line in told)


def test_nothing_is_written(office: Office) -> None:
    """Systems are only read, no state is made, and without --live nobody is asked at all."""
    before = len(office.asked())
    office("check")
    assert before == len(office.asked())

    office("check", "--live")

    asked = office.asked()[before:]
    written = [one for one in asked if not one.startswith("GET ")]
    harmless = (
        "POST /token",
        ":checkCompatibility",
        ":runReport",
        "POST /oauth/v2/private-apps/get/access-token",
    )
    assert asked
    assert [] == [one for one in written if not any(word in one for word in harmless)]
    assert not (office.root / "data").exists()


def test_programs_get_the_same(office: Office) -> None:
    """Each look with what was found and whether it is right."""
    said = office("check", "--live", "--json")

    assert 0 == json.loads(said.out)["exit_code"]
    assert {} == faults(said)
    assert {
        "connection": "analytics",
        "client": "bakery",
        "what": "property 412345678",
        "told": "Honey & Rye Bakery, Europe/London, EUR",
        "cause": "",
        "fix": "",
        "note": False,
        "ok": True,
    } == looks(said)["analytics", "bakery", "property 412345678"]
    assert "live" not in json.loads(office("check", "--json").out)


def test_a_property_of_somebody_else(office: Office) -> None:
    """It is said who cannot see which one, and what to do; the other client is looked at."""
    office.scopes = {"bakery": {"analytics": {"property": UNSEEN}}}
    said = office("check", "--live")
    account = "syncer@agency-reports.iam.example"

    assert 2 == said.code
    head, fix = said.out.splitlines()[-2:]
    assert f"analytics: bakery: property {UNSEEN}: {account} does not see it" == head
    assert f"  let {account} see it in google_analytics, or correct the property in" in fix
    assert "bakery's scope in analytics (config/sync.yaml:" in fix
    assert "wrong: see below" in said.out
    assert ("analytics", "outdoor", "measures") in looks(office("check", "--live", "--json"))


def test_a_report_that_the_vendor_would_refuse(office: Office) -> None:
    """A metric that there is not is named, with the line of the report; the rest is right."""
    office.write()
    file = office.root / GOOGLE
    text = file.read_text("utf-8").replace("[sessions, keyEvents, totalRevenue]", "[sesions]")
    file.write_text(text, "utf-8")
    said = office("check", "--live", "--json")
    line = 1 + text[: text.index("      channels:")].count("\n")

    found = faults(said)
    assert 2 == said.code
    assert {("analytics", key, "report channels") for key in ("bakery", "outdoor")} <= found.keys()
    assert all("sesions" in cause for cause in found.values())
    broken = looks(said)["analytics", "bakery", "report channels"]
    assert f"correct it at {GOOGLE}:{line}" == broken["fix"]


def test_a_refused_credential_hides_nothing_else(office: Office) -> None:
    """The account of one tool is wrong: which secret, and where it is named; others are looked at."""
    office.options = {"hubspot": {"token": "pat-eu1-of-nobody"}}
    said = office("check", "--live", "--json")

    assert 2 == said.code
    assert [("hubspot", "", "account")] == list(faults(said))
    fix = looks(said)["hubspot", "", "account"]["fix"]
    assert fix.startswith("correct its credential (token at config/sync.yaml:")
    assert "pat-eu1-of-nobody" not in said.out + said.err
    assert ("analytics", "bakery", "measures") in looks(said)


def test_an_api_that_is_switched_off(office: Office) -> None:
    """The vendor's refusal comes with what to switch on, and where."""
    services = f"{office.running['analytics'].url}/_sandbox/services"
    httpx.post(services, json={"admin": False}, trust_env=False).raise_for_status()
    try:
        said = office("check", "--live", "--json")
    finally:
        httpx.post(services, json={}, trust_env=False).raise_for_status()

    found = looks(said)["analytics", "", "properties"]
    assert 2 == said.code
    assert "is off" in found["cause"]
    assert found["fix"].startswith("switch it on under APIs & Services")


class Broken:
    """A source whose author made a mistake: it raises what it may not."""

    def __init__(self, opening: Opening) -> None:
        self.closed = False

    def whoami(self) -> RemotePerson:
        """It fails otherwise than by the errors of the contract."""
        raise ZeroDivisionError("by nothing")

    def close(self) -> None:
        """Release nothing."""
        self.closed = True


def test_a_fault_of_an_adapter_stops_no_other(office: Office) -> None:
    """It is told as what it is, and the other connection is looked at."""
    office.write()
    real = adapter_spec("google_analytics")
    spec = replace(real, open=Broken)
    broken = {"google_analytics": spec, "hubspot": adapter_spec("hubspot")}
    found = list(look(load(office.root, {}), broken.__getitem__))

    (wrong,) = (one for one in found if one.wrong)
    assert ("analytics", "account") == (wrong.connection, wrong.what)
    assert "a fault in the adapter (whoami): ZeroDivisionError: by nothing" == wrong.cause
    assert "report it to whoever wrote the adapter google_analytics" == wrong.fix
    assert ("hubspot", "bakery") in {(one.connection, one.client) for one in found}


def test_a_wrong_configuration_is_not_asked_about(office: Office) -> None:
    """Its problems are told as ever; nobody is asked with half of it."""
    office.write()
    (office.root / "config" / "people.yaml").write_text("maya: {nam: M}\n")
    before = len(office.asked())
    said = office("check", "--live")

    assert 2 == said.code
    assert "connection" not in said.out.splitlines()[-1]
    assert before == len(office.asked())
