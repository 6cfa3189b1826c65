"""Lists the exceptions that Pillow and PyAV raise for a damaged file. They are many, because the
parsers do not catch what goes wrong inside of them; none of them means a bug of the studio."""

import struct
import zlib

DAMAGE = (
    ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, OSError, RuntimeError, SyntaxError, TypeError,
    ValueError, struct.error, zlib.error,
)  # fmt: skip
