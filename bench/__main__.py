"""python -m bench [steps] [playground] [frames] [images] [live] [sweeps] [page]"""

import platform
import sys

import numpy as np

from bench import frames, images, live, page, playground, steps, sweeps

SECTIONS = {
    "steps": steps, "playground": playground, "frames": frames, "images": images, "live": live, "sweeps": sweeps,
    "page": page,
}  # fmt: skip


def main() -> None:
    chosen = sys.argv[1:] or list(SECTIONS)
    unknown = [name for name in chosen if name not in SECTIONS]
    if unknown:
        sys.exit(f"unknown section {unknown[0]!r}; known: {', '.join(SECTIONS)}")
    print(f"# Descent's benchmarks. {platform.machine()}, Python {platform.python_version()}, NumPy {np.__version__}")
    for name in chosen:
        print(f"\n## {name}: {SECTIONS[name].__doc__.splitlines()[0]}", flush=True)
        SECTIONS[name].main()


if __name__ == "__main__":
    main()
