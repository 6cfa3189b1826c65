"""Programs that run together and end together. Standard library only.

``keeper.py`` is a tiny program that holds one command and leaves nothing of it
behind; ``kept.py`` is the handle on such a pair; ``hold.py`` is a lock that a program and all that
it starts hold together; ``parent.py`` runs several,
prefixes their lines and starts again what falls over.
"""
