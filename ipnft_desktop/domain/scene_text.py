"""Reads a scene from its TOML, and says everything that is wrong with it at once (docs/scenes.md has the form)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar, cast

from ipnft_desktop.domain.errors import ErrorCode, UserError
from ipnft_desktop.domain.phrases import Phrase, phrase
from ipnft_desktop.domain.scenes import EMPTY, Caption, Doing, Fact, Goal, Scene, StageFault, Step

MOST_STEPS = 20
MOST_ASSETS = 30
"""A batch of the size that the source papers measure."""
HEADLINE_MAX_CHARS = 60
TEXT_MAX_CHARS = 240
"""One idea a step: more is not read from the tenth row."""
MOST_FACTS = 4

E = TypeVar("E", bound=StrEnum)

_SCENE_KEYS = frozenset({"id", "title", "summary", "step"})
_STEP_KEYS = frozenset({"id", "headline", "text", "notes", "do", "subject", "count", "fault", "heal", "until", "facts"})
_ON_SUBJECT = frozenset(Doing) - {Doing.SHOW, Doing.START}
_REACHED_BY: Mapping[Goal, frozenset[Doing]] = {
    Goal.NOTHING: frozenset({Doing.SHOW}),
    Goal.CREATED: frozenset({Doing.CREATE}),
    Goal.SIGNED: frozenset({Doing.MINT, Doing.MINT_TOGETHER}),
    Goal.IN_TROUBLE: frozenset({Doing.MINT, Doing.MINT_TOGETHER, Doing.RETRY}),
    Goal.MINTED: frozenset({Doing.MINT, Doing.MINT_TOGETHER, Doing.RETRY, Doing.START}),
    Goal.FAILED: frozenset({Doing.MINT, Doing.MINT_TOGETHER, Doing.RETRY}),
    Goal.VERIFIED: frozenset({Doing.VERIFY}),
    Goal.ONE_TOKEN_EACH: frozenset({Doing.COUNT_TOKENS}),
    Goal.READY: frozenset({Doing.START}),
}
"""Which doing can bring a goal about."""


@dataclass(frozen=True, slots=True)
class SceneProblem:
    """What is wrong, and where: `step 3 (cut): unknown key "untill"`."""

    where: str
    what: Phrase

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" if self.where else str(self.what)


class SceneInvalid(UserError):
    """A scene that cannot be played; `problems` in the order of the text."""

    def __init__(self, problems: tuple[SceneProblem, ...]) -> None:
        super().__init__(ErrorCode.SCENE_INVALID, "; ".join(map(str, problems)))
        self.scene_problems = problems


def read_scene(text: str) -> Scene:
    """The scene that a TOML text describes. Raises SceneInvalid with all that is wrong."""
    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # also a number with thousands of digits, and brackets in brackets
        problem = SceneProblem("", phrase("this is not TOML: {reason}", reason=error))
        raise SceneInvalid((problem,)) from error
    reading = _Reading()
    scene = reading.scene(table)
    if reading.problems:
        raise SceneInvalid(tuple(reading.problems))
    return scene


@dataclass
class _Reading:
    """Goes on behind a problem, so that a writer hears of all of them."""

    problems: list[SceneProblem] = field(default_factory=list[SceneProblem])
    where: str = ""

    def scene(self, table: Mapping[str, object]) -> Scene:
        self.known(table, _SCENE_KEYS)
        scene_id, title, summary = self.word(table, "id"), self.caption(table, "title"), self.caption(table, "summary")
        steps = tuple(self.steps(table.get("step", [])))
        self.where = ""
        if not 1 <= len(steps) <= MOST_STEPS:
            self.wrong(phrase("a scene has 1 to {most} steps", most=MOST_STEPS))
        self.check_order(steps)
        return Scene(scene_id, title, summary, steps)

    def steps(self, value: object) -> Iterator[Step]:
        listed = cast("list[object]", value) if isinstance(value, list) else [value]
        for number, each in enumerate(listed, 1):
            self.where = f"step {number}"
            if not isinstance(each, dict):
                self.wrong(phrase("a step is a table: [[step]]"))
                continue
            table = cast("Mapping[str, object]", each)
            step_id = self.word(table, "id")
            self.where = f"step {number} ({step_id})" if step_id else self.where
            yield self.step(table, step_id)

    def step(self, table: Mapping[str, object], step_id: str) -> Step:
        self.known(table, _STEP_KEYS)
        step = Step(
            step_id,
            headline=self.caption(table, "headline", HEADLINE_MAX_CHARS),
            text=self.caption(table, "text", TEXT_MAX_CHARS),
            notes=self.caption(table, "notes") if "notes" in table else EMPTY,
            doing=self.one_of(Doing, table, "do") or Doing.SHOW,
            subject=self.word(table, "subject") if "subject" in table else "",
            count=self.number(table, "count"),
            fault=self.one_of(StageFault, table, "fault"),
            heals=self.flag(table, "heal"),
            goal=self.one_of(Goal, table, "until") or Goal.NOTHING,
            facts=tuple(self.facts(table.get("facts", []))),
        )
        self.check_sense(step)
        return step

    def check_sense(self, step: Step) -> None:
        if bool(step.subject) != (step.doing in _ON_SUBJECT) and step.goal is not Goal.MINTED:
            needs = phrase("“{doing}” needs a subject", doing=step.doing.value)
            self.wrong(phrase("“{doing}” has no subject", doing=step.doing.value) if step.subject else needs)
        if step.doing not in _REACHED_BY[step.goal]:
            known = ", ".join(sorted(goal.value for goal, ways in _REACHED_BY.items() if step.doing in ways))
            self.wrong(phrase("“{doing}” ends by {goals}", doing=step.doing.value, goals=known))
        if step.goal is Goal.MINTED and not step.subject:
            self.wrong(phrase("“{doing}” needs a subject", doing=Goal.MINTED.value))
        if step.count != 1 and step.doing is not Doing.CREATE:
            self.wrong(phrase("only “{doing}” has a count", doing=Doing.CREATE.value))
        if step.fault and step.heals:
            self.wrong(phrase("a step begins a fault or undoes all, not both"))

    def check_order(self, steps: tuple[Step, ...]) -> None:
        """Names before they are used, each once; and no scene ends broken."""
        made: set[str] = set()
        names: set[str] = set()
        is_broken = False
        for number, step in enumerate(steps, 1):
            self.where = f"step {number} ({step.step_id})"
            if step.step_id in names:
                self.wrong(phrase("another step has this id"))
            names.add(step.step_id)
            if step.doing is Doing.CREATE and step.subject in made:
                self.wrong(phrase("“{subject}” is made already", subject=step.subject))
            elif step.doing is not Doing.CREATE and step.subject and step.subject not in made:
                self.wrong(phrase("nothing before it makes “{subject}”", subject=step.subject))
            made |= {step.subject} if step.doing is Doing.CREATE else set()
            is_broken = (is_broken or step.fault is not None) and not step.heals
        self.where = ""
        if is_broken:
            self.wrong(phrase("a fault is not undone: a later step needs heal = true"))

    # --- values -----------------------------------------------------------------------------------------------

    def known(self, table: Mapping[str, object], keys: frozenset[str]) -> None:
        for key in table:
            if key not in keys:
                self.wrong(phrase("unknown key “{key}”", key=key))

    def word(self, table: Mapping[str, object], key: str) -> str:
        value = table.get(key)
        if isinstance(value, str) and value.replace("-", "").replace("_", "").isalnum() and value.isascii():
            return value
        self.wrong(phrase("“{key}” is missing, or not a word of a to z, digits, - and _", key=key))
        return ""

    def caption(self, table: Mapping[str, object], key: str, most_chars: int | None = None) -> Caption:
        value = table.get(key)
        texts: Mapping[str, object] = cast("Mapping[str, object]", value) if isinstance(value, dict) else {}
        both = [texts.get(language) for language in ("en", "zh")]
        if set(texts) != {"en", "zh"} or not all(isinstance(text, str) and text.strip() for text in both):
            self.wrong(phrase("“{key}” needs its words in en and in zh", key=key))
            return EMPTY
        caption = Caption(*(str(text).strip() for text in both))
        if most_chars and max(len(caption.en), len(caption.zh)) > most_chars:
            self.wrong(phrase("“{key}” has more than {most} characters", key=key, most=most_chars))
        return caption

    def one_of(self, kind: type[E], table: Mapping[str, object], key: str) -> E | None:
        value = table.get(key)
        if value is None:
            return None
        if isinstance(value, str) and value in set(kind):
            return kind(value)
        known = ", ".join(sorted(kind))
        self.wrong(phrase("“{key}” is none of {known}", key=key, known=known))
        return None

    def facts(self, value: object) -> Iterator[Fact]:
        listed = cast("list[object]", value) if isinstance(value, list) else [value]
        if len(listed) > MOST_FACTS:
            self.wrong(phrase("at most {most} facts have room", most=MOST_FACTS))
        for each in listed:
            found = self.one_of(Fact, {"facts": each if each is not None else ""}, "facts")
            if found:
                yield found

    def number(self, table: Mapping[str, object], key: str) -> int:
        value = table.get(key, 1)
        if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MOST_ASSETS:
            return value
        self.wrong(phrase("“{key}” is a number from 1 to {most}", key=key, most=MOST_ASSETS))
        return 1

    def flag(self, table: Mapping[str, object], key: str) -> bool:
        value = table.get(key, False)
        if not isinstance(value, bool):
            self.wrong(phrase("“{key}” is true or false", key=key))
        return value is True

    def wrong(self, what: Phrase) -> None:
        self.problems.append(SceneProblem(self.where, what))
