"""What a lab is, and the labs there are: a file each in templates/labs; what they say is in languages/*/labs.ftl."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, model_validator

from app.ipc.pace import OTHER_KNEE
from app.labs.panels import NAMES, HeroName, PanelName
from app.labs.text import render_text
from app.languages import Words, everywhere
from app.places import TEMPLATES
from app.specs.clocks import knee_of_lab, knee_of_preset
from app.specs.model import Spec, Strict
from app.specs.paths import changed
from app.specs.presets import PRESETS
from engine.training.spec import RunSpec

FOLDER = TEMPLATES / "labs"
FIGURES = (
    "step", "epoch", "parameters", "multiplications", "layers", "units", "rate", "alpha", "l2", "degree",
    "batch_size", "threshold", "train_rows", "kernel", "anchors",
    *(f"{what}.{part}" for part in ("train", "cv", "test")
      for what in ("cost", "accuracy", "precision", "recall", "f1", "mae", "mse", "r2", "map50", "map", "found")),
)  # fmt: skip
"""Numbers of the run that a text may show and a challenge may ask for."""


class Start(Strict):
    """A spec: a preset with changes (path → value), or a whole one of its own."""

    preset: str = "circle"
    spec: dict[str, object] | None = None
    changes: dict[str, object] = Field(default_factory=dict)

    def plain(self) -> RunSpec:
        out = Spec.model_validate(self.spec).plain() if self.spec else PRESETS[self.preset].spec
        for path, value in self.changes.items():
            out = changed(out, path, value)
        return out


class Goal(Strict):
    """A figure of the run and where it has to be, or a setting of its spec (a dotted path) and what it has to equal."""

    figure: str | None = None
    at_least: float | None = None
    at_most: float | None = None
    setting: str | None = None
    equals: object = None

    @model_validator(mode="after")
    def _known(self) -> "Goal":
        if self.setting is not None:
            if (self.figure, self.at_least, self.at_most) != (None, None, None):
                raise ValueError("a goal is a figure or a setting, not both")
            value_at(PRESETS["circle"].spec, self.setting)
            return self
        if self.figure not in FIGURES:
            raise ValueError(f"unknown figure {self.figure!r}; known: {', '.join(FIGURES)}")
        if self.at_least is None and self.at_most is None:
            raise ValueError("a goal wants at_least or at_most")
        return self


def value_at(spec: RunSpec, path: str) -> object:
    """What stands at a dotted path of a spec, or a ValueError that names the path."""
    found: object = spec
    for key in path.split("."):
        if not isinstance(found, dict) or key not in found:
            raise ValueError(f"no setting {path!r} in a spec")
        found = found[key]
    return found


class Contestant(Start):
    """One of several runs that are watched side by side."""

    label: Words
    surface: dict[str, object] | None = Field(None, description="its own window of the cost surface")


class Comparison(Strict):
    """Runs side by side on one chart of `part`'s cost, and on maps of the cost surface if `surface` says how."""

    part: Literal["train", "cv", "test"] = "train"
    surface: dict[str, object] | None = Field(None, description="parameters of the view; shared: one map for all runs")
    shared: bool = True
    show: Literal["gradients"] | None = Field(None, description="gradients: ‖∂J/∂W‖ of every layer beside the costs")
    unit: Literal["step", "epoch", "multiplications"] = Field(
        "step", description="in which nobody is ahead of the others"
    )
    clock: float | None = Field(None, gt=0, description="so many of the unit in eleven seconds; null: the lab's steps")
    log: bool = True
    runs: list[Contestant] = Field(min_length=2, max_length=8)


class SweepPlan(Strict):
    """What the sweep of the lab is about."""

    kind: Literal["l2", "degree", "width", "train_rows", "rate"]
    seeds: int = Field(3, ge=1, le=10)
    steps: int = Field(1000, ge=100, le=10_000)


class Challenge(Strict):
    """Something to reach; met when all goals are met at once, or when the page saw the visitor do `done`."""

    id: str
    text: Words
    hint: Words
    goals: list[Goal] = Field(default_factory=list)
    done: str | None = Field(None, description="something done by hand: edited, compared, decoded, probed, walked, …")


class Lab(Strict):
    """A lab of the course."""

    id: str
    number: str
    title: Words
    question: Words
    start: Start = Field(default_factory=Start)
    clock: int | None = Field(None, ge=1, description="the knee of J in steps; null: as it was measured (clocks.json)")
    hero: HeroName = Field(description="the view that has the middle: what the lesson is about")
    view: dict[str, object] = Field(default_factory=dict, description="how the page shows it")
    pick: dict[str, object] | None = Field(None, description="the unit or map that is looked at first")
    panels: list[PanelName] = Field(default_factory=list, description="what is open beside what is always there")
    surface: dict[str, object] | None = Field(None, description="parameters of the view surface, if its panel is open")
    sweep: SweepPlan | None = None
    baseline: float | None = Field(None, ge=0, description="J that people reach, for the diagnosis")
    architecture: str | None = None
    comparison: Comparison | None = None
    challenges: list[Challenge] = Field(min_length=1)

    @model_validator(mode="after")
    def _has_its_hero(self) -> "Lab":
        if self.hero in NAMES and self.hero not in self.panels:
            raise ValueError(f"the hero {self.hero!r} is a panel that the lab does not open")
        return self

    @property
    def section(self) -> str:
        return self.number[0]

    @property
    def knee(self) -> int:
        return self.clock or knee_of_lab(self.id)

    def describe(self) -> dict[str, object]:
        """For the catalogue."""
        return {"id": self.id, "number": self.number, "title": self.title,
                "question": self.question, "spec": self.start.plain(), "clock": self.knee,
                "hero": self.hero}  # fmt: skip

    def page(self, language: str) -> dict[str, object]:
        """Everything a page needs to open it, its text rendered."""
        out = self.model_dump(exclude={"start", "comparison"})
        comparison = None
        if self.comparison is not None:
            runs = [{"label": run.label, "spec": run.plain(), "surface": run.surface} for run in self.comparison.runs]
            comparison = {**self.comparison.model_dump(exclude={"runs"}), "runs": runs}
        html = render_text(self.id, language)
        return {
            **out,
            "clock": self.knee,
            "spec": self.start.plain(),
            "comparison": comparison,
            "html": html,
            "language": language,
        }


def with_words(path: Path) -> dict[str, Any]:
    """A lab's file with what its parts are called."""
    read: dict[str, Any] = json.loads(path.read_text("utf-8"))

    def said(name: str) -> Words:
        return everywhere("labs", f"lab-{read['id']}{name}")

    comparison = read.get("comparison")
    if comparison is not None:
        for number, run in enumerate(comparison["runs"], 1):
            run["label"] = said(f".run-{number}")
    for challenge in read["challenges"]:
        challenge |= {"text": said(f".{challenge['id']}"), "hint": said(f".{challenge['id']}-hint")}
    return read | {"title": said(""), "question": said(".question")}


@lru_cache(maxsize=1)
def _read() -> dict[str, Lab]:
    found = [Lab.model_validate(with_words(path)) for path in sorted(FOLDER.glob("*.json"))]
    found.sort(key=lambda lab: (lab.section, int(lab.number[1:])))
    return {lab.id: lab for lab in found}


LABS = _read()


def find_lab(id: str) -> Lab | None:
    return LABS.get(id)


def knee_of(name: str | None) -> int:
    """The knee of a lab or preset; of a spec that is neither, a usual one."""
    lab = None if name is None else find_lab(name)
    if lab is not None:
        return lab.knee
    return OTHER_KNEE if name is None else knee_of_preset(name)
