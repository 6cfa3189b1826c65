"""Measures what docs/bench.md claims: ``python -m bench``, or ``python -m bench T6``.

Every row is a ratio of two things measured in the same run on the same machine, in
interleaved rounds, so that other load on the machine affects both. CPU is what the operating system
charged the processes, never the wall clock, except where waiting is the subject.
"""
