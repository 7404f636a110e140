"""Scenes as text: what is read, and everything that is refused."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, cast

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ipnft_desktop.domain.errors import ErrorCode
from ipnft_desktop.domain.scene_text import (
    HEADLINE_MAX_CHARS,
    MOST_ASSETS,
    MOST_FACTS,
    MOST_STEPS,
    TEXT_MAX_CHARS,
    SceneInvalid,
    read_scene,
)
from ipnft_desktop.domain.scenes import EMPTY, Caption, Doing, Fact, Goal, StageFault

Table = dict[str, Any]
WORDS = {"en": "words", "zh": "文字"}


def made(step_id: str = "make", subject: str = "work") -> Table:
    told = {"id": step_id, "headline": WORDS, "text": WORDS}
    return {**told, "do": "create", "subject": subject, "until": "created"}


def minted(step_id: str = "mint", subject: str = "work") -> Table:
    return {**made(step_id, subject), "do": "mint", "until": "minted"}


def told(step_id: str = "tell") -> Table:
    return {"id": step_id, "headline": WORDS, "text": WORDS}


def scene(*steps: object) -> Table:
    listed = list(steps or (made(), minted(), told()))
    return copy.deepcopy({"id": "demo", "title": WORDS, "summary": WORDS, "step": listed})


def toml_of(value: object) -> str:
    """A value as TOML writes it within a line."""
    match value:
        case bool():
            return str(value).lower()
        case int() | float():
            return str(value)
        case str():
            letters = (letter if letter.isprintable() else f"\\U{ord(letter):08x}" for letter in value)
            return '"' + "".join(f"\\{each}" if each in '"\\' else each for each in letters) + '"'
        case list():
            return "[" + ", ".join(map(toml_of, cast("list[object]", value))) + "]"
        case dict():
            pairs = cast("dict[str, object]", value).items()
            return "{" + ", ".join(f"{toml_of(key)} = {toml_of(each)}" for key, each in pairs) + "}"
        case _:
            raise TypeError(value)


def text_of(table: Table) -> str:
    return "".join(f"{toml_of(key)} = {toml_of(value)}\n" for key, value in table.items())


def problems_of(table: Table) -> list[str]:
    try:
        read_scene(text_of(table))
    except SceneInvalid as error:
        return [str(problem) for problem in error.scene_problems]
    return []


def test_a_scene_is_read_as_it_is_written() -> None:
    step = {**minted(), "notes": {"en": " aside ", "zh": "旁白"}, "fault": "cut", "until": "in_trouble"}
    back = {**minted("back"), "do": "retry", "heal": True, "facts": ["attempts", "same_transaction"]}
    read = read_scene(text_of(scene({**made(), "count": 3}, step, back)))
    assert (read.scene_id, read.title) == ("demo", Caption("words", "文字"))
    first, second, third = read.steps
    assert (first.doing, first.count, first.goal, first.notes) == (Doing.CREATE, 3, Goal.CREATED, EMPTY)
    assert (second.fault, second.goal, second.heals) == (StageFault.CUT, Goal.IN_TROUBLE, False)
    assert second.notes == Caption("aside", "旁白"), "spaces around it do not count"
    assert (third.doing, third.heals, third.facts) == (Doing.RETRY, True, (Fact.ATTEMPTS, Fact.SAME_TRANSACTION))


def at_step(number: int, **changes: object) -> Callable[[Table], None]:
    def change(table: Table) -> None:
        table["step"][number - 1].update(changes)

    return change


def without(number: int, key: str) -> Callable[[Table], None]:
    def change(table: Table) -> None:
        del table["step"][number - 1][key]

    return change


def at_top(**changes: object) -> Callable[[Table], None]:
    return lambda table: table.update(changes)


WORD_NEEDED = "is missing, or not a word of a to z, digits, - and _"
RULES: tuple[tuple[Callable[[Table], None], str], ...] = (
    # the scene
    (at_top(colour="red"), "unknown key “colour”"),
    (at_top(id="two words"), f"“id” {WORD_NEEDED}"),
    (at_top(id=""), f"“id” {WORD_NEEDED}"),
    (at_top(id="é"), f"“id” {WORD_NEEDED}"),
    (at_top(id=7), f"“id” {WORD_NEEDED}"),
    (at_top(title="words"), "“title” needs its words in en and in zh"),
    (at_top(title={"en": "words"}), "“title” needs its words in en and in zh"),
    (at_top(title={"en": "words", "zh": "  "}), "“title” needs its words in en and in zh"),
    (at_top(title={"en": "words", "zh": 7}), "“title” needs its words in en and in zh"),
    (at_top(title={**WORDS, "fr": "mots"}), "“title” needs its words in en and in zh"),
    (lambda table: table.pop("summary"), "“summary” needs its words in en and in zh"),
    (at_top(step=[]), f"a scene has 1 to {MOST_STEPS} steps"),
    (lambda table: table.pop("step"), f"a scene has 1 to {MOST_STEPS} steps"),
    (at_top(step=[told(f"tell-{n}") for n in range(MOST_STEPS + 1)]), f"a scene has 1 to {MOST_STEPS} steps"),
    (at_top(step=[told(), "more"]), "step 2: a step is a table: [[step]]"),
    (at_top(step="more"), "step 1: a step is a table: [[step]]"),
    # a step
    (at_step(3, untill="minted"), "step 3 (tell): unknown key “untill”"),
    (without(3, "id"), f"step 3: “id” {WORD_NEEDED}"),
    (without(3, "headline"), "step 3 (tell): “headline” needs its words in en and in zh"),
    (without(3, "text"), "step 3 (tell): “text” needs its words in en and in zh"),
    (at_step(3, notes="x"), "step 3 (tell): “notes” needs its words in en and in zh"),
    (
        at_step(3, headline={**WORDS, "zh": "字" * (HEADLINE_MAX_CHARS + 1)}),
        f"step 3 (tell): “headline” has more than {HEADLINE_MAX_CHARS} characters",
    ),
    (
        at_step(3, text={**WORDS, "en": "w" * (TEXT_MAX_CHARS + 1)}),
        f"step 3 (tell): “text” has more than {TEXT_MAX_CHARS} characters",
    ),
    (at_step(3, do="dance"), f"step 3 (tell): “do” is none of {', '.join(sorted(Doing))}"),
    (at_step(3, do=["show"]), f"step 3 (tell): “do” is none of {', '.join(sorted(Doing))}"),
    (at_step(3, until="later"), f"step 3 (tell): “until” is none of {', '.join(sorted(Goal))}"),
    (at_step(2, fault="rain", heal=True), f"step 2 (mint): “fault” is none of {', '.join(sorted(StageFault))}"),
    (at_step(3, facts=["mood"]), f"step 3 (tell): “facts” is none of {', '.join(sorted(Fact))}"),
    (at_step(3, facts=["gas", 7]), f"step 3 (tell): “facts” is none of {', '.join(sorted(Fact))}"),
    (at_step(3, facts=["gas"] * (MOST_FACTS + 1)), f"step 3 (tell): at most {MOST_FACTS} facts have room"),
    (at_step(1, count=0), f"step 1 (make): “count” is a number from 1 to {MOST_ASSETS}"),
    (at_step(1, count=MOST_ASSETS + 1), f"step 1 (make): “count” is a number from 1 to {MOST_ASSETS}"),
    (at_step(1, count=True), f"step 1 (make): “count” is a number from 1 to {MOST_ASSETS}"),
    (at_step(1, count="2"), f"step 1 (make): “count” is a number from 1 to {MOST_ASSETS}"),
    (at_step(3, heal="yes"), "step 3 (tell): “heal” is true or false"),
    (at_step(2, subject="two words"), f"step 2 (mint): “subject” {WORD_NEEDED}"),
    # what makes no sense
    (without(1, "subject"), "step 1 (make): “create” needs a subject"),
    (at_step(3, subject="work"), "step 3 (tell): “show” has no subject"),
    (at_step(2, until="verified"), "step 2 (mint): “mint” ends by failed, in_trouble, minted, signed"),
    (without(1, "until"), "step 1 (make): “create” ends by created"),
    (at_step(3, do="start", until="minted"), "step 3 (tell): “minted” needs a subject"),
    (at_step(2, count=2), "step 2 (mint): only “create” has a count"),
    (at_step(2, fault="cut", heal=True), "step 2 (mint): a step begins a fault or undoes all, not both"),
    (at_step(3, id="mint"), "step 3 (mint): another step has this id"),
    (lambda table: table["step"].append(made("again")), "step 4 (again): “work” is made already"),
    (at_step(2, subject="other"), "step 2 (mint): nothing before it makes “other”"),
    (lambda table: table["step"].reverse(), "step 2 (mint): nothing before it makes “work”"),
    (at_step(2, fault="cut"), "a fault is not undone: a later step needs heal = true"),
)


@pytest.mark.parametrize(("change", "problem"), RULES, ids=[problem for _change, problem in RULES])
def test_what_is_wrong_is_named_with_its_place(change: Callable[[Table], object], problem: str) -> None:
    table = scene()
    assert problems_of(table) == []
    change(table)
    assert problem in problems_of(table)


@pytest.mark.parametrize("number", range(len(RULES)))
def test_one_mistake_is_one_problem_or_what_follows_of_it(number: int) -> None:
    """Nobody is sent to places where nothing is wrong."""
    table = scene()
    RULES[number][0](table)
    found = problems_of(table)
    assert 1 <= len(found) <= 3, found


def test_all_that_is_wrong_is_told_at_once_in_the_order_of_the_text() -> None:
    table = scene()
    table["colour"] = "red"
    at_step(1, count=0)(table)
    at_step(3, until="later")(table)
    with pytest.raises(SceneInvalid) as caught:
        read_scene(text_of(table))
    assert [problem.where for problem in caught.value.scene_problems] == ["", "step 1 (make)", "step 3 (tell)"]
    assert caught.value.code is ErrorCode.SCENE_INVALID
    assert str(caught.value.scene_problems[1]) in str(caught.value), "the error tells all of them"


def test_start_may_wait_for_a_mint_or_for_the_environment() -> None:
    waits_for_mint = {**minted("back"), "do": "start"}
    assert problems_of(scene(made(), minted(), waits_for_mint, {**told(), "do": "start", "until": "ready"})) == []


def test_a_fault_may_be_undone_by_any_later_step() -> None:
    cut = {**minted(), "fault": "cut", "until": "in_trouble"}
    assert problems_of(scene(made(), cut, told(), {**told("end"), "heal": True})) == []


_VALUES: st.SearchStrategy[Any] = st.recursive(
    st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"]), max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["en", "zh", "id", "x"]) | st.just(""), inner, max_size=3)
    ),
    max_leaves=5,
)
_KEYS = st.sampled_from(["id", "title", "summary", "step", "headline", "text", "notes", "do", "subject", "count"])
_MORE_KEYS = st.sampled_from(["fault", "heal", "until", "facts"])
_GIVEN_WORDS = st.sampled_from([*Doing, *Goal, *StageFault, *Fact]).map(str)


@given(st.text())
@example("a = " + "[" * 100_000)
@example("a = " + "1" * 5_000)
@example("a = 9999-99-99")
@example("[[step]]\n[step.x]\n")
@example("\ufeff\0\ud800")
def test_no_text_does_worse_than_being_refused(text: str) -> None:
    with pytest.raises(SceneInvalid):
        read_scene(text)


@given(st.data())
def test_no_value_in_any_place_does_worse_than_being_refused(data: st.DataObject) -> None:
    table = scene()
    places: list[Table] = [table, *table["step"]]
    for _ in range(data.draw(st.integers(1, 4))):
        place = places[data.draw(st.integers(0, len(places) - 1))]
        place[data.draw(_KEYS | _MORE_KEYS)] = data.draw(_VALUES | _GIVEN_WORDS)
    text = text_of(table)
    try:
        read = read_scene(text)
    except SceneInvalid as error:
        assert error.scene_problems
        assert all(str(problem) for problem in error.scene_problems)
    else:
        assert read.steps
