"""Streams: announced, live, over; and who is watching."""

from typing import Any
from uuid import UUID

from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.callers import caller_of, maybe_caller_of
from catalog.api import stream_examples as examples
from catalog.api.filters.streams import StreamFilter
from catalog.api.serializers.streams import (
    AudienceSerializer,
    RecordingSerializer,
    StreamEndSerializer,
    StreamInputSerializer,
    StreamSerializer,
    StreamWithKeySerializer,
)
from catalog.api.throttles import ShowThrottle, VisitorThrottle, WatchingThrottle
from catalog.models import Stream
from catalog.services.stream_keys import rotate_stream_key
from catalog.services.stream_shows import end_stream, go_live, show_recording
from catalog.services.stream_times import streams_for
from catalog.services.stream_viewers import heartbeat, visitor_of
from catalog.services.streams import cancel_stream, change_stream, schedule_stream
from config.shared.conditional import ConditionalWritesMixin
from config.shared.middleware import client_address
from config.shared.operations import Idempotency, documented
from config.shared.pagination import CursorPagination
from config.shared.permissions import Public, PublicRead
from config.shared.viewsets import ReadOnlyViewSet


class StreamViewSet(ConditionalWritesMixin, ReadOnlyViewSet):
    """Shows in which things or homes are sold."""

    queryset = Stream.objects.none()
    serializer_class = StreamSerializer
    input_serializer_class = StreamInputSerializer
    permission_classes = [PublicRead]
    pagination_class = CursorPagination
    filterset_class = StreamFilter
    ordering = ["-is_live", "-created_at"]
    tag = "streams"

    def get_queryset(self) -> Any:
        return streams_for(self.request.user)

    def get_throttles(self) -> list[Any]:
        return [ShowThrottle()] if self.action == "create" else super().get_throttles()

    def shown(self, stream: Stream, *, status: int | None = None) -> Response:
        """``stream`` as it is read after what was done to it."""
        return self.answer(get_object_or_404(self.get_queryset(), pk=stream.pk), status=status)

    def shown_with(self, stream: Stream, secret: str | None) -> Response:
        """``stream`` with the key that it was just given."""
        found = get_object_or_404(self.get_queryset(), pk=stream.pk)
        found.stream_key = secret
        return self.answer(found)

    @documented(summary="List streams", answer=examples.LIVE_FIRST)
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The streams that the caller may watch, live ones first, then the newest."""
        return super().list(request)

    @documented(summary="Get a stream", answer=examples.LIVE)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A stream with where to watch it, who is watching, and what is pinned."""
        return super().retrieve(request)

    @documented(example=examples.STREAM_INPUT, answer=examples.STREAM, status=201)
    def create(self, request: Request) -> Response:
        """Announce a stream, for now or for later.

        For people with a verified phone number. One for a building is for its verified residents,
        and announced by one of them; one about a development, a live tour of the site, by its
        builder's people. A recorded one is published with its film.
        """
        return self.shown(
            schedule_stream(actor=caller_of(request), values=self.validated()), status=201
        )

    @documented(example={"title": "Everything must go"}, answer=examples.STREAM)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Change what is said of a stream, and who may watch it.

        Once it has begun, only its words, its picture and who may watch it again change.
        """
        with self.to_change() as stream:
            changes = self.validated(stream, partial=True)
            changed = change_stream(stream=stream, actor=caller_of(request), changes=changes)
        return self.shown(changed)

    @action(detail=True, methods=["post"], url_path="go-live")
    @documented(
        gives=StreamWithKeySerializer,
        answer=examples.WENT_LIVE,
        errors=(503,),
        idempotency=Idempotency.EXEMPT,
    )
    def go_live(self, request: Request, pk: UUID) -> Response:
        """Begin a stream, and get the key to publish it.

        The key is shown once; the encoder publishes to `rtmp_url` with `?key=` and the key. The
        show counts from its first picture; then followers are told. A lost connection may come
        back within a minute; then the show is over. An encoder that was given a key before begins
        the show by itself. One person has one live stream at a time.
        """
        stream, secret = go_live(stream=self.get_object(), actor=caller_of(request))
        return self.shown_with(stream, secret)

    @action(detail=True, methods=["post"], url_path="rotate-key")
    @documented(
        gives=StreamWithKeySerializer,
        answer=examples.ROTATED,
        idempotency=Idempotency.EXEMPT,
    )
    def rotate_key(self, request: Request, pk: UUID) -> Response:
        """Give a stream a new key, shown once.

        The old one is dead at once: whoever publishes with it is dropped within seconds.
        """
        stream, secret = rotate_stream_key(stream=self.get_object(), actor=caller_of(request))
        return self.shown_with(stream, secret)

    @action(detail=True, methods=["post"])
    @documented(takes=StreamEndSerializer, example={"reason": ""}, answer=examples.ENDED)
    def end(self, request: Request, pk: UUID) -> Response:
        """End a stream.

        For its owner, and for moderators with a reason. Whoever publishes is dropped within
        seconds.
        """
        stream, actor = self.get_object(), caller_of(request)
        end_stream(stream=stream, actor=actor, **self.validated())
        return self.shown(stream)

    @action(detail=True, methods=["post"])
    @documented(
        takes=StreamEndSerializer, example={"reason": "I am ill."}, answer=examples.CANCELLED
    )
    def cancel(self, request: Request, pk: UUID) -> Response:
        """Call a stream off before it begins; for its owner, and for moderators with a reason."""
        stream, actor = self.get_object(), caller_of(request)
        cancel_stream(stream=stream, actor=actor, **self.validated())
        return self.shown(stream)

    @action(detail=True, methods=["post"])
    @documented(
        takes=RecordingSerializer,
        example={"recording": "0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f"},
        answer=examples.ENDED,
    )
    def recording(self, request: Request, pk: UUID) -> Response:
        """Attach the film of a stream that is over, or publish a recorded one with it.

        Who may watch it is said by `replay_visibility`, whoever could watch it live.
        """
        stream, actor = self.get_object(), caller_of(request)
        show_recording(stream=stream, actor=actor, **self.validated())
        return self.shown(stream)

    @action(
        detail=True,
        methods=["post"],
        permission_classes=[Public],
        throttle_classes=[WatchingThrottle, VisitorThrottle],
    )
    @documented(gives=AudienceSerializer, answer=examples.AUDIENCE, idempotency=Idempotency.EXEMPT)
    def heartbeat(self, request: Request, pk: UUID) -> Response:
        """Say that you are watching a stream.

        Every fifteen seconds or so, signed in or not. Somebody counts as a viewer for a while
        after each, and once among all who have watched.
        """
        agent = request.headers.get("User-Agent", "")
        visitor = visitor_of(address=client_address(request), agent=agent)
        viewer = maybe_caller_of(request)
        return self.answer(heartbeat(stream=self.get_object(), viewer=viewer, visitor=visitor))
