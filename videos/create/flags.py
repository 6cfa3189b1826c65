"""Settings typed into a prompt (``--dur 5``) become wishes in plain view, and the person
presses once more: nobody pays for a length that stood nowhere."""

from dataclasses import replace

from django.utils.translation import gettext

from videos import labels
from videos.create.form_state import FormState
from videos.vendors import options


def lift_flags(sheet: FormState) -> tuple[FormState, tuple[str, ...]]:
    """The sheet with its flags lifted, and a note for each; unchanged where there were none."""
    prompt, lifted, _problems = options.lift_flags(sheet.model, sheet.prompt)
    if prompt == sheet.prompt:
        return sheet, ()
    asked = dict(sheet.options)
    for group in sheet.model.one_of:
        if any(name in lifted for name in group):
            asked = {name: value for name, value in asked.items() if name not in group}
    notes = [
        gettext("From your words: %(name)s is %(value)s now. Press again if that is right.")
        % {"name": labels.option_name(name), "value": labels.option_value(name, value)}
        for name, value in lifted.items()
    ]
    notes = notes or [gettext("A setting in your words said nothing new and was taken out. Press again.")]
    return replace(sheet, prompt=prompt, options=asked | lifted), tuple(notes)


def describe_flags(sheet: FormState) -> list[str]:
    """What this model takes from the words, by name, where nothing is lifted out of them: a
    race reads the same words for each model."""
    _prompt, lifted, _problems = options.lift_flags(sheet.model, sheet.prompt)
    return [
        gettext("From your words: %(name)s is %(value)s.")
        % {"name": labels.option_name(name), "value": labels.option_value(name, value)}
        for name, value in lifted.items()
    ]
