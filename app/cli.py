"""`descent`, or `python -m app` in a checkout: starts the server, or says what is missing for it.

Standard library alone until the server is started: --help and doctor work where a package is missing, and an old
Python hears which one is wanted.
"""

import argparse
import os
import sys
from importlib import import_module

from app import __version__, doctor, places

EPILOG = """\
commands:
  serve   starts the server (so does no command at all)
  doctor  says what is missing or wrong; exit status 1 if anything is

HOST and PORT in the environment stand for the options. DESCENT_<SETTING> sets a limit or a place, for example
DESCENT_STORAGE_PATH, the file where runs are kept: {storage}
"""


def port(text: str) -> int:
    """A TCP port of 16 bits; 0 is any that is free."""
    if not (text.isdecimal() and int(text) < 1 << 16):
        raise argparse.ArgumentTypeError(f"expected a port from 0 to 65535, got {text!r}")
    return int(text)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="descent" if places.INSTALLED else "python -m app",
        description="Descent, the neural-network playground you can see inside.",
        epilog=EPILOG.format(storage=doctor.storage_path()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", nargs="?", choices=("serve", "doctor"), default="serve", help="see below")
    parser.add_argument("--host", default=os.environ.get("HOST") or "127.0.0.1", help="address, %(default)s")
    parser.add_argument("--port", type=port, default=os.environ.get("PORT") or "8000", help="port, %(default)s")
    parser.add_argument("--version", action="version", version=f"Descent {__version__}")
    arguments = parser.parse_args()
    if arguments.command == "doctor":
        sys.exit(doctor.report(arguments.host, arguments.port))
    interpreter = doctor.check_python()
    if interpreter.verdict == "wrong":
        sys.exit(interpreter.text)
    here = __name__.rpartition(".")[0]
    try:
        module = import_module(f"{here}.serve")
    except ModuleNotFoundError as error:
        if (error.name or here).startswith(f"{here}."):
            raise
        sys.exit(f"the package {error.name} is not here; `{parser.prog} doctor` says what else is missing")
    module.serve(arguments.host, arguments.port)
