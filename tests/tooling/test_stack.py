"""The stand the journeys are played on."""

import psutil
import pytest

from tests.stack import answers


def test_it_answers_and_obeys(stack):
    assert answers(stack.base_url) and answers(stack.sandbox_url)
    assert "studio_worker" in stack.manage("help")
    stack.kill("web")
    assert not answers(stack.base_url)
    before = len(stack.log("web"))  # what other tests did to it is theirs
    stack.start("web")
    stack.wait_until_it_answers()
    assert "Traceback" not in stack.log("web")[before:]


def test_a_restarted_worker_is_another_process(stack):
    before = stack.pid("worker")
    stack.restart("worker")
    assert not psutil.pid_exists(before)
    assert psutil.pid_exists(stack.pid("worker"))


def test_a_refused_command_shows_what_it_said(stack):
    with pytest.raises(AssertionError, match="Unknown command"):
        stack.manage("no-such-command")


def test_a_browser_finds_the_door_and_nothing_to_complain_about(stack, page):
    reply = page.goto(stack.base_url)
    assert reply.status == 200
    assert page.get_by_label("E-mail").or_(page.get_by_label("Email")).is_visible()
