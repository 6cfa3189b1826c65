"""A loader leaves out of each HTML template the white space that only its reader needs.

Templates are indented as their HTML nests, with tags such as ``{% if %}`` on lines of their own. Sent as they
stand, pages were 30 to 50 percent larger. So indentation goes, and a line that holds nothing but such tags goes
whole, as with ``lstrip_blocks`` and ``trim_blocks`` of Jinja. A browser sees no difference: where white space
was, some is left. It happens once, when a template is compiled.

With ``STUDIO_DEBUG`` templates stay as they are, so that error pages name the right line.
"""

import re

from django.template import Origin
from django.template.loaders.filesystem import Loader

BLOCKS = "autoescape|block|for|if|with"
SILENT_TAG = rf"\{{% (?:{BLOCKS}|elif|else|empty|end(?:{BLOCKS})|load)\b(?:(?!%\}}).)*%\}}"
LINE_OF_TAGS = re.compile(rf"^((?:{SILENT_TAG})+)\n", re.MULTILINE)
INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)


class TrimmingLoader(Loader):
    def get_contents(self, origin: Origin) -> str:
        text = super().get_contents(origin)
        if self.engine.debug or not str(origin.name).endswith(".html"):
            return text  # in a letter white space shows
        return trimmed(text)


def trimmed(text: str) -> str:
    return LINE_OF_TAGS.sub(r"\1", INDENTATION.sub("", text))
