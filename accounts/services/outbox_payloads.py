"""What a message still needs to be written, as it is sealed until then."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from accounts.services.message_templates import plain_values, values_to_show

# Beside the values of a payload; no template has a value of this name.
ATTACHMENTS = "_attachments"


def packed(
    context: Mapping[str, Any], *, time_zone: str, attachments: Sequence[Mapping[str, str]]
) -> str:
    """The values of a message and its files, with times in the zone of the reader."""
    payload = plain_values(context, time_zone=time_zone)
    if attachments:
        payload[ATTACHMENTS] = [dict(attachment) for attachment in attachments]
    return json.dumps(payload)


def unpacked(text: str) -> tuple[dict[str, Any], Sequence[Mapping[str, str]]]:
    """The values as the texts use them, and the files."""
    payload = json.loads(text)
    attachments = payload.pop(ATTACHMENTS, ())
    return values_to_show(payload), attachments
