"""Makes golden_faces.npz: the two face nets of face-api.js run by PyTorch on the shipped photographs.

    pip install torch numpy ; npm ci
    python tests/parity/make_golden_faces.py

Written from the package's TypeScript sources alone; it imports nothing of this project.
"""

import json
from pathlib import Path

import numpy as np
import torch
from torch.nn.functional import avg_pool2d, conv2d, leaky_relu, max_pool2d, pad, relu

ROOT = Path(__file__).parents[2]
MODEL = ROOT / "node_modules/@vladmandic/face-api/model"


def weights(name):
    (group,) = json.loads((MODEL / f"{name}-weights_manifest.json").read_text())
    body, at, out = b"".join((MODEL / p).read_bytes() for p in group["paths"]), 0, {}
    for entry in group["weights"]:
        count, how = int(np.prod(entry["shape"])), entry["quantization"]
        q = np.frombuffer(body, np.uint8, count, at).astype(np.float64)
        at += count
        out[entry["name"]] = torch.tensor((q * how["scale"] + how["min"]).reshape(entry["shape"]))
    return out


def plain(x, w, b, stride=1):
    return conv2d(x, w.permute(3, 2, 0, 1), b, stride)


def same(x, kernel, stride):
    """TensorFlow's padding: the odd pixel at the bottom and right."""
    out = []
    for size in (x.shape[3], x.shape[2]):
        total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
        out += [total // 2, total - total // 2]
    return pad(x, out)


def separable(x, w, name, stride=1):
    channels = x.shape[1]
    x = conv2d(same(x, 3, stride), w[f"{name}/depthwise_filter"].permute(2, 3, 0, 1), None, stride, groups=channels)
    return plain(x, w[f"{name}/pointwise_filter"], w[f"{name}/bias"])


def pool(x, stride):
    total = max((-(-x.shape[2] // stride) - 1) * stride + 2 - x.shape[2], 0)
    return max_pool2d(pad(x, [0, total, 0, total], value=float("-inf")), 2, stride)


def detector(pictures, w):
    x = (pictures * 255 - torch.tensor([117.001, 114.697, 97.404])[:, None, None]) / 255
    x = pool(leaky_relu(plain(x, w["conv0/filters"], w["conv0/bias"]), 0.1), 2)
    for i in range(1, 6):
        x = pool(leaky_relu(separable(x, w, f"conv{i}"), 0.1), 2 if i < 5 else 1)
    return plain(x, w["conv8/filters"], w["conv8/bias"])


def landmarks(faces, w):
    x = (faces * 255 - torch.tensor([122.782, 117.001, 104.298])[:, None, None]) / 255
    for i in range(3):
        name = f"dense{i}/conv"
        first = relu(separable(x, w, f"{name}0", 2) if i else
                     plain(same(x, 3, 2), w[f"{name}0/filters"], w[f"{name}0/bias"], 2))  # fmt: skip
        second = separable(first, w, f"{name}1")
        third = separable(relu(first + second), w, f"{name}2")
        x = relu(first + second + third)
    return avg_pool2d(x, 14, 2).flatten(1) @ w["fc/weights"] + w["fc/bias"]


def main():
    photographs = np.load(ROOT / "engine/data/files/photographs.npz")["x"] / 255.0
    pictures = torch.tensor(photographs).permute(0, 3, 1, 2)
    out = {"detector": detector(pictures, weights("tiny_face_detector_model")).permute(0, 2, 3, 1).numpy()}
    face = pictures[:1, :, 20:132, 60:172]  # 112×112 about the astronaut's face
    out["landmarks"] = landmarks(face, weights("face_landmark_68_tiny_model")).numpy()
    np.savez_compressed(
        Path(__file__).with_name("golden_faces.npz"), **{k: v.astype(np.float32) for k, v in out.items()}
    )


if __name__ == "__main__":
    main()
