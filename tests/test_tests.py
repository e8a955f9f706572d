"""Tests that pass whatever happens, and tests that wait for a clock, found by reading them.

`# meant: WHY` at the end of the line lets one stand.
"""

import ast
import textwrap

import pytest

from tests.server import PATIENCE, ROOT

FILES = sorted((ROOT / "tests").rglob("*.py"))
CHECKS = {"raises", "fail", "warns", "until", "wait_for", "check_gradients", "expect_download", "check_call"}
"""Calls that fail by themselves; so do those of numpy.testing, and our own functions that hold a check."""
STATUS = "status_code"
OF_A_TEST = 400
"""Seconds that pytest gives a test by itself (pyproject.toml); a mark of its own is for longer ones."""


def name_of(call):
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def checks(node, known):
    """Whether there is anything in a function that can fail."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Assert | ast.Raise):
            return True
        if isinstance(inner, ast.Call):
            own = isinstance(inner.func, ast.Name) and inner.func.id in known
            if own or name_of(inner) in CHECKS or ".testing." in ast.unparse(inner.func):
                return True
            if any(k.arg == "check" and ast.unparse(k.value) == "True" for k in inner.keywords):
                return True
    return False


def helpers(tree, others=frozenset()):
    """Names of a file's functions that check, or call one that does: its own, and those that it imports from tests."""
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    imports = [n for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and (n.module or "").startswith("tests.")]
    known = {a.name for node in imports for a in node.names} & set(others)
    while more := {f.name for f in functions if f.name not in known and checks(f, known)}:
        known |= more
    return known


def is_status(node):
    return isinstance(node, ast.Attribute) and node.attr == STATUS


def counted(node):
    """A call that is never below 0."""
    return isinstance(node, ast.Call) and name_of(node) in ("len", "count")


def faults_of_node(node):
    match node:
        case ast.Assert(test=ast.BoolOp(op=ast.Or())):
            yield "one of two things is asserted, whichever holds"
        case ast.Assert(test=ast.Constant() | ast.Tuple()):
            yield "what is asserted is always true"
        case ast.Call(args=[ast.Name(id="Exception" | "BaseException"), *_]) if name_of(node) == "raises":
            if not any(k.arg == "match" for k in node.keywords):
                yield "any exception will do"
        case ast.Compare(left=left, ops=[ast.In()], comparators=[ast.Tuple() | ast.List() | ast.Set()]):
            if is_status(left):
                yield "one status or another will do"
        case ast.Compare(left=left, ops=[ast.NotEq()]) if is_status(left):
            yield "any status but one will do"
        case ast.Compare(left=left, ops=[ast.GtE()], comparators=[ast.Constant(value=0)]) if counted(left):
            yield "a count is never below 0"
        case ast.If(test=ast.Compare(left=left, ops=[ast.Eq()]), body=body, orelse=[]) if is_status(left):
            if any(isinstance(inner, ast.Assert) for part in body for inner in ast.walk(part)):
                yield "it is asserted only if the status is the wanted one"


ASKS = {"get", "post", "put", "patch", "delete", "head", "request", "stream", "Client", "AsyncClient"}
"""What of httpx asks, or makes something that does."""


def number(node):
    """What a literal number is, or infinity: a name says by itself what it is meant for."""
    literal = isinstance(node, ast.Constant) and isinstance(node.value, int | float)
    return node.value if literal else float("inf")


def bounds(node):
    """(seconds that something is given, seconds that it wants on a machine that does much else)."""
    match node:
        case ast.Call(func=ast.Attribute(attr="timeout"), args=[limit]):  # pytest.mark's
            yield number(limit), OF_A_TEST
        case ast.Call(func=ast.Attribute(attr="wait_for" | "wait"), args=[*_, limit]):  # asyncio's, a process's
            yield number(limit), PATIENCE
        case ast.Call(func=ast.Attribute(value=ast.Name(id="httpx"), attr=verb), keywords=given):
            if verb in ASKS:
                yield (5 if all(k.arg != "timeout" for k in given) else PATIENCE), PATIENCE  # httpx's own
        case ast.BinOp(left=ast.Call(), op=ast.Add(), right=limit) if clocked(node.left):
            yield number(limit), PATIENCE
    if isinstance(node, ast.Call):
        for given in node.keywords:
            if given.arg == "timeout":
                yield number(given.value), PATIENCE


def faults_of_bounds(node):
    if any(seconds < wanted for seconds, wanted in bounds(node)):
        yield "too short for a machine that does much else; take PATIENCE"
    if isinstance(node, ast.Call) and name_of(node) == "new_page" and "new_context" not in ast.unparse(node.func):
        yield "a page that waits for 30 seconds; take page_in"


CLOCKS = ("monotonic()", "perf_counter()", "time.time()")


