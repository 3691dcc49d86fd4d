"""What is pinned in a stream."""

from functools import cached_property
from typing import Any
from uuid import UUID

from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.callers import caller_of
from catalog.api import stream_examples as examples
from catalog.api.serializers.stream_pins import (
    PinInputSerializer,
    PinOrderSerializer,
    PinPlaceSerializer,
    PinSerializer,
)
from catalog.models import Stream, StreamPin
from catalog.services.stream_pins import move_pin, order_pins, pin, unpin
from config.shared.operations import documented
from config.shared.permissions import PublicRead
from config.shared.viewsets import ViewSet


class StreamPinViewSet(ViewSet):
    """Products and units in the picture of one stream."""

    queryset = StreamPin.objects.none()
    serializer_class = PinSerializer
    permission_classes = [PublicRead]
    ordering = ["order"]
    tag = "streams"

    @cached_property
    def stream(self) -> Stream:
        """The stream that the path names, if the caller may see it."""
        seen = Stream.objects.visible_to(self.request.user)
        found: Stream = get_object_or_404(seen, pk=self.kwargs["stream_id"])
        return found

    def get_queryset(self) -> Any:
        seen = StreamPin.objects.visible_to(self.request.user).filter(stream=self.stream)
        return seen.select_related("stream").with_cards()

    def shown(self, entry: StreamPin, *, status: int | None = None) -> Response:
        """``entry`` as it is read after what was done to it."""
        return self.answer(get_object_or_404(self.get_queryset(), pk=entry.pk), status=status)

    @documented(summary="List the pins of a stream", answer=examples.PINS)
    def list(self, request: Request, stream_id: UUID) -> Response:
        """List the pins of a stream.

        Each with what the thing costs and whether it can be had at this moment. It is bought, bid
        for or held through the usual operations. Things that the caller may not see are left out.
        """
        return self.listed(self.get_queryset())

    @documented(
        takes=PinInputSerializer, example=examples.PIN_INPUT, answer=examples.PIN, status=201
    )
    def create(self, request: Request, stream_id: UUID) -> Response:
        """Pin a product or a unit.

        For the stream's owner: a product that they sell, or a unit of the development that the
        stream is about. Without `shown_at`, it is shown from this moment on.
        """
        stream, actor = self.stream, caller_of(request)
        return self.shown(pin(stream=stream, actor=actor, values=self.validated()), status=201)

    @documented(takes=PinPlaceSerializer, example={"x": 0.5, "y": 0.5}, answer=examples.PIN)
    def partial_update(self, request: Request, stream_id: UUID, pk: UUID) -> Response:
        """Show a pin at another place or moment."""
        entry, actor = self.get_object(), caller_of(request)
        changes = self.validated(entry, partial=True)
        return self.shown(move_pin(entry=entry, actor=actor, changes=changes))

    @documented(nothing=True)
    def destroy(self, request: Request, stream_id: UUID, pk: UUID) -> Response:
        """Take a pin off."""
        unpin(entry=self.get_object(), actor=caller_of(request))
        return self.answer()

    @action(detail=False, methods=["post"])
    @documented(takes=PinOrderSerializer, example={"pins": [examples.PIN_ID]}, nothing=True)
    def reorder(self, request: Request, stream_id: UUID) -> Response:
        """Have the pins of a stream stand in another order; all of them are named."""
        stream, actor = self.stream, caller_of(request)
        order_pins(stream=stream, actor=actor, **self.validated())
        return self.answer()
