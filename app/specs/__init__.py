"""The spec: its form, its check, its default and its presets."""

from app.specs.check import CheckedSpec, Facts, SpecProblem, check_spec, facts_of, parse_spec
from app.specs.model import Spec

__all__ = ["CheckedSpec", "Facts", "Spec", "SpecProblem", "check_spec", "facts_of", "parse_spec"]
