"""The package as a user has it: built from the checkout, installed by pip in a fresh environment, used from elsewhere.

Nothing is fetched. What Descent depends on is lent by the environment of the tests (a .pth file names it); the checkout
is on nobody's path.
"""

import os
import subprocess
import sys
import sysconfig
import venv

from tests.server import ROOT, Server

NOWHERE = "http://127.0.0.1:9"
OFFLINE = {"PIP_NO_INDEX": "1", "npm_config_registry": NOWHERE, "HTTP_PROXY": NOWHERE, "HTTPS_PROXY": NOWHERE,
           "NO_PROXY": "127.0.0.1,localhost"}  # fmt: skip
TRAP = 'raise RuntimeError("a module of the folder the user happens to be in was taken for one of ours")\n'


def of_the_checkout(*folders):
    """Files that git knows or would take up, as they lie in the working tree; of these folders, or all."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *folders]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    return {name for name in names if name and (ROOT / name).exists()}


def run(*command, cwd, env=None):
    done = subprocess.run([*map(str, command)], cwd=cwd, env=env, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


class Package:
    """`sdist`, `wheel` (made from it) and the folder `home`, in which an environment has the wheel."""

    def __init__(self, folder):
        self.dist, self.home, self.elsewhere = folder / "dist", folder / "home", folder / "elsewhere"
        self.elsewhere.mkdir()
        for name in ("app", "engine", "random", "numpy", "descent", "socket"):
            (self.elsewhere / f"{name}.py").write_text(TRAP)
        build = (sys.executable, "-m", "build", "--no-isolation", "--outdir", self.dist, ROOT)
        code, text = run(*build, cwd=folder, env={**os.environ, **OFFLINE})
        assert code == 0, text
        (self.sdist,), (self.wheel,) = self.dist.glob("*.tar.gz"), self.dist.glob("*.whl")
        venv.create(self.home, with_pip=False)
        self.bin = self.home / "bin"
        (self.packages,) = self.home.glob("lib/python*/site-packages")
        self.lent = self.packages / "lent.pth"
        self.lent.write_text(sysconfig.get_path("purelib") + "\n")
        pip = (sys.executable, "-m", "pip", "--python", self.bin / "python", "install", "--no-deps", "-q", self.wheel)
        code, text = run(*pip, cwd=folder, env={**os.environ, **OFFLINE})
        assert code == 0, text

    def environment(self, **more):
        """Of a user who has nothing set."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("DESCENT_", "XDG_", "PYTHON", "VIRTUAL_ENV"))}
        path = f"{self.bin}{os.pathsep}{os.environ['PATH']}"
        return {**kept, **OFFLINE, "HOME": str(self.elsewhere), "PATH": path, **more}

    def run(self, *command, **more):
        """(exit status, what was said), from another folder."""
        return run(*command, cwd=self.elsewhere, env=self.environment(**more))


class InstalledServer(Server):
    """`descent --port N`, with runs where it keeps them by itself."""

    def __init__(self, folder, package, **settings):
        super().__init__(folder, **settings)
        self.package = package

    def program(self):
        return [str(self.package.bin / "descent")], self.package.elsewhere

    def environment(self):
        return self.package.environment()
