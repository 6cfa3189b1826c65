"""The rehearsal film laboratory: paints scenes with Pillow, encodes with PyAV.

It runs in a child process of its own (``worker.py``), so that a picture somebody
uploaded is never decoded in the server, and a film never holds up an answer.
"""
