"""What the matrix products of this NumPy like, so that they are cut into shapes that it multiplies fast."""

import ctypes
import importlib.util

UNPACKED = {"SkylakeX", "Cooperlake", "SapphireRapids"}
"""OpenBLAS's kernels that multiply small matrices where they lie. All others copy ("pack") both operands first, which
costs the less the larger the product is."""


def core_name() -> str:
    """The kernels that the OpenBLAS inside NumPy has chosen for this processor, or '' when there is no telling."""
    found = importlib.util.find_spec("numpy._core._multiarray_umath")
    if found is None or found.origin is None:
        return ""
    try:
        library = ctypes.CDLL(found.origin)
    except OSError:
        return ""
    for symbol in ("scipy_openblas_get_corename64_", "scipy_openblas_get_corename", "openblas_get_corename"):
        try:
            tell = getattr(library, symbol)
        except AttributeError:
            continue
        tell.restype = ctypes.c_char_p
        return bytes(tell() or b"").decode("ascii", "replace")
    return ""


PACKS = core_name() not in UNPACKED
"""Whether small products are packed too. It depends on the machine alone, as the last bits of any product do."""
