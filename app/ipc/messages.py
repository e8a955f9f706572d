"""Every message between the server and a worker: a struct each, told apart by its tag.

The server sends an `Asked` (number, `Question`); the worker a `Told`: the `Answer`, a `Refusal`, or `News`. The type
of a question says which answer belongs to it: `Frame` is a `Question[FrameMade]`.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Generic, TypeVar, get_args

from msgspec import Struct

from app.ipc.commands import AnyCommand, Entry
from app.ipc.pace import Pace
from engine.core.errors import Params

if TYPE_CHECKING:
    from app.plain import BoxesAbout, PicturesAbout
    from engine.data.settings import DataSettings
    from engine.data.uploads import TableAbout
    from engine.training.spec import RunSpec
else:  # plain by the time they are here; msgspec would drop what a TypedDict does not name: a layer's own arguments
    BoxesAbout = PicturesAbout = TableAbout = DataSettings = RunSpec = dict

Views = dict[str, dict[str, object]]
"""Names of views with their parameters, as check_parameters leaves them."""


# -- what messages are made of -------------------------------------------------------------------------------------
class Upload(Struct, frozen=True):
    """An uploaded file that a spec names."""

    id: str
    content: bytes


class Kept(Struct, frozen=True):
    """A run as it was kept: its latest checkpoint, its history, its keyframes in order."""

    latest: bytes
    rows: bytes
    frames: list[bytes]


class Diverged(Struct, frozen=True):
    """Where a number stopped being finite, and the last good moment."""

    step: int
    layer: str
    weight: str | None
    last_good_step: int


class Stopped(Struct, frozen=True):
    """When early stopping ended the run, and the moment it went back to."""

    step: int
    epoch: int
    best_step: int
    best_epoch: int
    cost: float


class Solution(Struct, frozen=True):
    """What the normal equation found."""

    rank: int
    columns: int
    full_rank: bool
    condition: float | None
    seconds: float
    method: str
    weights: list[float]
    bias: list[float]


class RunState(Struct, frozen=True):
    """How a run stands; `version` goes up with every change. A run whose worker has not spoken is at version 0."""

    run: str
    playing: bool = False
    step: int = 0
    epoch: float = 0.0
    steps_per_epoch: int = 1
    head: int = 0
    viewing: bool = False
    diverged: Diverged | None = None
    stopped: Stopped | None = None
    cycle: int | None = None
    failed: str | None = None
    speed: float | None = None
    pace: Pace = Pace()
    held: float | None = None
    rate: float = 0.0
    step_ms: float = 0.0
    keyframes: list[int] = []
    version: int = 0
    revision: int = 0


# -- answers -------------------------------------------------------------------------------------------------------
class Answer(Struct, frozen=True, tag=True):
    """What a worker answers a question with."""


class Done(Answer, frozen=True):
    pass


class Created(Answer, frozen=True):
    """A run that is there; a run that came back has had its journal carried out. `head_spec`: the present's spec.

    `settled`: of commands whose end nobody knew, the number and the steps at which they began and ended now.
    """

    state: RunState
    spec: RunSpec
    head_spec: RunSpec
    settled: list[tuple[int, int, int]]


class FrameMade(Answer, frozen=True):
    """A frame of views as safetensors, and the run's version that it shows."""

    version: int
    frame: bytes


class TrialResult(Answer, frozen=True):
    """What became of a trial: cost (None: not finite) and accuracy (of classifiers) by part."""

    step: int
    diverged: bool
    seconds: float
    cost: dict[str, float | None]
    accuracy: dict[str, float]
    stopped: Stopped | None


class Standing(Answer, frozen=True):
    """How the run stands after a command that began at step `began`; head_spec is the present's spec.

    `replaced` is the number that an edit of a weight took away.
    """

    state: RunState
    spec: RunSpec
    head_spec: RunSpec
    began: int
    solution: Solution | None = None
    replaced: float | None = None


class Moment(Answer, frozen=True):
    """A kept moment with the history up to it, for a fork."""

    step: int
    spec: RunSpec
    kept: Kept


class Predicted(Answer, frozen=True):
    """Nested lists by name: "outputs", and "layer/z", "layer/a" if asked; None is what was not finite."""

    step: int
    revision: int
    classes: list[str]
    tensors: dict[str, list[object]]


class File(Answer, frozen=True):
    """A whole file: safetensors, ONNX."""

    content: bytes


class TableRead(Answer, frozen=True):
    """What an uploaded CSV is."""

    about: TableAbout


class PicturesRead(Answer, frozen=True):
    """What an uploaded archive is, and its pictures as they are kept."""

    about: PicturesAbout | BoxesAbout
    packed: bytes


class Inspected(Answer, frozen=True):
    """Facts of the data set that an uploaded file holds."""

    task: str
    kind: str
    outputs: int
    inputs: list[str]
    classes: list[str]
    examples: int
    shape: list[int]


