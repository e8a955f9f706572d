"""Files that visitors bring: read in a worker, kept in storage, sent along with the specs that name them."""

from collections.abc import Sequence

from app.errors import NotFound, Refused, SpecProblem
from app.ipc.messages import Csv, Inspect, KeepUpload, Pictures, Upload
from app.plain import UploadAbout
from app.runs.context import Context
from app.specs import Facts
from app.specs.check import describe
from engine.data import datasets
from engine.data.settings import DataSettings
from engine.data.uploads import fingerprint
from engine.training.spec import RunSpec

MOST_FACTS = 500


class Uploads:
    """CSV files and archives of pictures."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._facts: dict[str, Facts] = {}

    async def add_csv(self, text: bytes) -> dict[str, object]:
        """Parses a CSV in a worker, keeps it, and says what its columns are."""
        most = self.context.settings.max_upload_bytes
        if len(text) > most:
            raise SpecProblem(
                "file",
                "file-large",
                "a file may have at most {most:,} bytes, got {got:,}",
                limit=True,
                most=most,
                got=len(text),
            )
        try:
            read = await self.context.workers.anywhere(Csv(text))
        except Refused as error:
            raise SpecProblem.of("file", error) from error
        return await self._keep(text, read.about)

    async def add_pictures(self, archive: bytes) -> dict[str, object]:
        """Reads a ZIP archive of pictures in folders in a worker, keeps them, and says what they are."""
        settings = self.context.settings
        question = Pictures(archive, settings.max_pictures_bytes, settings.max_pictures)
        try:
            read = await self.context.workers.anywhere(question)
        except Refused as error:
            raise SpecProblem.of("file", error) from error
        return await self._keep(read.packed, read.about)

    async def _keep(self, content: bytes, about: UploadAbout) -> dict[str, object]:
        upload = fingerprint(content)
        await self.context.database.put_upload(upload, content, about, self.context.settings.max_uploads)
        return {"id": upload, **about}

    async def get(self, upload: str) -> dict[str, object]:
        """What is known of an uploaded file, and its id."""
        return {"id": upload, **await self.about(upload)}

    async def about(self, upload: str) -> UploadAbout:
        """What is known of an uploaded file."""
        stored = await self.context.database.upload(upload)
        if stored is None:
            raise NotFound("no-upload", "there is no uploaded file {upload!r:.60}", upload=upload)
        return stored[1]

    async def of(self, specs: Sequence[RunSpec]) -> list[Upload]:
        """The files that specs name, once each, of those that are here."""
        named = [s["data"]["upload"] for s in specs if datasets.get(s["data"]["name"]).uploaded]
        stored = {name: await self.context.database.upload(name) for name in dict.fromkeys(named) if name}
        return [Upload(name, found[0]) for name, found in stored.items() if found is not None]

    async def send(self, run: str, spec: RunSpec) -> None:
        """A run's worker gets an uploaded file before a spec that names it."""
        data = spec["data"]
        if datasets.get(data["name"]).uploaded and data["upload"]:
            await self.context.workers.ask(KeepUpload(run, await self._stored(data)))

    async def _stored(self, data: DataSettings) -> Upload:
        name = data["upload"]
        stored = None if name is None else await self.context.database.upload(name)
        if name is None or stored is None:
            raise SpecProblem(
                "data.upload", "no-upload", "data.upload: there is no uploaded file {upload!r:.60}", upload=name
            )
        return Upload(name, stored[0])

    async def facts(self, data: DataSettings) -> Facts:
        """What the data set of an uploaded file amounts to; a worker looks at it once."""
        key = repr((data["name"], data["upload"], data["inputs"], data["target"], data["size"]))
        if key not in self._facts:
            question = Inspect({**data, "features": None, "degree": 1}, await self._stored(data))
            try:
                seen = await self.context.workers.anywhere(question)
            except Refused as error:
                raise SpecProblem.of("data", error) from error
            if len(self._facts) > MOST_FACTS:
                self._facts.clear()
            self._facts[key] = Facts(seen.task, seen.kind, seen.outputs, tuple(seen.shape), tuple(seen.inputs),
                                     tuple(seen.classes), seen.examples)  # fmt: skip
        f = self._facts[key]
        return describe(f.task, f.kind, f.outputs, f.input_names, f.input_shape, f.classes, f.examples, data)
