"""Limits the files of one request while they arrive. Django writes each to a temporary file beside
the store (where what a killed process leaves is cleared away) before any view or form runs, so
number and size are limited here."""

import contextlib
import errno
import shutil
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, TemporaryFileUploadHandler
from django.http import HttpRequest
from django.utils.translation import gettext

ReceivedFile = tuple[str, UploadedFile]  # under the name of its field
_FULL = "files_met_a_full_disk"  # set on a request


class LimitedFilesHandler(TemporaryFileUploadHandler):
    """Keeps as many files as one request may bring, and one more, so that the view sees that there
    were too many; and of each a little more than the largest may have. None is kept that would
    leave the disk less than its reserve. The rest is read and dropped, so that the other fields
    of the form arrive whole."""

    opened = 0

    def new_file(self, *args, **kwargs) -> None:
        self.opened += 1
        if self.opened > settings.FILES_AT_ONCE + 1:
            self._leave()
        try:
            folder = Path(settings.FILE_UPLOAD_TEMP_DIR)
            folder.mkdir(parents=True, exist_ok=True)
            if shutil.disk_usage(folder).free < settings.DISK_RESERVE + settings.FILE_BYTES:
                raise OSError(errno.ENOSPC, "the reserve would be touched")
            super().new_file(*args, **kwargs)
        except OSError as error:
            self._no_room(error)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start <= settings.FILE_BYTES:
            try:
                super().receive_data_chunk(raw_data, start)
            except OSError as error:
                self._no_room(error)

    def file_complete(self, file_size: int) -> UploadedFile | None:
        try:
            return super().file_complete(file_size)
        except OSError as error:  # what was buffered does not fit
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            setattr(self.request, _FULL, True)
            return None

    def _no_room(self, error: OSError) -> None:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise error
        setattr(self.request, _FULL, True)
        if file := self.__dict__.get("file"):
            with contextlib.suppress(OSError):
                file.close()
        self._leave()

    def _leave(self) -> None:
        self.__dict__.pop("file", None)  # the one before is complete: skipping must not close it
        raise SkipFile


class IgnoreFilesHandler(FileUploadHandler):
    """Reads and drops every file, for views that take none and people who may upload none."""

    def new_file(self, *args, **kwargs) -> None:
        super().new_file(*args, **kwargs)
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        return None

    def file_complete(self, file_size: int) -> None:
        return None


def describe_full_disk(request: HttpRequest) -> str:
    """Returns the sentence for files that were dropped because this machine's disk is full; else ""."""
    if not getattr(request, _FULL, False):
        return ""
    return gettext("The files were not taken: this studio's disk is full. Whoever runs it has to make room.")


def accept_files(request: HttpRequest, files: Iterable[ReceivedFile]) -> tuple[list[ReceivedFile], list[str]]:
    """Returns the files that are taken, in order, and sentences about the others."""
    found = list(files)
    most = settings.FILES_AT_ONCE
    said = [full] if (full := describe_full_disk(request)) else []
    if len(found) > most:
        said.append(
            gettext("One sending brings at most %(limit)s files: the first %(limit)s came along. Choose the others again.")
            % {"limit": most}
        )  # fmt: skip
    return found[:most], said
