"""Files that come with a form of the back office instead of in two steps."""

from typing import BinaryIO

from accounts.gateways.storage import store
from accounts.models import MediaFile, User
from accounts.services.media import announce, complete


def take_in(
    *,
    owner: User,
    name: str,
    kind: str,
    purpose: str,
    content: BinaryIO,
    size: int,
    declared_type: str,
) -> MediaFile:
    """Announce a file of ``owner``, keep its content and check it, as if it had been uploaded.

    ``declared_type`` is what the browser calls it; it is sniffed all the same. Raises what
    ``announce`` and ``complete`` raise. Not to be called inside a transaction.
    """
    media = announce(
        owner=owner,
        name=name[:200],
        kind=kind,
        purpose=purpose,
        size=size,
        content_type=declared_type,
    )
    store().keep(media.incoming_key, content, content_type=declared_type)
    return complete(media=media)
