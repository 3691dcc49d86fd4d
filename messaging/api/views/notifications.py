"""What the caller was told."""

from typing import Any
from uuid import UUID

from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.callers import caller_of
from config.shared.operations import documented
from config.shared.pagination import CursorPagination
from config.shared.parameters import refuse_unknown
from config.shared.permissions import IsSignedIn
from config.shared.viewsets import ReadOnlyViewSet
from messaging.api import notification_examples as examples
from messaging.api.filters.notifications import NotificationFilter
from messaging.api.serializers.notifications import (
    NotificationSerializer,
    ReadStateSerializer,
    UnreadNotificationsSerializer,
)
from messaging.models import Notification
from messaging.services import notification_reading


class NotificationViewSet(ReadOnlyViewSet):
    """The caller's notifications; nobody sees those of others."""

    queryset = Notification.objects.none()
    serializer_class = NotificationSerializer
    permission_classes = [IsSignedIn]
    pagination_class = CursorPagination
    filterset_class = NotificationFilter
    ordering = ["-created_at"]
    tag = "notifications"

    def get_queryset(self) -> Any:
        return Notification.objects.visible_to(self.request.user)

    @documented(summary="List your notifications")
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What the caller was told, newest first, in the language that they have chosen.

        Each happening is one notification. Those of a category that the caller does not want in
        the app are not among them.
        """
        return super().list(request)

    @documented(summary="Get a notification", answer=examples.NOTIFICATION)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A notification; `link` is the path of what it is about."""
        return super().retrieve(request)

    @action(detail=True, methods=["patch"])
    @documented(
        takes=ReadStateSerializer,
        summary="Mark a notification as read",
        example=examples.READ,
        answer=examples.HAS_READ,
    )
    def read(self, request: Request, pk: UUID) -> Response:
        """Note that a notification was read; `is_read: false` makes it new again.

        The first time it was read stays.
        """
        notification = self.get_object()
        notification_reading.mark_notification(notification=notification, **self.validated())
        return self.answer(self.get_object())

    @action(detail=False, methods=["post"], url_path="read-all")
    @documented(
        gives=UnreadNotificationsSerializer,
        summary="Mark all notifications as read",
        answer=examples.NOTHING_UNREAD,
    )
    def read_all(self, request: Request) -> Response:
        """Note that everything that there is was read. What comes meanwhile stays new."""
        caller = caller_of(request)
        notification_reading.mark_all(user=caller)
        return self.answer(notification_reading.unread_of(user=caller))

    @action(detail=False, methods=["get"])
    @documented(
        gives=UnreadNotificationsSerializer,
        summary="Count unread notifications",
        answer=examples.UNREAD,
    )
    def unread(self, request: Request) -> Response:
        """How many notifications wait to be read, in all and by category."""
        refuse_unknown(request, (), ())
        return self.answer(notification_reading.unread_of(user=caller_of(request)))
