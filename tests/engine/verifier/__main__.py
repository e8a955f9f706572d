"""Verifies everything and prints what fails: `python -m tests.engine.verifier [pairs|triples|activations] [name …]`."""

import sys
import time
from collections import Counter

from engine.activations import activations
from engine.layers import layers as registry
from tests.engine.verifier.checks import verify
from tests.engine.verifier.groups import activation_nets, pair_nets, triple_nets
from tests.engine.verifier.shrink import shrunk

GROUPS = {
    "pairs": (pair_nets, registry.names),
    "triples": (triple_nets, registry.names),
    "activations": (activation_nets, activations.names),
}


def main() -> None:
    wanted = [a for a in sys.argv[1:] if a in GROUPS] or list(GROUPS)
    chosen = [a for a in sys.argv[1:] if a not in GROUPS]
    count, kinds = Counter(), Counter()
    begin = time.time()
    for group in wanted:
        make, names = GROUPS[group]
        for name in chosen or names():
            for net in make(name):
                count[group] += 1
                if wrong := verify(net):
                    count[group, "failing"] += 1
                    kinds.update(words.split(":")[0] for words in wrong)
                    small, left = shrunk(net, wrong)
                    print(f"{group} {name}: {net}", *wrong, f"smallest: {small}", *left, sep="\n    ", flush=True)
    for key, number in [*count.items(), *kinds.most_common()]:
        print(f"{number:6} {key if isinstance(key, str) else ' '.join(key)}")
    print(f"{time.time() - begin:.0f} s")


if __name__ == "__main__":
    main()
