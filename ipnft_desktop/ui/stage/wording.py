"""What is said on the stage of facts, faults and states."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QCoreApplication

from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.scene_text import SceneProblem
from ipnft_desktop.domain.scenes import Doing, Fact, FactReading, StageFault, Step, StepState
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.error_words import error_sentence
from ipnft_desktop.ui.widgets.job_words import DASH
from ipnft_desktop.ui.widgets.measures import number_text, percent_text, seconds_text
from ipnft_desktop.ui.widgets.phrases import say
from ipnft_desktop.ui.widgets.plain import shorten


class LeftOut(Protocol):
    """A file with a scene that cannot be played."""

    @property
    def file(self) -> Path: ...
    @property
    def problems(self) -> Sequence[SceneProblem]: ...


def _tr(text: str) -> str:
    return QCoreApplication.translate("Stage", text)


def fact_title(fact: Fact) -> str:
    """What a tile is about."""
    return {
        Fact.ATTEMPTS: _tr("Times asked for"),
        Fact.TOKENS_ON_CHAIN: _tr("Tokens on the chain"),
        Fact.TRANSACTION: _tr("Transaction"),
        Fact.SAME_TRANSACTION: _tr("Transaction"),
        Fact.TOKEN: _tr("Token"),
        Fact.BLOCK: _tr("Block"),
        Fact.GAS: _tr("Gas"),
        Fact.GAS_EACH: _tr("Gas per token"),
        Fact.GAS_SAVED: _tr("Gas saved"),
        Fact.ASSETS: _tr("Works"),
        Fact.AGREEING: _tr("Facts that agree"),
        Fact.DURATION: _tr("Took"),
    }[fact]


def fact_text(reading: FactReading) -> tuple[str, Tone]:
    """What a tile shows, and in which tone."""
    value, of = reading.value, reading.of
    if value is None:
        return DASH, Tone.NEUTRAL
    match reading.fact:
        case Fact.SAME_TRANSACTION:
            return (_tr("the same"), Tone.OK) if value else (_tr("another one"), Tone.ERROR)
        case Fact.TOKENS_ON_CHAIN:
            return number_text(int(value)), Tone.OK if value == of else Tone.NEUTRAL
        case Fact.AGREEING:
            told = _tr("{0} of {1}").format(number_text(int(value)), number_text(of or 0))
            return told, Tone.OK if value == of else Tone.ERROR
        case Fact.GAS_SAVED:
            return percent_text(float(value), 1), Tone.OK if float(value) > 0 else Tone.WARN
        case Fact.DURATION:
            return seconds_text(float(value), 1), Tone.NEUTRAL
        case Fact.TRANSACTION | Fact.TOKEN:
            return shorten(str(value), head=4), Tone.NEUTRAL
        case Fact.BLOCK:
            return f"#{number_text(int(value))}", Tone.NEUTRAL
        case Fact.ATTEMPTS | Fact.GAS | Fact.GAS_EACH | Fact.ASSETS:
            return number_text(round(float(value))), Tone.NEUTRAL


def fault_title(fault: StageFault) -> str:
    """What is done to the program."""
    return {
        StageFault.CUT: _tr("Cut the connection"),
        StageFault.KILL_NODE: _tr("Kill the node"),
        StageFault.LOSE_ANSWER: _tr("Lose the next answer"),
        StageFault.SLOW: _tr("Slow the network"),
        StageFault.REFUSE_RECIPIENT: _tr("A recipient that refuses"),
        StageFault.NO_FUNDS: _tr("Run out of funds"),
    }[fault]


def fault_state(fault: StageFault) -> str:
    """How it is while it lasts."""
    return {
        StageFault.CUT: _tr("The connection is cut"),
        StageFault.KILL_NODE: _tr("The node is killed"),
        StageFault.LOSE_ANSWER: _tr("The next answer gets lost"),
        StageFault.SLOW: _tr("The network is slow"),
        StageFault.REFUSE_RECIPIENT: _tr("The recipient refuses"),
        StageFault.NO_FUNDS: _tr("No funds"),
    }[fault]


def state_word(state: StepState) -> str:
    """How a step stands."""
    return {
        StepState.WAITING: _tr("Not played yet"),
        StepState.RUNNING: _tr("Under way"),
        StepState.DONE: _tr("Done"),
        StepState.FAILED: _tr("Failed"),
        StepState.SKIPPED: _tr("Skipped: a checkpoint has its result"),
        StepState.SHOWN: _tr("Shown as a picture"),
    }[state]


def way_on(step: Step) -> str:
    """What the button of the step behind a trouble says: what that step does about it."""
    if step.doing is Doing.START:
        return _tr("Start the node again")
    if step.heals and step.doing is Doing.RETRY:
        return _tr("Connect again and retry")
    if step.heals:
        return _tr("Undo the fault and go on")
    return _tr("Next step")


def trouble_text(error: IpnftError) -> str:
    """The code, the sentence, and whether it is safe to try again."""
    parts = [error.code.value, error_sentence(error).rstrip(".。")]
    if error.entry.safe_to_retry:
        parts.append(_tr("safe to retry"))
    return " – ".join(parts)


def left_out_text(broken: Sequence[LeftOut]) -> str:
    """Which scenes cannot be played and why; nothing where all can."""
    named = [
        f"{each.file.name}: {f'{problem.where}: ' if problem.where else ''}{say(problem.what)}"
        for each in broken
        for problem in each.problems
    ]
    return _tr("Scenes that cannot be played are left out:") + "\n" + "\n".join(named) if named else ""


def clock_text(seconds: float) -> str:
    """Minutes and seconds, as on a stopwatch."""
    whole = int(seconds)
    return f"{whole // 60}:{whole % 60:02d}"
