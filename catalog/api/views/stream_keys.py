"""The permanent key of one person."""

from typing import Any

from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.callers import caller_of
from catalog.api import stream_examples as examples
from catalog.api.serializers.streams import NewPermanentKeySerializer, PermanentKeySerializer
from catalog.models import StreamKey
from catalog.services.stream_keys import delete_permanent_key, rotate_permanent_key
from config.shared.operations import Idempotency, documented
from config.shared.permissions import IsSignedIn
from config.shared.viewsets import ViewSet


class StreamKeyView(ViewSet):
    """A key that an encoder keeps, good for each of the caller's streams that use it."""

    queryset = StreamKey.objects.none()
    serializer_class = PermanentKeySerializer
    permission_classes = [IsSignedIn]
    idempotency = Idempotency.EXEMPT
    tag = "streams"

    def get_queryset(self) -> Any:
        return StreamKey.objects.visible_to(self.request.user)

    @documented(operation_id="streams_key", answer=examples.PERMANENT)
    def retrieve(self, request: Request) -> Response:
        """See whether you have a permanent key.

        Its end and its age are shown, never the key.
        """
        return self.answer(get_object_or_404(self.get_queryset()))

    @documented(
        operation_id="streams_key_renew",
        gives=NewPermanentKeySerializer,
        answer=examples.NEW_PERMANENT,
    )
    def renew(self, request: Request) -> Response:
        """Get a new permanent key, shown once.

        The old one is dead at once. Streams that use it are published to your own address, which
        stays the same.
        """
        kept: Any
        kept, kept.stream_key = rotate_permanent_key(actor=caller_of(request))
        return self.answer(kept)

    @documented(operation_id="streams_key_delete", nothing=True)
    def remove(self, request: Request) -> Response:
        """Have no permanent key any more; doing it again changes nothing."""
        delete_permanent_key(actor=caller_of(request))
        return self.answer()
