"""Imitates the five video vendors for rehearsals: real HTTP, real films, no money.

It is written from the documents in ``docs/vendors/`` and deliberately shares no line
of code with ``videos/vendors``, so that a mistake made in one of them is not
repeated in the other. It imports nothing of ours and no Django.

Start it with ``manage.py sandbox`` or ``python -m videos.sandbox``; tests run it
in a thread with ``videos.sandbox.running.running_sandbox``. ``tags.py`` lists
what a prompt can ask for (``[fail]``, ``[busy:7]`` ...).
"""
