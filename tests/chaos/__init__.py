"""The whole studio in real processes, a vendor that counts every charge, and a hand that kills
at random: ``python -m tests.chaos``, or ``make chaos``. docs/promises.md has what it found."""
