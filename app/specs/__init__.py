"""The spec: its form, its check, its default and its presets."""

from app.specs.check import CheckedSpec, Facts, check_spec, facts_of, parse_spec
from app.specs.model import Spec
from app.specs.paths import changed

__all__ = ["CheckedSpec", "Facts", "Spec", "changed", "check_spec", "facts_of", "parse_spec"]
