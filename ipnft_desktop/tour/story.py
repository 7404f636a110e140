"""The story: environment up, every page and dialog looked at, an asset created, minted, opened, proved, its certificate
suspended and restored, three more minted in one transaction, one mint called off, all the others ticked and minted at
once, verified and reconciled, the chain looked into, a scene begun, gas measured, the language changed and back."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable

from ipnft_desktop.bootstrap.window import Program
from ipnft_desktop.tour.camera import Camera, StoryStuck
from ipnft_desktop.tour.certifying import Certifying
from ipnft_desktop.tour.comparing import Comparing
from ipnft_desktop.tour.guide import Made
from ipnft_desktop.tour.inspecting import Inspecting
from ipnft_desktop.tour.known_on_chain import KnownOnChain
from ipnft_desktop.tour.looking import Looking
from ipnft_desktop.tour.measuring import Measuring
from ipnft_desktop.tour.minting import Minting
from ipnft_desktop.tour.proving import Proving
from ipnft_desktop.tour.report import StepReport
from ipnft_desktop.tour.staging import Staging


class Story:
    """Drives one program; every step presses what a person would press."""

    def __init__(self, program: Program, camera: Camera) -> None:
        self._camera = camera
        looking, minting = Looking(program, camera), Minting(program, camera)
        comparing = Comparing(program, camera)
        measuring, known = Measuring(program, camera), KnownOnChain(program, camera)
        self._steps: list[tuple[str, Callable[[], Awaitable[Made]]]] = [
            ("environment up", looking.environment_up),
            ("make a backup", looking.back_up),
            ("look at the signing key", looking.signing_key),
            ("look at the register", looking.register),
            ("look at what the register opens", looking.register_dialogs),
            ("look at an import", looking.spreadsheets),
            ("create an asset", minting.create_asset),
            ("mint it", minting.mint_one),
            ("open its card", minting.open_card),
            ("prove it", Proving(program, camera).evidence),
            ("suspend and restore its certificate", Certifying(program, camera).suspend_and_restore),
            ("follow it into the chain", Inspecting(program, camera).follow_a_mint),
            ("batch three", minting.batch_three),
            ("cancel a mint", minting.cancel_mint),
            ("tick and mint all the others", minting.batch_all),
            ("look at the activity", looking.activity),
            ("verify all of them", comparing.verify_all),
            ("reconcile", comparing.reconcile),
            ("look at events", known.events),
            ("read the contract", known.contract),
            ("look at an account", known.account),
            ("look at recorded calls", known.calls),
            ("play on stage", Staging(program, camera).play_the_cut),
            ("measure gas", measuring.measure_gas),
            ("look at a restore", looking.restore),
            ("look at the alerts", looking.alerts),
            ("look at the people", looking.people),
            ("look at doctor and workspaces", looking.doctor_and_workspaces),
            ("look at the settings", looking.settings),
            ("look at the commands", looking.commands),
            ("sign out and in", looking.sign_out_and_in),
            ("change the language and back", looking.change_language),
        ]

    async def tell(self) -> AsyncIterator[StepReport]:
        """Run the steps in order; the first failure ends the story."""
        for name, run in self._steps:
            started = time.perf_counter()
            try:
                tokens, tx_hash = await run()
            except StoryStuck as stuck:
                await self._camera.take("stuck")
                yield StepReport(name, time.perf_counter() - started, failure=f"not seen: {stuck}")
                return
            yield StepReport(name, time.perf_counter() - started, tokens, tx_hash)
