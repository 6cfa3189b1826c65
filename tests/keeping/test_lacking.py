"""The operator's list of files that rows name and the store does not have."""

import io

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from tests.builders import a_job, an_output
from tests.pages.pictures import an_upload
from videos.media.store import Store

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_store(settings, tmp_path):
    settings.MEDIA = tmp_path / "media"


def said(*words):
    out = io.StringIO()
    try:
        call_command("files", *words, stdout=out)
    except CommandError as error:
        return f"{out.getvalue()}{error}"
    return out.getvalue()


@pytest.mark.both_databases
def test_every_file_that_is_not_as_it_should_be_is_named_with_its_row(team, alice):
    job, upload, store = a_job(team, alice), an_upload(team, alice), Store(settings.MEDIA)
    output, whole = an_output(job), an_output(a_job(team, alice))
    assert said() == "Every file that a row names is there.\n"
    store.path(output.file).unlink()
    store.path(output.poster).unlink()
    store.path(upload.file).write_bytes(b"short")
    found = said()
    for name, whose in (
        (output.file, f"generation {job.public_id} of northlight"),
        (output.poster, f"poster of generation {job.public_id}"),
        (upload.file, "picture 'picture-1.png' of northlight"),
    ):
        assert any(line.startswith(name) and whose in line for line in found.splitlines())
    assert whole.file not in found and "3 files are not as they should be" in found


def test_changed_bytes_of_the_same_length_are_found_by_their_hash(team, alice):
    output = an_output(a_job(team, alice))
    path = Store(settings.MEDIA).path(output.file)
    path.write_bytes(path.read_bytes()[::-1])
    assert said() == "Every file that a row names is there.\n"
    assert f"{output.file} has other bytes" in said("--hashes")
