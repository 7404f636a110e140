"""Settings changed by people: who may, what is refused beside which field, what is undone, exported and imported."""

from __future__ import annotations

import errno
import json
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from ipnft_desktop.domain.batch_gathering import GatheringPolicy
from ipnft_desktop.domain.batch_runs import Congestion
from ipnft_desktop.domain.errors import (
    EnvironmentFault,
    ErrorCode,
    FieldProblem,
    ProblemKind,
    UserError,
    ValidationFailed,
)
from ipnft_desktop.domain.people import Permission, Role, User
from ipnft_desktop.domain.phrases import Phrase, phrase
from ipnft_desktop.domain.setting_specs import Source
from ipnft_desktop.services.doctor.findings import Remedy
from ipnft_desktop.services.environment_state import StageKey
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.session import Session
from ipnft_desktop.services.setting_desk import SettingDesk
from ipnft_desktop.settings import load_settings
from tests.support.core_factory import NO_DEMO, MemoryCore

ADMIN = User(UUID(int=1), "anna", "Anna", Role.ADMIN, datetime(2026, 1, 1, tzinfo=UTC))
REGISTER = "postgresql+psycopg://ipnft:s3cret@db/register"


class Office:
    """A desk with the session and the door in reach."""

    def __init__(self, profile: Path) -> None:
        self.session = Session(EventHub())
        self.session.begin(ADMIN)
        self.cannot_sign_in = False
        self.environment: dict[str, str] = {}
        self.desk = SettingDesk(profile, self.session, lambda: self.cannot_sign_in, self.environment)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


async def refused(office: Office, **changes: str | int | float | bool | None) -> dict[str, ProblemKind]:
    with pytest.raises(ValidationFailed) as failed:
        await office.desk.change(changes)
    return {problem.field: problem.kind for problem in failed.value.problems}


async def test_a_change_is_kept_heard_and_undone(office: Office) -> None:
    heard: list[int] = []
    end = office.desk.subscribe(lambda: heard.append(1))
    before = await office.desk.change({"confirmations": 6, "node_port": 2000})
    assert load_settings(office.desk.profile, {}).confirmations == 6
    await office.desk.change(before)
    states = await office.desk.states()
    assert (states["confirmations"].value, states["confirmations"].source) == (1, Source.DEFAULT)
    end()
    await office.desk.keep("theme", "dark")
    assert len(heard) == 2


async def test_bad_values_are_refused_beside_their_fields_and_nothing_is_kept(office: Office) -> None:
    assert await refused(
        office,
        confirmations=0,
        node_port="soon",
        max_fee_eth="much",
        theme="purple",
        demo_data="perhaps",
        rpc_url="localhost:8545",
        rpc_fallback_urls="http://a.example ftp://b.example",
        contract_address="0x12",
        database_url="mysql://db/register",
        kubo_api="ipfs.example",
    ) == {
        "confirmations": ProblemKind.OUT_OF_RANGE,
        "node_port": ProblemKind.NOT_A_WHOLE_NUMBER,
        "max_fee_eth": ProblemKind.NOT_A_NUMBER,
        "theme": ProblemKind.NOT_A_CHOICE,
        "demo_data": ProblemKind.NOT_YES_OR_NO,
        "rpc_url": ProblemKind.NOT_A_NODE_URL,
        "rpc_fallback_urls": ProblemKind.NOT_A_NODE_URL,
        "contract_address": ProblemKind.NOT_AN_ADDRESS,
        "database_url": ProblemKind.NOT_A_DATABASE_URL,
        "kubo_api": ProblemKind.NOT_AN_IPFS_ADDRESS,
    }
    (office.desk.profile / "plain").touch()
    assert await refused(office, keystore="missing.json", key_folder="plain") == {
        "keystore": ProblemKind.FILE_MISSING,
        "key_folder": ProblemKind.NOT_A_FOLDER,
    }
    assert not (office.desk.profile / "settings.json").exists()


async def test_a_shared_register_needs_a_shared_network_whichever_is_changed(office: Office) -> None:
    assert await refused(office, database_url=REGISTER) == {"database_url": ProblemKind.NEEDS_RPC_URL}
    await office.desk.change({"rpc_url": "http://127.0.0.1:8545", "database_url": REGISTER})
    assert await refused(office, rpc_url=None) == {"rpc_url": ProblemKind.DATABASE_NEEDS_IT}
    await office.desk.change({"rpc_url": None, "database_url": None})


