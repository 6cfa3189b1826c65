"""Behaviour 9: the price on the button is the price that the job keeps, for every row that a
vendor publishes (docs/vendors/seedanceapi-dev.txt, docs/vendors/seedanceapi-org.txt)."""

import pytest
from django.urls import reverse

from tests.builders import a_key
from videos import labels
from videos.models import Job
from videos.vendors import registry

PRICED = [
    pytest.param(model, dict(zip(model.prices.by, row, strict=True)), price, id=f"{model.key}-{row}")
    for model in registry.MODELS.values()
    if model.prices
    for row, price in model.prices.rows.items()
]


def test_every_published_row_is_here():
    assert len(PRICED) == 6 + 12


@pytest.mark.parametrize(("model", "wishes", "price"), PRICED)
def test_shown_is_stored(model, wishes, price, as_bob, team):
    key = a_key(team, vendor=model.vendor, secret="rehearsal-price", rehearsal=False)
    wishes = {name: value for name, value in wishes.items() if model.option(name)}
    form = {"model": model.key, "key": key.pk, "prompt": "A lighthouse at dusk"}
    form |= {f"option.{name}": str(value).lower() for name, value in wishes.items()}
    shown = as_bob.get(reverse("create_form", args=[team.slug]), form, headers={"HX-Request": "true"})
    assert labels.price(price, registry.vendor(model.vendor).unit) in shown.content.decode()
    pressed = as_bob.post(reverse("generate", args=[team.slug]), form | {"client_token": "one press"})
    assert pressed.status_code == 303, pressed.content.decode()[:500]
    job = Job.objects.get()
    assert (job.estimate, job.estimate_usd) == (price.amount, price.usd)
    assert {name: job.options[name] for name in wishes} == wishes
