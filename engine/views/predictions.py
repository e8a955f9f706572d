"""Views of what the model answers on the examples themselves."""

import numpy as np

from engine.core.arguments import Argument
from engine.views.base import ViewContext, ViewResult, view


@view(
    "predictions",
    "the model's answers on the points, in the order of GET /runs/{id}/data",
    Argument("most", "int", 1000, minimum=1, maximum=20_000, doc="at most so many points"),
)
def predictions(context: ViewContext, most: int) -> ViewResult:
    trainer = context.trainer
    data = trainer.data
    with np.errstate(all="ignore"):
        out = trainer.model.predict(data.x[:most])
    if data.dataset.task == "regression":
        out = out * np.float32(data.target_scale) + np.float32(data.target_offset)
    if data.dataset.task == "multiclass":
        return ViewResult(
            {"winner": out.argmax(axis=1).astype(np.uint8), "share": context.bytes(out.max(axis=1), 0, 1)}
        )
    return ViewResult({"y": context.half(out[:, 0])})
