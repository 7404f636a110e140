"""The doctor over a scripted machine: each check green and red, each remedy, time limits, permissions, the report."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from ipnft_desktop.domain.chain import NodeStatus
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, UserError
from ipnft_desktop.domain.phrases import phrase
from ipnft_desktop.services.backup_keeper import BackupFile, BackupReason, KeptBecause
from ipnft_desktop.services.doctor.aside import aside
from ipnft_desktop.services.doctor.doctor import Doctor
from ipnft_desktop.services.doctor.findings import Check, CheckKey, Examined, Finding, Level, Remedy
from ipnft_desktop.services.doctor.ports import Leftover, LockState, MemoryFacts, PortUse, RegisterFacts
from ipnft_desktop.services.doctor.report import report, summary
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.session import Session
from tests.support.scripted_machine import GB, GOOD_VERSIONS, MB, NOON, ORPHAN, SIZES, STRANGER, ScriptedMachine

BACKUP = BackupFile("b.db", 300 * MB, NOON - timedelta(hours=3), "0004", BackupReason.AUTOMATIC, KeptBecause.RECENT)
OLD = replace(BACKUP, name="o.db", at=NOON - timedelta(days=9), kept_because=None)
OUR_NODE = NodeStatus("http://127.0.0.1:18545", 41822, 20, 188 * MB, "3.18.0")


@pytest.fixture
def machine() -> ScriptedMachine:
    return ScriptedMachine(backups=[BACKUP])


async def found(machine: ScriptedMachine, key: CheckKey, rpc_url: str = "") -> Finding:
    (examined,) = await machine.doctor(rpc_url).examine(keys={key})
    return examined.finding


async def mended(machine: ScriptedMachine, key: CheckKey, button: str) -> Finding:
    """Press the button of a finding and look again."""
    doctor = machine.doctor()
    (examined,) = await doctor.examine(keys={key})
    (remedy,) = [each for each in examined.finding.remedies if str(each.button) == button]
    assert str(await doctor.apply(remedy))
    (again,) = await doctor.examine(keys={key})
    return again.finding


async def test_a_healthy_machine_is_told_in_order_and_counted(machine: ScriptedMachine) -> None:
    heard: list[Examined] = []
    doctor = machine.doctor()
    examined = await doctor.examine(heard.append)
    assert [each.key for each in examined] == list(CheckKey)
    assert doctor.check_count == len(CheckKey)
    assert {each.key for each in heard} == set(CheckKey)
    assert {each.finding.level for each in examined} == {Level.OK}
    assert summary(examined, str) == "18 good"


Change = Callable[[ScriptedMachine], object]
RED: list[tuple[CheckKey, Level, str, Change]] = [
    (CheckKey.VERSIONS, Level.FAIL, "Python 3.10.1", lambda m: _versions(m, python=(3, 10, 1))),
    (CheckKey.VERSIONS, Level.FAIL, "Python 3.14.0", lambda m: _versions(m, python=(3, 14, 0))),
    (CheckKey.VERSIONS, Level.FAIL, "Qt 6.12.0 is used", lambda m: _versions(m, qt="6.12.0")),
    (CheckKey.VERSIONS, Level.FAIL, "Node 22.1.0", lambda m: _versions(m, node="22.1.0")),
    (CheckKey.VERSIONS, Level.FAIL, "Hardhat 2.22.0", lambda m: _versions(m, hardhat="2.22.0")),
    (CheckKey.VERSIONS, Level.FAIL, "SQLite 3.31.1", lambda m: _versions(m, sqlite=(3, 31, 1))),
    (CheckKey.VERSIONS, Level.FAIL, "full-text", lambda m: _versions(m, has_full_text_search=False)),
    (CheckKey.LIBRARIES, Level.FAIL, "pypdfium2", lambda m: m.libraries.update(pypdfium2="no DLL")),
    (CheckKey.FILES, Level.FAIL, "1", lambda m: m.files.append("resources/contracts/IPAssetNFT.json")),
    (
        CheckKey.NODE_FILES,
        Level.FAIL,
        "Hardhat is not installed",
        lambda m: _set(m, node_files="Hardhat is not installed"),
    ),
    (CheckKey.NODE_PORT, Level.WARN, "python3, PID 4711, user anna", lambda m: _set(m, port=PortUse(False, STRANGER))),
    (CheckKey.NODE_PORT, Level.WARN, "does not name", lambda m: _set(m, port=PortUse(False))),
    (CheckKey.NODE_PORT, Level.WARN, "left behind", lambda m: _set(m, port=PortUse(False, ORPHAN), orphans=[ORPHAN])),
    (CheckKey.ORPHANS, Level.WARN, "earlier run", lambda m: _set(m, orphans=[ORPHAN])),
    (CheckKey.LOOPBACK, Level.FAIL, "refused", lambda m: _set(m, loopback="Connection refused")),
    (CheckKey.PROFILE, Level.FAIL, "Permission denied", lambda m: _set(m, writing="Permission denied")),
    (CheckKey.LOCK, Level.WARN, "PID 4711", lambda m: _set(m, lock=LockState.TAKEN, holders=(STRANGER,))),
    (CheckKey.LOCK, Level.WARN, "does not name", lambda m: _set(m, lock=LockState.TAKEN)),
    (CheckKey.SETTINGS, Level.FAIL, "node_port", lambda m: _set(m, settings="node_port: 1 is outside")),
    (CheckKey.PERMISSIONS, Level.WARN, "1", lambda m: m.secrets.append(Path("keys/audit"))),
    (CheckKey.DISK, Level.WARN, "700.0 MB of", lambda m: _set(m, disk=replace(SIZES, free_bytes=700 * MB))),
    (CheckKey.DISK, Level.FAIL, "100.0 MB of", lambda m: _set(m, disk=replace(SIZES, free_bytes=100 * MB))),
    (CheckKey.LEFTOVERS, Level.WARN, "2.0 GB", lambda m: m.damaged.append(Leftover(Path("r.damaged-1.db"), 2 * GB))),
    (CheckKey.REGISTER, Level.FAIL, "malformed", lambda m: _set(m, damage_found="disk image is malformed")),
    (
        CheckKey.REGISTER,
        Level.FAIL,
        "revision 0009",
        lambda m: _set(m, register=RegisterFacts(True, "0009", "0004", 1)),
    ),
    (CheckKey.BACKUPS, Level.WARN, "no backup", lambda m: m.backups.clear()),
    (CheckKey.BACKUPS, Level.WARN, "9 days", lambda m: _set(m, backups=[OLD])),
    (
        CheckKey.BACKUPS,
        Level.WARN,
        "DISK_FULL",
        lambda m: _set(m, backup_failed=EnvironmentFault(ErrorCode.DISK_FULL, "x")),
    ),
    (CheckKey.CLOCK, Level.FAIL, "cannot be", lambda m: _set(m, clock=NOON.replace(year=1970))),
    (CheckKey.CLOCK, Level.WARN, "record of", lambda m: _set(m, clock=NOON - timedelta(days=1))),
    (CheckKey.MEMORY, Level.WARN, "120.0 MB of", lambda m: _set(m, memory_found=MemoryFacts(120 * MB, 8 * GB))),
    (CheckKey.OPEN_FILES, Level.WARN, "256", lambda m: _set(m, open_files=256)),
]


def _set(machine: ScriptedMachine, **values: object) -> None:
    for name, value in values.items():
        setattr(machine, name, value)


def _versions(machine: ScriptedMachine, **values: object) -> None:
    machine.versions_found = replace(GOOD_VERSIONS, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(("key", "level", "told", "change"), RED, ids=[f"{key}-{told}" for key, _, told, _ in RED])
async def test_what_is_wrong_is_found_and_advised(
    machine: ScriptedMachine, key: CheckKey, level: Level, told: str, change: Change
) -> None:
    change(machine)
    finding = await found(machine, key)
    assert (finding.level, told in str(finding.text)) == (level, True), str(finding.text)
    assert finding.advice is not None
    assert len(await machine.doctor().examine()) == len(CheckKey), "one finding holds up no other"


@pytest.mark.parametrize(
    ("key", "told", "change"),
    [
        (CheckKey.NODE_PORT, "Our own node answers at port 18545", lambda m: _set(m, node_status=OUR_NODE)),
        (
            CheckKey.NODE_PORT,
            "port 50001; port 18545 is free again",
            lambda m: _set(m, node_status=replace(OUR_NODE, rpc_url="http://127.0.0.1:50001")),
        ),
        (CheckKey.LOCK, "No program", lambda m: _set(m, lock=LockState.FREE)),
        (CheckKey.REGISTER, "no register yet", lambda m: _set(m, register=RegisterFacts(False))),
        (CheckKey.REGISTER, "brings it to 0004", lambda m: _set(m, register=RegisterFacts(True, "0003", "0004", 1))),
        (CheckKey.REGISTER, "too large", lambda m: _set(m, damage_found=None)),
        (CheckKey.BACKUPS, "nothing to back up", lambda m: _set(m, backups=[], register=RegisterFacts(False))),
        (CheckKey.LEFTOVERS, "5.0 MB", lambda m: m.unfinished.append(Leftover(Path("node-home"), 5 * MB))),
        (CheckKey.OPEN_FILES, "no limit", lambda m: _set(m, open_files=None)),
    ],
)
async def test_what_is_well_in_another_way(machine: ScriptedMachine, key: CheckKey, told: str, change: Change) -> None:
    change(machine)
    finding = await found(machine, key)
    assert (finding.level, told in str(finding.text)) == (Level.OK, True), str(finding.text)


@pytest.mark.parametrize(
    ("key", "button", "change"),
    [
        (CheckKey.LIBRARIES, "Install again", lambda m: m.libraries.update(pypdfium2="no DLL")),
        (CheckKey.NODE_FILES, "Install again", lambda m: _set(m, node_files="Hardhat is not installed")),
        (CheckKey.ORPHANS, "End it", lambda m: _set(m, orphans=[ORPHAN])),
        (CheckKey.SETTINGS, "Use the defaults", lambda m: _set(m, settings="node_port: 1 is outside")),
        (CheckKey.PERMISSIONS, "Close them to others", lambda m: m.secrets.append(Path("keys/audit"))),
        (
            CheckKey.DISK,
            "Thin the backups",
            lambda m: _set(m, disk=replace(SIZES, free_bytes=700 * MB), backups=[BACKUP, OLD]),
        ),
        (CheckKey.LEFTOVERS, "Remove leftovers", lambda m: m.unfinished.append(Leftover(Path("node-home"), MB))),
        (CheckKey.LEFTOVERS, "Remove damaged copies", lambda m: m.damaged.append(Leftover(Path("r.damaged-1.db"), MB))),
        (CheckKey.BACKUPS, "Back up now", lambda m: _set(m, backups=[OLD])),
        (CheckKey.OPEN_FILES, "Raise it for this run", lambda m: _set(m, open_files=256)),
    ],
)
async def test_each_remedy_mends_what_it_says(
    machine: ScriptedMachine, key: CheckKey, button: str, change: Change
) -> None:
    change(machine)
    finding = await mended(machine, key, button)
    assert finding.level is Level.OK, str(finding.text)


async def test_another_port_is_kept_and_used_by_the_next_start(machine: ScriptedMachine) -> None:
    machine.port = PortUse(False, STRANGER)
    await mended(machine, CheckKey.NODE_PORT, "Use port 18546")
    assert (machine.kept, machine.preferred) == ([18546], [18546])


async def test_only_an_orphan_at_the_port_can_be_ended(machine: ScriptedMachine) -> None:
    machine.port, machine.orphans = PortUse(False, STRANGER), [ORPHAN]
    assert [str(each.button) for each in (await found(machine, CheckKey.NODE_PORT)).remedies] == ["Use port 18546"]
    machine.port = PortUse(False, ORPHAN)
    (ending,) = (await found(machine, CheckKey.NODE_PORT)).remedies
    assert ending.must_ask
    assert "4712" in str(ending.what)


async def test_what_another_program_or_a_new_node_works_with_is_not_removed(machine: ScriptedMachine) -> None:
    home = Leftover(Path("node-home"), MB)
    machine.unfinished, doctor = [home], machine.doctor()
    (examined,) = await doctor.examine(keys={CheckKey.LEFTOVERS})
    (removing,) = examined.finding.remedies
    machine.node_status = OUR_NODE
    await doctor.apply(removing)
    assert machine.unfinished == [home]

    machine.node_status, machine.lock = None, LockState.TAKEN
    machine.damaged = [Leftover(Path("r.damaged-1.db"), MB)]
    with pytest.raises(UserError) as refused:
        await doctor.apply(removing)
    assert (refused.value.code, machine.unfinished) == (ErrorCode.ALREADY_RUNNING, [home])
    finding = await found(machine, CheckKey.LEFTOVERS)
    assert (finding.remedies, [str(each) for each in finding.more]) == ((), ["r.damaged-1.db, 1.0 MB"])


async def test_an_orphan_that_does_not_end_is_no_success(machine: ScriptedMachine) -> None:
    machine.orphans, machine.ends = [ORPHAN], False
    with pytest.raises(EnvironmentFault, match="does not end"):
        await mended(machine, CheckKey.ORPHANS, "End it")


async def test_without_a_network_the_installation_says_so(machine: ScriptedMachine) -> None:
    machine.node_files, machine.has_network = "Hardhat is not installed", False
    with pytest.raises(EnvironmentFault, match="cannot be reached"):
        await mended(machine, CheckKey.NODE_FILES, "Install again")


async def test_a_built_program_offers_no_installation(machine: ScriptedMachine) -> None:
    machine.node_files, machine.can_mend = "Hardhat is not installed", False
    finding = await found(machine, CheckKey.NODE_FILES)
    assert (finding.remedies, "folder in place anew" in str(finding.advice)) == ((), True)


async def test_a_node_of_others_is_looked_at_without_its_secrets(machine: ScriptedMachine) -> None:
    url = "https://user:secret@rpc.example:8545/key"
    assert "https://rpc.example:8545 takes" in str((await found(machine, CheckKey.NODE_PORT, url)).text)
    machine.address = "Connection refused"
    finding = await found(machine, CheckKey.NODE_PORT, url)
    assert (finding.level, "secret" in str(finding.text)) == (Level.FAIL, False)
    assert not await machine.doctor(url).examine(keys={CheckKey.ORPHANS, CheckKey.NODE_FILES})


# --- how they are run -----------------------------------------------------------------------------------------------

FINE = Finding(Level.OK, phrase("fine"))


def doctor_of(*checks: Check) -> Doctor:
    return Doctor(checks, Session(EventHub()), lambda: True)


async def test_a_check_that_hangs_holds_up_nobody_and_is_not_taken_twice() -> None:
    goes_on, looks = threading.Event(), list[int]()

    async def hang() -> Finding:
        looks.append(1)
        await aside(goes_on.wait)
        return FINE

    async def fine() -> Finding:
        return FINE

    doctor = doctor_of(
        Check(CheckKey.DISK, phrase("Disk"), hang, limit_s=0.02), Check(CheckKey.MEMORY, phrase("Memory"), fine)
    )
    heard: list[CheckKey] = []
    slow, quick = await doctor.examine(lambda examined: heard.append(examined.key))
    assert (slow.finding.level, quick.finding.level) == (Level.UNKNOWN, Level.OK)
    assert "0.02 s" in str(slow.finding.text)
    assert heard == [CheckKey.MEMORY, CheckKey.DISK]
    await doctor.examine()
    assert looks == [1]
    goes_on.set()
    while (await doctor.examine())[0].finding.level is Level.UNKNOWN:  # noqa: ASYNC110 - a thread ends it
        await asyncio.sleep(0)
    await doctor.close()


async def test_a_check_that_fails_is_told_as_not_known() -> None:
    async def broken() -> Finding:
        return await aside(lambda: 1 // 0)

    (examined,) = await doctor_of(Check(CheckKey.DISK, phrase("Disk"), broken)).examine()
    assert examined.finding.level is Level.UNKNOWN
    assert "ZeroDivisionError" in str(examined.finding.text)


async def test_who_may_mend_is_asked_once_people_can_sign_in(machine: ScriptedMachine) -> None:
    machine.orphans = [ORPHAN]
    doctor = machine.doctor(is_unattended=False)
    (examined,) = await doctor.examine(keys={CheckKey.ORPHANS})
    with pytest.raises(UserError) as refused:
        await doctor.apply(examined.finding.remedies[0])
    assert refused.value.code is ErrorCode.SIGN_IN_REQUIRED
    assert machine.orphans == [ORPHAN]


async def test_what_the_system_refuses_has_a_code() -> None:
    async def refused() -> object:
        raise PermissionError(13, "Permission denied")

    with pytest.raises(EnvironmentFault, match="Permission denied") as failure:
        await doctor_of().apply(Remedy(phrase("Do"), phrase("It"), apply=refused))  # type: ignore[arg-type]
    assert failure.value.code is ErrorCode.REMEDY_FAILED


async def test_the_report_is_plain_and_names_no_home(machine: ScriptedMachine) -> None:
    machine.folder, machine.port = Path.home() / "register", PortUse(False, STRANGER)
    text = report(await machine.doctor().examine(), str, NOON)
    assert text.splitlines()[0] == "Doctor, 2026-11-22T12:00:00Z: 17 good, 1 to look at"
    assert "~/register can be written" in text
    assert str(Path.home()) + "/" not in text
    assert "> The node uses any free port instead" in text
