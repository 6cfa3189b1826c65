"""Files of one sending, as they arrive."""

from collections.abc import Iterable

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler
from django.utils.translation import gettext

Brought = tuple[str, UploadedFile]  # under the name of its field


class FewFiles(TemporaryFileUploadHandler):
    """Opens as many files as one sending may bring, and one more, so that whoever reads them
    sees that there were too many, and keeps of each a little more than any may have. The rest is
    read past: the words beside it arrive whole."""

    opened = 0

    def new_file(self, *args, **kwargs) -> None:
        self.opened += 1
        if self.opened > settings.FILES_AT_ONCE + 1:
            self.__dict__.pop("file", None)  # the one before is complete: skipping must not close it
            raise SkipFile
        super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start <= settings.FILE_BYTES:
            super().receive_data_chunk(raw_data, start)


def few(files: Iterable[Brought]) -> tuple[list[Brought], list[str]]:
    """The files that are taken, in order, and what is said about the others."""
    found = list(files)
    most = settings.FILES_AT_ONCE
    said = gettext("One sending brings at most %(limit)s files: the first %(limit)s came along. Choose the others again.")  # fmt: skip
    return found[:most], [said % {"limit": most}] if len(found) > most else []
