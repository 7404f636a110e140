"""What the stage plays: scenes of steps. A step says one thing, does one thing, and ends when something has happened on
the register or the chain; never when so much time has passed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ipnft_desktop.domain.errors import IpnftError


class Doing(StrEnum):
    """What a step does with the program."""

    SHOW = "show"
    """Nothing: it only tells."""
    CREATE = "create"
    """New assets in the register, as drafts: `count` of them, called `subject` by the steps behind."""
    MINT = "mint"
    """Ask for the mint of the subject: one transaction for each asset."""
    MINT_TOGETHER = "mint_together"
    """Ask for the mint of the subject in one transaction."""
    RETRY = "retry"
    """Look at the open or failed mint of the subject again."""
    VERIFY = "verify"
    """Put register, chain and content of the subject side by side."""
    COUNT_TOKENS = "count_tokens"
    """Ask the chain itself, past the register, how many tokens of the subject were ever made."""
    START = "start"
    """Start everything that does not stand."""


class Goal(StrEnum):
    """What has to have happened before a step is done."""

    NOTHING = "nothing"
    CREATED = "created"
    SIGNED = "signed"
    """The mint is signed and on record, whether or not anybody heard of it."""
    IN_TROUBLE = "in_trouble"
    """The mint waits for something outside it, or failed: an error says why."""
    MINTED = "minted"
    FAILED = "failed"
    """The mint ended without a token."""
    VERIFIED = "verified"
    """All agree."""
    ONE_TOKEN_EACH = "one_token_each"  # noqa: S105 - the word for an NFT
    """The chain made exactly one token of each."""
    READY = "ready"
    """The environment stands."""


class StageFault(StrEnum):
    """What is done to the program on stage, for real, until it is undone."""

    CUT = "cut"
    """The connection to the node is refused."""
    KILL_NODE = "kill_node"
    """The process of the node is ended without warning."""
    LOSE_ANSWER = "lose_answer"
    """The node takes the next transaction, and its answer gets lost."""
    SLOW = "slow"
    """Each answer of the node takes longer."""
    REFUSE_RECIPIENT = "refuse_recipient"
    """The next mint goes to a contract that takes no tokens."""
    NO_FUNDS = "no_funds"
    """The signing account seems empty."""


class Fact(StrEnum):
    """What the large tiles under a step show."""

    ATTEMPTS = "attempts"
    TOKENS_ON_CHAIN = "tokens_on_chain"
    TRANSACTION = "transaction"
    SAME_TRANSACTION = "same_transaction"
    """Whether what was sent again is the same transaction as before."""
    TOKEN = "token"  # noqa: S105 - the word for an NFT
    BLOCK = "block"
    GAS = "gas"
    GAS_EACH = "gas_each"
    GAS_SAVED = "gas_saved"
    """Against minting one by one."""
    ASSETS = "assets"
    AGREEING = "agreeing"
    """How many facts agree, of how many."""
    DURATION = "duration"


class Language(StrEnum):
    """In which a caption is written."""

    EN = "en"
    ZH = "zh"


@dataclass(frozen=True, slots=True)
class Caption:
    """The same in both languages."""

    en: str
    zh: str

    def of(self, language: str) -> str:
        """In the language of a locale such as `zh`; English for every other."""
        return self.zh if language.startswith(Language.ZH) else self.en


EMPTY = Caption("", "")


@dataclass(frozen=True, slots=True)
class Step:
    """One press of the clicker."""

    step_id: str
    headline: Caption
    text: Caption
    notes: Caption
    """For the presenter alone."""
    doing: Doing = Doing.SHOW
    subject: str = ""
    """What it works on, by the name that a step before gave it."""
    count: int = 1
    fault: StageFault | None = None
    """Begins before it does anything."""
    heals: bool = False
    """Undoes every fault before it does anything."""
    goal: Goal = Goal.NOTHING
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Scene:
    """Steps that tell one thing together."""

    scene_id: str
    title: Caption
    summary: Caption
    steps: tuple[Step, ...]


class StepState(StrEnum):
    """How a step stands."""

    WAITING = "WAITING"
    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"
    SKIPPED = "SKIPPED"
    """Another state of the workspace holds its result."""
    SHOWN = "SHOWN"
    """Its recorded picture was shown instead."""


ENDED = frozenset({StepState.DONE, StepState.SKIPPED, StepState.SHOWN})
"""What the next step may follow."""

FactValue = int | float | str | bool


@dataclass(frozen=True, slots=True)
class FactReading:
    """What a tile shows."""

    fact: Fact
    value: FactValue | None
    """A count, gas, seconds, per cent, a hash or an id, by the kind of fact; None where it cannot be known now."""
    of: int | None = None
    """How many there are in all."""


@dataclass(frozen=True, slots=True)
class StepView:
    """A step as it stands."""

    step: Step
    state: StepState = StepState.WAITING
    begun_at_s: float | None = None
    """On the event loop's clock; None before it began."""
    seconds: float | None = None
    """How long it took; None while it runs."""
    readings: tuple[FactReading, ...] = ()
    error: IpnftError | None = None
    """Why it failed, or what it is about where its goal is trouble."""
    tx_hashes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Show:
    """The scene on stage as it stands."""

    scene: Scene
    at: int = -1
    """Which step is in view; -1 for the title."""
    steps: tuple[StepView, ...] = ()

    @property
    def view(self) -> StepView | None:
        """The step in view; None at the title."""
        return self.steps[self.at] if self.at >= 0 else None

    @property
    def is_played(self) -> bool:
        """Whether every step has ended."""
        return all(each.state in ENDED for each in self.steps)

    @property
    def seconds(self) -> float:
        """How long its steps took."""
        return sum(each.seconds or 0 for each in self.steps)


def opened(scene: Scene) -> Show:
    """A scene before its first step."""
    return Show(scene, -1, tuple(map(StepView, scene.steps)))
