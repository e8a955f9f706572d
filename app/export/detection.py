"""The loss of a detector as code for another framework, term by term as engine/detection/losses.py has it."""

from engine.core.types import ConfigLike

DETECTION = ("yolo", "localisation")
KERAS = '''
def detection_loss(target, output):
    """target and output ({shape}): for each place 1 or 0, x, y, ln h/a_h, ln w/a_w, one-hot class; logits first."""
    o = keras.ops.reshape(output, (-1, {places}, {depth}))
    t = keras.ops.reshape(target, (-1, {places}, {depth}))
    z, p = o[..., 0], t[..., 0]
    cross = keras.ops.logaddexp(0.0, z) - z * p
    centre = keras.ops.sum((keras.ops.sigmoid(o[..., 1:3]) - t[..., 1:3]) ** 2, axis=-1)
    size = keras.ops.sum((o[..., 3:5] - t[..., 3:5]) ** 2, axis=-1)
    kind = -keras.ops.sum(keras.ops.log_softmax(o[..., 5:], axis=-1) * t[..., 5:], axis=-1)
    each = p * (cross + {box} * (centre + size) + {kind} * kind) + (1 - p) * {none} * cross
    return keras.ops.sum(each, axis=-1)

'''
TORCH = '''
def detection_loss(output, target):
    """target and output ({shape}): for each place 1 or 0, x, y, ln h/a_h, ln w/a_w, one-hot class; logits first."""
    o = output.reshape(len(output), {places}, {depth})
    t = target.reshape(len(output), {places}, {depth})
    z, p = o[..., 0], t[..., 0]
    cross = nn.functional.softplus(z) - z * p
    centre = ((torch.sigmoid(o[..., 1:3]) - t[..., 1:3]) ** 2).sum(-1)
    size = ((o[..., 3:5] - t[..., 3:5]) ** 2).sum(-1)
    kind = -(torch.log_softmax(o[..., 5:], -1) * t[..., 5:]).sum(-1)
    each = p * (cross + {box} * (centre + size) + {kind} * kind) + (1 - p) * {none} * cross
    return each.sum(-1).mean()

'''


def detection_code(template: str, loss: ConfigLike, output_shape: list[int]) -> str:
    """The function's source for a resolved loss and the model's output shape."""
    count = len(loss.get("anchors") or (1,))
    cells = output_shape[0] * output_shape[1] if len(output_shape) == 3 else 1
    depth = output_shape[-1] // count
    return template.format(
        shape="B, " + ", ".join(map(str, output_shape)),
        places=cells * count,
        depth=depth,
        box=loss.get("box_weight", 5.0),
        none=loss.get("no_object_weight", 0.5 if loss["name"] == "yolo" else 1.0),
        kind=loss.get("class_weight", 1.0),
    )
