"""The smallest net that still fails: layers are left out, and composites opened, as long as something is wrong."""

from collections.abc import Iterator

from tests.engine.verifier.checks import verify
from tests.engine.verifier.nets import Net
from tests.engine.verifier.samples import Part

MOST_TRIES = 40


def smaller(parts: list[Part]) -> Iterator[list[Part]]:
    """Each layer left out, each composite replaced by one of its branches, each branch made smaller."""
    for i, p in enumerate(parts):
        yield parts[:i] + parts[i + 1 :]
        config = p["config"]
        for key in ("body", "shortcut"):
            inner = config.get(key)
            if isinstance(inner, list):
                yield parts[:i] + inner + parts[i + 1 :]
                for less in smaller(inner):
                    yield [*parts[:i], {**p, "config": {**config, key: less}}, *parts[i + 1 :]]
        if config.get("body") and config.get("shortcut") and config["body"] == config["shortcut"]:
            for less in smaller(config["body"]):
                yield [*parts[:i], {**p, "config": {**config, "body": less, "shortcut": less}}, *parts[i + 1 :]]
        for n, inner in enumerate(config.get("branches", ())):
            rest = config["branches"][:n] + config["branches"][n + 1 :]
            if rest:
                yield [*parts[:i], {**p, "config": {**config, "branches": rest}}, *parts[i + 1 :]]
            yield parts[:i] + inner + parts[i + 1 :]
            for less in smaller(inner):
                branches = [*config["branches"][:n], less, *config["branches"][n + 1 :]]
                yield [*parts[:i], {**p, "config": {**config, "branches": branches}}, *parts[i + 1 :]]


def builds(net: Net) -> bool:
    try:
        return bool(net.model().store.values.size)
    except Exception:
        return False


def shrunk(net: Net, wrong: list[str], tries: int = MOST_TRIES) -> tuple[Net, list[str]]:
    """A small net in which the same check fails first, and what is wrong with it."""
    kind = wrong[0].split(":")[0].split(",")[0].split(" (")[0]
    going = True
    while going and tries > 0:
        going = False
        for parts in smaller(net.parts):
            candidate = Net(net.shape, parts, net.loss, net.seed, net.about)
            if not parts or not builds(candidate) or (net.loss["name"] != "half_mse" and parts[-1] != net.parts[-1]):
                continue
            tries -= 1
            found = verify(candidate)
            if found and found[0].startswith(kind):
                net, wrong, going = candidate, found, True
                break
            if tries <= 0:
                break
    return net, wrong