async def test_the_bounds_of_a_batch_keep_their_order_whichever_is_changed(office: Office) -> None:
    with pytest.raises(ValidationFailed) as failed:
        await office.desk.change({"gather_least": 41})
    assert failed.value.problems == (FieldProblem("gather_least", ProblemKind.ABOVE_THE_MOST, "40"),)
    with pytest.raises(ValidationFailed) as failed:
        await office.desk.change({"gather_most": 9})
    assert failed.value.problems == (FieldProblem("gather_most", ProblemKind.BELOW_THE_LEAST, "10"),)
    await office.desk.change({"gather_least": 50, "gather_most": 60})
    assert await refused(office, gather_most=None) == {"gather_most": ProblemKind.BELOW_THE_LEAST}
    office.session.begin(replace(ADMIN, role=Role.OPERATOR))
    with pytest.raises(UserError) as denied:
        await office.desk.change({"gather_congestion": "HIGH"})
    assert denied.value.code is ErrorCode.PERMISSION_DENIED


async def test_how_mints_are_gathered_holds_from_the_start_and_at_once(tmp_path: Path) -> None:
    memory = await MemoryCore(tmp_path, replace(NO_DEMO, gather_least=5, gather_high=7)).start()
    try:
        automatic = memory.core.automatic
        assert (automatic.policy.size(Congestion.HIGH), automatic.policy.congestion) == (7, None)
        memory.core.session.begin(ADMIN)
        await memory.core.setting_desk.change(
            {"gather_longest_wait_s": 5, "gather_congestion": "LOW", "gather_low": 9, "gather_most": 12}
        )
        assert automatic.policy == GatheringPolicy(
            least=5,
            most=12,
            longest_wait=timedelta(seconds=5),
            sizes={Congestion.LOW: 9, Congestion.MEDIUM: 25, Congestion.HIGH: 7},
            congestion=Congestion.LOW,
        )
        await memory.core.setting_desk.change({"gather_congestion": None})
        assert automatic.policy.congestion is None
    finally:
        await memory.core.close()


async def test_a_role_changes_what_is_its_own(office: Office) -> None:
    office.session.begin(replace(ADMIN, role=Role.OPERATOR))
    await office.desk.change({"theme": "dark", "autostart": True, "kubo_publish_minted": True})
    for name, value in (("confirmations", 6), ("keystore_idle_minutes", 5), ("rpc_url", "http://a")):
        with pytest.raises(UserError) as denied:
            await office.desk.change({"theme": "light", name: value})
        assert denied.value.code is ErrorCode.PERMISSION_DENIED
    assert load_settings(office.desk.profile, {}).theme == "dark"


async def test_signed_out_only_what_nobody_else_depends_on_unless_nobody_can_sign_in(
    office: Office, tmp_path: Path
) -> None:
    office.session.end()
    await office.desk.change({"theme": "dark"})
    for work in (office.desk.change({"confirmations": 6}), office.desk.export(tmp_path / "out.json")):
        with pytest.raises(UserError) as denied:
            await work
        assert denied.value.code is ErrorCode.SIGN_IN_REQUIRED
    office.cannot_sign_in = True
    assert office.desk.is_unattended
    await office.desk.change({"confirmations": 6, "keystore_idle_minutes": 5})
    with pytest.raises(UserError):
        await office.desk.change({"kubo_api": ""})
    office.session.begin(replace(ADMIN, role=Role.VIEWER))
    assert not office.desk.is_unattended


async def test_what_holds_at_once_is_put_in_force_or_taken_back(office: Office) -> None:
    heard: list[object] = []
    office.desk.apply_with("theme", heard.append)
    await office.desk.change({"theme": "dark"})
    await office.desk.change({"theme": None})
    assert heard == ["dark", "light"]

    def refuse(_value: object) -> None:
        raise UserError(ErrorCode.VALIDATION_FAILED, field="kubo_api")

    office.desk.apply_with("kubo_api", refuse)
    assert await refused(office, kubo_api="/ip4/nowhere") == {"kubo_api": ProblemKind.NOT_AN_IPFS_ADDRESS}
    assert load_settings(office.desk.profile, {}).kubo_api == ""
    office.environment["IPNFT_THEME"] = "light"
    await office.desk.change({"theme": "dark"})
    assert heard == ["dark", "light"], "the variable is stronger"


