"""Starts programs that run together and end together. Standard library only.

``keeper.py`` is a small program that runs one command and ends every process of it;
``kept.py`` starts and stops such a keeper; ``hold.py`` is a lock that a program and all that
it starts hold together; ``parent.py`` runs several,
prefixes their output lines and restarts what ends by itself.
"""
