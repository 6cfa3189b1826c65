"""What is true of every address of a team: a stranger gets 404, nobody gets in unsigned,
htmx is sent to the sign-in page and never given it, and the wrong method is refused."""

from django.test import Client
from django.urls import reverse

from tests.people import signed_in
from videos.models import User

HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/t/northlight/keys/?vendor=x"}


def check(name: str, args: list, *, stranger: User, post: bool) -> None:
    """``post``: the address takes POST and nothing else; otherwise it takes GET."""
    url = reverse(name, args=args)
    anonymous = Client()

    def ask(client: Client, **more):
        return client.post(url, **more) if post else client.get(url, **more)

    assert ask(signed_in(stranger)).status_code == 404
    away = ask(anonymous)
    assert away.status_code == 302 and away.url.startswith(reverse("account_login") + "?next=/")
    lost = ask(anonymous, headers=HTMX)
    assert lost.status_code == 200 and not lost.content
    assert lost.headers["HX-Redirect"] == reverse("account_login") + "?next=/t/northlight/keys/%3Fvendor%3Dx"
    wrong = signed_in(stranger).get(url) if post else signed_in(stranger).delete(url)
    assert wrong.status_code == 405
