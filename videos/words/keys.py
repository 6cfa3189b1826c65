"""Names a vendor key for the person who looks at it."""

from django.utils.translation import gettext

from videos.models import VendorKey


def key_name(key: VendorKey, viewer_id: int) -> str:
    """Returns the name of a key. A colleague's own key is named by its owner, since its label is
    private."""
    if key.person_id in (None, viewer_id):
        return f"{key.label} …{key.tail}" if key.label else f"…{key.tail}"
    return gettext("%(name)s's own key") % {"name": key.person.shown_name}