async def test_an_export_leaves_secrets_out_and_comes_in_again(office: Office, tmp_path: Path) -> None:
    await office.desk.change(
        {
            "rpc_url": "http://127.0.0.1:8545",
            "database_url": REGISTER,
            "rpc_fallback_urls": "https://node.example/v3/key",
            "confirmations": 6,
            "theme": "light",
        }
    )
    await office.desk.keep("register_columns", "name")
    file = tmp_path / "out.json"
    export = await office.desk.export(file)
    assert (export.count, set(export.left_out)) == (2, {"database_url", "rpc_fallback_urls"})
    assert json.loads(file.read_text()) == {"rpc_url": "http://127.0.0.1:8545", "confirmations": 6}

    file.write_text('{"confirmations": 6, "node_port": 2000, "register_columns": "x", "of_another_version": 1}')
    assert await office.desk.read_file(file) == {"node_port": 2000}
    file.write_text('{"confirmations": 600}')
    with pytest.raises(ValidationFailed):
        await office.desk.read_file(file)


@pytest.mark.parametrize("content", ["{", "[]", None])
async def test_a_file_that_is_none_of_settings_is_refused(office: Office, tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "in.json"
    if content is not None:
        file.write_text(content)
    with pytest.raises(EnvironmentFault) as failed:
        await office.desk.read_file(file)
    assert failed.value.code is ErrorCode.SETTINGS_UNUSABLE


async def test_a_damaged_file_of_the_profile_is_told_and_left_alone(office: Office) -> None:
    file = office.desk.profile / "settings.json"
    file.write_text('{"node_port": 80}')
    for work in (office.desk.states(), office.desk.change({"theme": "dark"}), office.desk.keep("theme", "dark")):
        with pytest.raises(EnvironmentFault) as failed:
            await work
        assert failed.value.code is ErrorCode.SETTINGS_UNUSABLE
        assert "node_port" in failed.value.detail
    assert file.read_text() == '{"node_port": 80}'


async def test_a_profile_that_cannot_be_written_is_told(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_descriptor: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(EnvironmentFault) as failed:
        await office.desk.change({"theme": "dark"})
    assert failed.value.code is ErrorCode.SETTINGS_UNUSABLE


async def test_what_was_in_force_before_a_refusal_is_taken_back(office: Office) -> None:
    themes: list[str] = []

    def refuse(_address: str) -> None:
        raise UserError(ErrorCode.PERMISSION_DENIED, "not now")

    office.desk.apply_with("theme", themes.append)
    office.desk.apply_with("kubo_api", refuse)
    with pytest.raises(UserError):
        await office.desk.change({"theme": "dark", "kubo_api": "http://127.0.0.1:5001"})
    assert themes == ["dark", "light"]
    assert load_settings(office.desk.profile, {}).theme == "light"


async def test_while_a_register_is_open_or_could_be_opened_somebody_has_to_sign_in(tmp_path: Path) -> None:
    memory = await MemoryCore(tmp_path).start()
    await memory.core.environment.stop()
    memory.core.session.end()
    memory.core.environment.note_refusal(StageKey.NODE, EnvironmentFault(ErrorCode.NODE_MISSING, ""))
    assert not memory.core.setting_desk.is_unattended, "people can still sign in"
    await memory.core.close()

    core = MemoryCore(tmp_path).core
    core.session.end()

    async def mend() -> Phrase:
        return phrase("Mended")

    remedy = Remedy(phrase("Mend"), phrase("It"), apply=mend, permission=Permission.CHANGE_SETTINGS)
    with pytest.raises(UserError) as refused:
        await core.doctor.apply(remedy)
    assert refused.value.code is ErrorCode.SIGN_IN_REQUIRED
    core.environment.note_refusal(StageKey.DATABASE, EnvironmentFault(ErrorCode.DATABASE_UNAVAILABLE, ""))
    assert str(await core.doctor.apply(remedy)) == "Mended"
    await core.close()
