"""What Pillow and PyAV raise for a file that is not what it claims. None of it is a mistake of ours:
their parsers let through whatever they meet."""

import struct
import zlib

DAMAGE = (
    ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, OSError, RuntimeError, SyntaxError, TypeError,
    ValueError, struct.error, zlib.error,
)  # fmt: skip
