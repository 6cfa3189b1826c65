"""The exception that a verb raises when it does nothing."""


class CannotBe(Exception):
    """The verb does not fit the state of the job; nothing was changed. ``code`` keys a sentence
    in videos/words/refusals.py."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code
