"""The course: labs as a page shows them. Terms are app.labs.glossary.Term."""

from typing import Literal

from pydantic import Field, JsonValue

from app.contract.base import Answer
from app.labs.labs import Challenge, SweepPlan
from app.labs.panels import HeroName, PanelName
from app.languages import Words
from app.specs.model import Spec


class ContestantPage(Answer):
    """One of several runs that are watched side by side."""

    label: Words
    spec: Spec
    surface: dict[str, JsonValue] | None


class ComparisonPage(Answer):
    """Runs side by side, with their specs."""

    part: Literal["train", "cv", "test"]
    surface: dict[str, JsonValue] | None
    shared: bool
    show: Literal["gradients"] | None
    unit: Literal["step", "epoch", "multiplications"] = Field(description="in which nobody is ahead of the others")
    clock: float | None = Field(description="so many of the unit in eleven seconds; null: the lab's clock, in steps")
    log: bool
    runs: list[ContestantPage]


class LabPage(Answer):
    """A lab whole: spec, text, what is compared, challenges."""

    id: str
    number: str
    title: Words
    question: Words
    clock: int = Field(description="the knee of J in steps, for the command pace")
    hero: HeroName = Field(description="the view that has the middle: what the lesson is about")
    view: dict[str, JsonValue] = Field(description="how the page shows it")
    pick: dict[str, JsonValue] | None = Field(description="the unit or map that is looked at first")
    panels: list[PanelName]
    surface: dict[str, JsonValue] | None
    sweep: SweepPlan | None
    baseline: float | None
    architecture: str | None
    challenges: list[Challenge]
    spec: Spec
    comparison: ComparisonPage | None
    html: str = Field(description="the text, with formulas as MathML")
    language: str
