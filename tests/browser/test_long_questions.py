"""What a page asks may be as long as the page may be, at the server that people meet."""

import uuid

import pytest

from videos import live


@pytest.mark.long
@pytest.mark.parametrize("door", ["changes", "older"])
def test_the_longest_question_of_a_wall_is_answered(studio, visitors, door):
    desk = studio.desk(visitors)
    watch = ",".join(f"{uuid.uuid4().hex}.123456789p100" for _card in range(live.WATCHED_MOST))
    answer = desk.page.request.post(f"{desk.path}{door}/", form={"watch": watch})
    assert answer.status == 200 and 'id="poll"' in answer.text()