def clocked(node):
    return any(clock in ast.unparse(node) for clock in CLOCKS)


def outside_loops(node, inside=False):
    """Every node with whether it stands in a loop of its function."""
    for child in ast.iter_child_nodes(node):
        loop = inside or isinstance(child, ast.While | ast.For | ast.AsyncFor)
        yield child, loop
        yield from outside_loops(child, loop and not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef))


def faults_of_test(test, known):
    if not checks(test, known):
        yield test.lineno, "nothing in it can fail"
    for node, loop in outside_loops(test):
        match node:
            case ast.Call() if ast.unparse(node.func) in ("time.sleep", "asyncio.sleep") and not loop:
                yield node.lineno, "it waits for a clock; wait for what is to come"
            case ast.Call() if name_of(node) == "wait_for_timeout":
                yield node.lineno, "it waits for a clock; wait for what is to come"
            case ast.Assert(test=ast.Compare(left=ast.BinOp(op=ast.Sub()))) if clocked(node.test):
                yield node.lineno, "it is timed by the clock of the wall; other processes make it longer"
            case ast.While() if clocked(node.test):
                yield node.lineno, "its loop ends by the clock; count the steps"


def faults(text, known=frozenset()):
    """(line, what is wrong with it) of a file of tests."""
    tree, lines = ast.parse(text), text.splitlines()
    known = helpers(tree, known)
    nodes = list(ast.walk(tree))
    found = [(node.lineno, words) for node in nodes for words in (*faults_of_node(node), *faults_of_bounds(node))]
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            found += faults_of_test(node, known)
    return sorted((n, words) for n, words in found if "# meant: " not in lines[n - 1])


def test_every_test_can_fail_and_none_waits_for_a_clock():
    trees = [ast.parse(path.read_text()) for path in FILES]
    known = set()
    while more := set().union(*(helpers(tree, known) for tree in trees)) - known:
        known |= more
    wrong = [f"{path.relative_to(ROOT)}:{n}: {words}" for path in FILES for n, words in faults(path.read_text(), known)]
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("x = 3", "nothing in it can fail"),
        ("helper()", "nothing in it can fail"),
        ("assert a == 1 or b", "one of two things"),
        ("assert (a, 'message')", "always true"),
        ("assert True", "always true"),
        ("with pytest.raises(Exception): f()", "any exception"),
        ("assert r.status_code in (200, 422)", "one status or another"),
        ("assert r.status_code != 500", "any status but one"),
        ("assert len(x) >= 0", "never below 0"),
        ("assert page.locator('a').count() >= 0", "never below 0"),
        ("assert x\n    if r.status_code == 200:\n        assert r.json()", "only if the status"),
        ("time.sleep(1)\n    assert x", "waits for a clock"),
        ("page.wait_for_timeout(300)\n    assert x", "waits for a clock"),
        ("assert time.perf_counter() - start < 2", "clock of the wall"),
        ("while time.monotonic() < end:\n        f()\n    assert x", "ends by the clock"),
        ("subprocess.run(c, timeout=60, check=True)", "too short"),
        ("assert httpx.get(url)", "too short"),
        ("with httpx.Client(base_url=url) as c: assert c", "too short"),
        ("assert await asyncio.wait_for(go(), 60)", "too short"),
        ("process.wait(60)\n    assert x", "too short"),
        ("end = time.monotonic() + 30\n    assert x", "too short"),
        ("pytest.mark.timeout(180)\n    assert x", "too short"),
        ("page = chromium.new_page()\n    assert page", "take page_in"),
    ],
)
def test_what_bites_nothing_is_found(body, words):
    text = textwrap.dedent(f"def helper(): pass\nasync def test_it():\n    {body}\n")
    assert [what for _, what in faults(text) if words in what], text


@pytest.mark.parametrize(
    "body",
    [
        "assert x",
        "checked(x)",
        "np.testing.assert_allclose(a, b)",
        "with pytest.raises(ValueError): f()",
        "with pytest.raises(Exception, match='words'): f()",
        "subprocess.run(c, check=True)",
        "assert r.status_code == 422",
        "assert len(x) >= 1",
        "for _ in range(9):\n        time.sleep(0.1)\n    assert x",
        "time.sleep(1)  # meant: the hand holds still\n    assert x",
        "assert httpx.get(url, timeout=PATIENCE)",
        "assert await asyncio.wait_for(go(), PATIENCE)",
        "server.wait_for(run, lambda s: s['step'] > 5)\n    assert x",
        "pytest.mark.timeout(900)\n    assert x",
    ],
)
def test_what_bites_is_let_alone(body):
    assert faults(f"def checked(x):\n    assert x\nasync def test_it():\n    {body}\n") == []
