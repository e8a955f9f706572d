"""Specs checked whole, the uploaded files that they name included."""

from app.runs.uploads import Uploads
from app.settings import Settings
from app.specs import CheckedSpec, check_spec, facts_of, parse_spec
from engine.training.spec import RunSpec


class Checks:
    """What a worker would refuse is found here, before anything is allocated."""

    def __init__(self, settings: Settings, uploads: Uploads) -> None:
        self.settings, self.uploads = settings, uploads

    async def raw(self, raw: object) -> CheckedSpec:
        """Somebody's JSON as a spec that can run, or a SpecProblem."""
        return await self.parsed(parse_spec(raw))

    async def parsed(self, spec: RunSpec) -> CheckedSpec:
        """A spec in its plain form."""
        facts = facts_of(spec["data"]) or await self.uploads.facts(spec["data"])
        return check_spec(spec, facts, self.settings)
