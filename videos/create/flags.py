"""Turns flags that are typed into a prompt (``--dur 5``) into visible options of the form.

The person then presses once more, so that nobody pays for a length that no field showed.
"""

from dataclasses import replace

from django.utils.translation import gettext

from videos import labels
from videos.create.form_state import FormState
from videos.vendors import options


def lift_flags(sheet: FormState) -> tuple[FormState, tuple[str, ...]]:
    """The form with the flags taken out of its prompt and set as options, and a note for each; the form
    unchanged where there were none."""
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
    """Names what this model reads from the flags in the words, where they are not lifted out: a race sends
    the same words to several models, and each reads them by its own rules."""
    _prompt, lifted, _problems = options.lift_flags(sheet.model, sheet.prompt)
    return [
        gettext("From your words: %(name)s is %(value)s.")
        % {"name": labels.option_name(name), "value": labels.option_value(name, value)}
        for name, value in lifted.items()
    ]
