"""A stand-in for five video vendors, for rehearsals: real HTTP, real films, no money.

Its own reading of the documents in ``docs/vendors/``, and deliberately no line
of code in common with ``videos/vendors``: a mistake made in one of them is not
made again in the other. It imports nothing of ours and no Django.

Start it with ``manage.py sandbox`` or ``python -m videos.sandbox``; tests run it
in a thread with ``videos.sandbox.running.running_sandbox``. ``tags.py`` lists
what a prompt can ask for (``[fail]``, ``[busy:7]`` ...).
"""
