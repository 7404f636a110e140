"""Names that are refused, rights that are asked for, and what the audit log tells of workspaces and checkpoints."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

import pytest

from ipnft_desktop.adapters.database.backups import DatabaseBackups
from ipnft_desktop.adapters.workspaces.pending_return import PendingReturn
from ipnft_desktop.bootstrap.adapters import DATABASE_FILE
from ipnft_desktop.bootstrap.core import Core, build_core
from ipnft_desktop.domain.audit import AuditQuery
from ipnft_desktop.domain.errors import Defect, EnvironmentFault, ErrorCode, ProblemKind, UserError, ValidationFailed
from ipnft_desktop.domain.workspaces import (
    HOME,
    CheckpointReason,
    Turned,
    Workspace,
    check_checkpoint_name,
    folder_name_of,
    is_workspace_id,
)
from ipnft_desktop.services.environment_state import EnvironmentPhase
from ipnft_desktop.services.long_work import LongWork
from ipnft_desktop.settings import Settings
from tests.support.core_factory import MemoryCore
from tests.support.signed_in import signed_in


@pytest.fixture
async def core(tmp_path: Path) -> AsyncIterator[Core]:
    memory = await MemoryCore(tmp_path).start()
    yield memory.core
    await memory.core.close()


async def told(core: Core) -> list[tuple[str, dict[str, str]]]:
    assert core.audit is not None
    page = await core.audit.page(AuditQuery(action="workspace"))
    return [(entry.line.action, dict(entry.line.facts)) for entry in reversed(page.entries)]


async def fail_to_write(_work: object) -> None:
    raise EnvironmentFault(ErrorCode.DATABASE_UNAVAILABLE)


async def refused(core: Core, name: str, but: Workspace | None = None) -> ProblemKind:
    with pytest.raises(ValidationFailed) as caught:
        if but is None:
            await core.workspaces.create(name, with_demo_data=False)
        else:
            await core.workspaces.rename(but, name)
    (problem,) = caught.value.problems
    assert problem.field == "name"
    return problem.kind


async def test_a_name_is_one_line_and_nobody_elses(core: Core) -> None:
    made = await core.workspaces.create("  Übung 练习 ", with_demo_data=False)
    assert made.name == "Übung 练习"
    assert await refused(core, "u\u0308bung 练习".upper()) is ProblemKind.TAKEN
    assert await refused(core, " ") is ProblemKind.REQUIRED
    assert await refused(core, "x" * 81) is ProblemKind.TOO_LONG
    assert await refused(core, "safe\u202etxt") is ProblemKind.HIDDEN_CHARACTERS
    await core.workspaces.rename(made, "ÜBUNG 练习")  # its own name in another case
    other = await core.workspaces.create("Other", with_demo_data=True)
    assert await refused(core, "übung 练习", but=other) is ProblemKind.TAKEN
    assert [problem.kind for problem in check_checkpoint_name(" ")] == [ProblemKind.REQUIRED]


async def test_what_is_done_to_workspaces_is_told_in_the_log_of_the_open_one(core: Core) -> None:
    made = await core.workspaces.create("Trial", with_demo_data=False)
    copy = await core.workspaces.duplicate(Workspace(HOME, ""), "Copy", LongWork())
    await core.workspaces.rename(made, "Probe")
    aside = await core.workspaces.set_aside(made)
    await core.workspaces.bring_back(aside)
    assert [action for action, _ in await told(core)] == [
        "workspace.create",
        "workspace.duplicate",
        "workspace.rename",
        "workspace.delete",
        "workspace.bring_back",
    ]
    assert [each.name for each in await core.workspaces.list()] == ["", "Copy", "Probe"]
    assert (await core.workspaces.measure(copy.workspace_id)).figures is not None
    assert core.workspaces.open_id == HOME


async def test_what_cannot_be_told_of_is_not_done(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    made = await core.workspaces.create("Trial", with_demo_data=False)
    monkeypatch.setattr(core.adapters.database, "write", fail_to_write)
    for act in (
        lambda: core.workspaces.set_aside(made),
        lambda: core.workspaces.create("Other", with_demo_data=False),
        lambda: core.workspaces.duplicate(made, "Copy", LongWork()),
    ):
        with pytest.raises(EnvironmentFault):
            await act()
    assert [each.name for each in await core.workspaces.list()] == ["", "Trial"]


async def test_a_register_that_others_keep_is_not_copied(tmp_path: Path) -> None:
    shared = MemoryCore(tmp_path, Settings(rpc_url="http://127.0.0.1:1")).core
    with pytest.raises(UserError) as caught:
        await shared.workspaces.duplicate(Workspace(HOME, ""), "Copy", LongWork())
    assert caught.value.code is ErrorCode.KEPT_BY_OTHERS
    with pytest.raises(UserError) as caught:
        await shared.checkpoints.make("Now", LongWork())
    assert caught.value.code is ErrorCode.KEPT_BY_OTHERS
    await shared.close()


async def test_an_interrupted_return_is_finished_before_the_register_is_opened(tmp_path: Path) -> None:
    memory = await MemoryCore(tmp_path).start()
    await memory.add_assets(2)
    store = memory.core.workspace.store
    checkpoint = await asyncio.to_thread(store.make, "Two", CheckpointReason.BY_HAND, lambda _share: None)
    await memory.add_assets(1)
    await memory.core.close()
    pending = PendingReturn(tmp_path, None)
    shutil.copy(tmp_path / "checkpoints" / checkpoint.checkpoint_id / "register.db", pending.begin())
    pending.decide(Turned(checkpoint.checkpoint_id, "Two", "Ada", checkpoint.at, checkpoint.sha256))

    again = await MemoryCore(tmp_path, chain=memory.chain).start()
    assert await again.count() == 2
    assert (await told(again.core))[-1][1]["checkpoint"] == "Two"
    assert again.core.audit is not None
    assert (await again.core.audit.verify()).is_sound
    await again.core.close()


async def test_a_return_that_was_decided_is_finished_before_a_backup_is_restored(tmp_path: Path) -> None:
    memory = MemoryCore(tmp_path)
    backups = DatabaseBackups(tmp_path / DATABASE_FILE)
    core = signed_in(build_core(tmp_path, memory.settings, replace(memory.core.adapters, backups=backups)))
    await core.environment.start(lambda _: None)
    assert core.backups is not None
    backup = await core.backups.back_up_now()
    checkpoint = await core.checkpoints.make("Now", LongWork())
    pending = PendingReturn(tmp_path, None)
    shutil.copy(tmp_path / "checkpoints" / checkpoint.checkpoint_id / "register.db", pending.begin())
    pending.decide(Turned(checkpoint.checkpoint_id, "Now", "Ada", checkpoint.at, checkpoint.sha256))
    await core.backups.restore(backup.name)
    assert core.workspace.store.settle() is None, "else it would take the place of the backup"
    await core.close()
    await memory.core.close()


async def test_a_chain_that_is_given_up_is_kept_as_a_checkpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = MemoryCore(tmp_path)
    backups = DatabaseBackups(tmp_path / DATABASE_FILE)
    core = signed_in(build_core(tmp_path, memory.settings, replace(memory.core.adapters, backups=backups)))
    await core.environment.start(lambda _: None)
    before = await core.adapters.chain.head()
    with monkeypatch.context() as patch, pytest.raises(Defect):
        patch.setattr(core.workspace.store, "make", Mock(side_effect=RuntimeError))
        await core.environment.start_new_chain(lambda _: None)
    assert core.environment.state.phase is EnvironmentPhase.FAILED, "and not for ever about to stop"
    await core.environment.start_new_chain(lambda _: None)
    (kept,) = await core.checkpoints.list()
    assert (kept.reason, kept.figures.block) == (CheckpointReason.BEFORE_NEW_CHAIN, before.number)
    with monkeypatch.context() as patch, pytest.raises(EnvironmentFault):
        patch.setattr(core.adapters.database, "write", fail_to_write)
        await core.checkpoints.delete(kept)
    assert list(await core.checkpoints.list()) == [kept], "what cannot be told of is not done"
    await core.close()
    await memory.core.close()


async def test_what_breaks_before_a_new_chain_is_told_and_no_content_goes_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = MemoryCore(tmp_path)
    backups = DatabaseBackups(tmp_path / DATABASE_FILE)
    core = signed_in(build_core(tmp_path, memory.settings, replace(memory.core.adapters, backups=backups)))
    await core.environment.start(lambda _: None)
    told, saving = list[str](), core.removal.saving

    @asynccontextmanager
    async def watched() -> AsyncIterator[set[str]]:
        told.append("hold")
        async with saving() as stored:
            yield stored

    def broken(*_: object) -> None:
        told.append("make")
        raise ValueError("broken")

    monkeypatch.setattr(core.removal, "saving", watched)
    monkeypatch.setattr(core.workspace.store, "make", broken)
    with pytest.raises(Defect, match="broken"):
        await core.environment.start_new_chain(lambda _: None)
    assert told == ["hold", "make"]
    state = core.environment.state
    assert (state.phase, state.error and state.error.code) == (EnvironmentPhase.FAILED, ErrorCode.UNEXPECTED)
    await core.close()
    await memory.core.close()


@pytest.mark.parametrize("name", ["专利", "../../etc/passwd", "CON", "a" * 300, "Ωmega / \\ : *", "-", "🔋"])
def test_a_folder_has_a_name_that_every_file_system_takes(name: str) -> None:
    folder = folder_name_of(name, "0a1b2c")
    assert is_workspace_id(folder)
    assert folder.endswith("-0a1b2c")