class Cancelled(Answer, frozen=True):
    number: int


# -- questions -----------------------------------------------------------------------------------------------------
A = TypeVar("A", bound=Answer)


class Question(Struct, Generic[A], frozen=True, tag=True):
    """What the server asks; A is what it gets unless it is refused."""


class OfRun(Question[A], Generic[A], frozen=True):
    """A question to the worker that has a run."""

    run: str


class Create(OfRun[Created], frozen=True):
    """Starts or resumes a run; twice is once. `journal`: what happened after what was `kept`; `number` is its last."""

    spec: RunSpec
    uploads: list[Upload] = []
    kept: Kept | None = None
    journal: list[Entry] = []
    number: int = 0
    playing: bool = False
    pace: Pace = Pace()
    version: int = 1


class Close(OfRun[Done], frozen=True):
    pass


class Frame(OfRun[FrameMade], frozen=True):
    """Answered as soon as the run's version is above `after`."""

    after: int
    views: Views
    exact: bool


class Steer(OfRun[Standing], frozen=True):
    """One command, between two steps; `number` is its place in the run's journal."""

    number: int
    command: AnyCommand


class Checkpoint(OfRun[Moment], frozen=True):
    """The moment that is shown, or the kept one nearest to a step."""

    step: int | None


class Predict(OfRun[Predicted], frozen=True):
    inputs: Sequence[object]
    activations: bool


class Weights(OfRun[File], frozen=True):
    pass


class Data(OfRun[File], frozen=True):
    """At most `most` examples, with their parts."""

    most: int


class Onnx(OfRun[File], frozen=True):
    pass


class KeepUpload(OfRun[Done], frozen=True):
    """A file that the run's next spec names."""

    upload: Upload


class Trial(Question[TrialResult], frozen=True):
    """A small run of a sweep; answered when it is over."""

    sweep: str
    spec: RunSpec
    steps: int
    method: str
    uploads: list[Upload] = []


class Cancel(Question[Cancelled], frozen=True):
    """Ends the trials of a sweep that are here."""

    sweep: str


class Csv(Question[TableRead], frozen=True):
    content: bytes


class Pictures(Question[PicturesRead], frozen=True):
    archive: bytes
    most_bytes: int
    most_pictures: int


class Inspect(Question[Inspected], frozen=True):
    """`data` is the part of a spec that names the upload."""

    data: DataSettings
    upload: Upload


class Save(Question[Done], frozen=True):
    """Before a shutdown: everything unsaved of all runs is told."""


class Threads(Question[Done], frozen=True):
    number: int


AnyOfRun = Create | Close | Frame | Steer | Checkpoint | Predict | Weights | Data | Onnx | KeepUpload
AnyQuestion = AnyOfRun | Trial | Cancel | Csv | Pictures | Inspect | Save | Threads
AnyAnswer = (
    Done | Created | FrameMade | TrialResult | Standing | Moment | Predicted | File | TableRead
    | PicturesRead | Inspected | Cancelled
)  # fmt: skip
ANSWER_OF: dict[type, type] = {kind: get_args(kind.__orig_bases__[0])[0] for kind in get_args(AnyQuestion)}
"""The type of the answer that belongs to each type of question."""


class Refusal(Struct, frozen=True, tag=True):
    """It could not be done. `field` was wrong; or `fault`, a mistake of ours."""

    detail: str
    field: str | None = None
    fault: bool = False
    code: str = "other"
    params: Params = {}


# -- news ----------------------------------------------------------------------------------------------------------
class StateNews(Struct, frozen=True, tag=True):
    """How a run stands now."""

    state: RunState

    @property
    def run(self) -> str:
        return self.state.run


class RowsNews(Struct, frozen=True, tag=True):
    """History rows from the `start`-th on; those that were there before are replaced."""

    run: str
    start: int
    rows: bytes


class CheckpointNews(Struct, frozen=True, tag=True):
    """What storage lacks: the latest checkpoint and new keyframes by step; keyframes that are not in `kept` go.

    The checkpoint has in it every command up to `number`.
    """

    run: str
    number: int
    step: int
    latest: bytes
    frames: list[tuple[int, bytes]]
    kept: list[int]


News = StateNews | RowsNews | CheckpointNews


class Asked(Struct, frozen=True, array_like=True):
    """Server → worker."""

    number: int
    question: AnyQuestion


class Told(Struct, frozen=True, array_like=True):
    """Worker → server; number None: news."""

    number: int | None
    content: AnyAnswer | Refusal | News


class Limits(Struct, frozen=True):
    """The settings of a worker."""

    slice_ms: float
    checkpoint_seconds: float
    keyframe_bytes: int
    measure_share: float = 0.2
