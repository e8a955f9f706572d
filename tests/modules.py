"""Which module imports which, read from the source."""

import ast

from tests.server import ROOT


def imports(path):
    """Names of modules that a file imports, inside functions and under `if TYPE_CHECKING` too."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (a.name for a in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def modules(package):
    """Every module of a package and its file."""
    found = {}
    for path in (ROOT / package).rglob("*.py"):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def graph(package):
    """module → the modules of the same package that it imports."""
    known = modules(package)
    edges = {}
    for module, path in known.items():
        edges[module] = set()
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                names = [a.name for a in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                names = [inside if (inside := f"{node.module}.{a.name}") in known else node.module for a in node.names]
            else:
                continue
            edges[module] |= {name for name in names if name in known and name != module}
    return edges


def room(module):
    """The folder of a module in its package, or the module's own name beside the folders."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else parts[0]


def circles(edges):
    """Groups of modules each of which is imported by all others of its group, by way of whom ever."""
    reached = {}
    for start in edges:
        seen, todo = set(), list(edges[start])
        while todo:
            module = todo.pop()
            if module not in seen:
                seen.add(module)
                todo += edges[module]
        reached[start] = seen
    return {tuple(sorted(m for m in seen if start in reached[m])) for start, seen in reached.items() if start in seen}
