"""Tasks that say in a file that they ran, one line each: appended, so that no process loses another's."""

import os
import signal
import time


def marks(book: str, word: str) -> None:
    with open(book, "a") as file:
        file.write(f"{word}\n")


def sleeps(book: str, word: str, seconds: float) -> None:
    marks(book, word)
    time.sleep(seconds)
    marks(book, f"{word} done")


def raises(book: str, word: str) -> None:
    marks(book, word)
    raise RuntimeError(word)


def kills_its_worker(book: str, word: str) -> None:
    marks(book, word)
    os.kill(os.getpid(), signal.SIGKILL)


def swallows_everything(book: str, word: str) -> None:
    """What Q5 forbids: not even the timeout gets through."""
    marks(book, word)
    while True:
        try:
            time.sleep(60)
        except BaseException:  # noqa: BLE001 (this is what is shown to be wrong)
            continue
