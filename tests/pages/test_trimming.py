"""Templates lose the white space of their source when they are compiled, and none that is seen."""

import pytest
from django.template.loader import get_template

from studio.trimming import trimmed


@pytest.mark.parametrize(
    ("source", "sent"),
    [
        ("<ul>\n  <li>a</li>\n</ul>\n", "<ul>\n<li>a</li>\n</ul>\n"),
        (
            "{% load i18n %}\n{% if a %}\n  <b>a</b>\n{% endif %}\n",
            "{% load i18n %}{% if a %}<b>a</b>\n{% endif %}",
        ),
        ("a\n{% if b %}\n  b\n{% else %}\n  c\n{% endif %}\nd", "a\n{% if b %}b\n{% else %}c\n{% endif %}d"),
        ("  {% if b %}<b>b</b>{% endif %}\n  c", "{% if b %}<b>b</b>{% endif %}\nc"),
        ("<a\n    href='x'>", "<a\nhref='x'>"),
        ("{{ a }}\n{{ b }}", "{{ a }}\n{{ b }}"),
        ("{% include 'x' %}\n{% endfor %}\n", "{% include 'x' %}\n{% endfor %}"),
    ],
)
def test_of_each_gap_some_white_space_is_left_and_no_more(source, sent):
    assert trimmed(source) == sent


def test_pages_are_loaded_like_that_and_letters_are_not():
    page = get_template("gallery/_card.html").template.source
    letter = get_template("account/email/notice_message.txt").template.source
    assert "\n  " not in page and "{% if network %}" in letter and "\n{% endif %}\n" in letter
