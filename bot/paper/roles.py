"""What each unit of a page is: the most likely reading of the whole page.

A reading gives every unit a part. Its score is the sum of what speaks for each part, by the unit's form and by what
stands before it (`bot.paper.evidence`). The best reading is found by dynamic programming (Viterbi), so that a doubtful
unit is judged by all that stands around it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.paper import evidence
from bot.paper.evidence import ASIDE, Part, State
from bot.paper.layout import Unit


@dataclass(frozen=True)
class Reading:
    """A unit's part, and whether an article begins with it."""

    part: Part
    begins: bool


@dataclass(frozen=True)
class _Step:
    score: float
    part: Part
    begins: bool
    before: "State"


def read(units: Sequence[Unit]) -> list[Reading]:
    """The most likely part of each unit."""
    marked = any(unit.begins for unit in units)
    columns: list[dict[State, _Step]] = []
    best: dict[State, float] = {State(): 0.0}
    for i in range(len(units)):
        parts = evidence.parts(units, i, marked=marked)
        column: dict[State, _Step] = {}
        for before, score in best.items():
            for part, weight in parts.items():
                follows, begins = evidence.follows(units, i, before, part, marked=marked)
                total = score + weight + follows
                if total == evidence.IMPOSSIBLE:
                    continue
                state = _after(units, i, before, part, begins)
                if state not in column or column[state].score < total:
                    column[state] = _Step(total, part, begins, before)
        columns.append(column)
        best = {state: step.score for state, step in column.items()}
    return _trace(units, columns, best)


def _trace(units: Sequence[Unit], columns: list[dict[State, _Step]], best: dict[State, float]) -> list[Reading]:
    """Back from the best end to the beginning."""
    if not units:
        return []
    ends = {state: score + evidence.ends(units, state) for state, score in best.items()}
    state = max(ends, key=lambda s: ends[s])
    readings: list[Reading] = []
    for column in reversed(columns):
        step = column[state]
        readings.append(Reading(step.part, step.begins))
        state = step.before
    return readings[::-1]


def _after(units: Sequence[Unit], i: int, before: State, part: Part, begins: bool) -> State:
    has_text = (before.has_text and not begins) or part in (Part.TEXT, Part.MORE)
    if part in (Part.TEXT, Part.MORE):
        return State(part, has_text, None if units[i].form.closed else i)
    return State(part, has_text, before.unfinished if part in ASIDE and not begins else None)
