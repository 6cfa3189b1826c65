"""Why a verb does nothing."""


class CannotBe(Exception):
    """This does not fit the state things are in; nothing was changed. ``code`` keys a sentence
    in videos/words/refusals.py."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code
