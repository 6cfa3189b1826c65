"""What a key is called."""

from django.utils.translation import gettext

from videos.models import VendorKey


def key_name(key: VendorKey, viewer_id: int) -> str:
    """A colleague's own key is named by its owner: its label is nobody else's business."""
    if key.person_id in (None, viewer_id):
        return f"{key.label} …{key.tail}" if key.label else f"…{key.tail}"
    return gettext("%(name)s's own key") % {"name": key.person.shown_name}
