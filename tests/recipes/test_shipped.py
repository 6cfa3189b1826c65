"""What ships: in three languages, with gaps in each, and with models that it suits."""

import pytest
from django.utils import translation

from videos.recipes import wording
from videos.recipes.shipped import SHIPPED
from videos.vendors import options, registry


@pytest.mark.parametrize("one", SHIPPED, ids=lambda one: one.slug)
def test_it_suits_models_that_can_do_it(one):
    assert one.models
    for key in one.models:
        model = registry.MODELS[key]
        assert model.medium == one.needs.medium
        kept, _changes = options.carry_over(model, one.options)
        assert all(options.is_legal(model.option(name), value) for name, value in kept.items())


def test_only_models_with_both_ends_suit_a_loop():
    loop = next(one for one in SHIPPED if one.slug == "seamless-loop")
    for key in loop.models:
        roles = [{slot.role for slot in mode.slots} for mode in registry.MODELS[key].modes]
        assert any({"start", "end"} <= mode for mode in roles)
    assert len(loop.models) < len(registry.MODELS)


@pytest.mark.parametrize("language", ["de", "zh-hans"])
@pytest.mark.parametrize("one", SHIPPED, ids=lambda one: one.slug)
def test_it_speaks_the_viewers_language(one, language):
    english = str(one.title), str(one.description), str(one.text)
    with translation.override(language):
        theirs = str(one.title), str(one.description), str(one.text)
    assert all(mine != other for mine, other in zip(english, theirs, strict=True) if mine != "Portrait")
    assert len(wording.variables(theirs[2])) == len(wording.variables(english[2])) > 0
