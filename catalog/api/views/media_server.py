"""What the media server asks: who may publish, and who may watch."""

from typing import Any

from django.conf import settings
from django.utils.crypto import constant_time_compare
from drf_spectacular.utils import OpenApiParameter
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api import stream_examples as examples
from catalog.api.serializers.streams import QuestionSerializer
from catalog.services.media_server import Question, answer
from catalog.services.stream_playback import may_watch
from config.shared.errors import NotAllowedError
from config.shared.middleware import client_address
from config.shared.networks import is_within
from config.shared.operations import Idempotency, documented
from config.shared.parameters import refuse_unknown
from config.shared.parsers import SafeFormParser, SafeJSONParser
from config.shared.viewsets import APIView

HEADER = "X-Media-Server-Secret"
TEXT: Any = {"type": "string", "maxLength": 200}
SECRET = OpenApiParameter(
    "secret", TEXT, OpenApiParameter.QUERY, description=f"The secret, for who sends no `{HEADER}`."
)
SHOWN = OpenApiParameter(
    HEADER, TEXT, OpenApiParameter.HEADER, description="The secret that this site was set up with."
)


class IsMediaServer(BasePermission):
    """The media server: it calls from a network that we were told of, and shows our secret."""

    def has_permission(self, request: Request, view: Any) -> bool:
        shown = request.headers.get(HEADER) or request.query_params.get("secret", "")
        return (
            bool(settings.MEDIA_SERVER_SECRET)
            and is_within(client_address(request), settings.MEDIA_SERVER_NETWORKS)
            and constant_time_compare(shown, settings.MEDIA_SERVER_SECRET)
        )


class MediaServerView(APIView):
    """An operation for the media server alone."""

    permission_classes = [IsMediaServer]
    authentication_classes = []
    idempotency = Idempotency.EXEMPT
    tag = "streams"

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """Whatever a media server accepts, it gets the bare status, or a problem document."""
        return super().perform_content_negotiation(request, force=True)

    def permission_denied(
        self, request: Request, message: str | None = None, code: str | None = None
    ) -> Any:
        """Refuse: nobody signs in here."""
        raise NotAllowedError("Only the media server of this site calls here.")


class AuthorizeView(MediaServerView):
    """May this encoder publish?"""

    parser_classes = [SafeFormParser, SafeJSONParser]

    @documented(
        takes=QuestionSerializer,
        operation_id="streams_authorize",
        summary="Ask whether an encoder may publish",
        nothing=True,
        example=examples.QUESTION,
        errors=(403, 429),
        parameters=(SECRET, SHOWN),
    )
    def post(self, request: Request) -> Response:
        """Ask whether an encoder may publish.

        For the media server, which shows the secret that it shares with this site and calls from
        a network that was named for it. Any 2xx means yes, everything else no. nginx with its
        RTMP module and MediaMTX are understood.
        """
        refuse_unknown(request, ("secret",), ())
        known = Question.__slots__
        answer(Question(**{k: v for k, v in self.validated().items() if k in known}))
        return self.answer()


class PlaybackView(MediaServerView):
    """May this be watched?"""

    @documented(
        operation_id="streams_playback",
        summary="Ask whether a playlist may be sent",
        nothing=True,
        errors=(403,),
        parameters=(
            SECRET,
            SHOWN,
            OpenApiParameter("name", TEXT, description="What the show is published under."),
            OpenApiParameter("pass", TEXT, description="What the viewer's address has beside it."),
        ),
    )
    def get(self, request: Request) -> Response:
        """Ask whether a playlist, or a piece of a show, may be sent.

        For the web server that has the files, before it sends one. What everybody may watch needs
        no pass; for a private show, the pass in the viewer's address is checked against who may
        watch at this moment.
        """
        refuse_unknown(request, ("secret", "name", "pass"), ())
        asked = request.query_params
        if not may_watch(name=asked.get("name", ""), shown=asked.get("pass", "")):
            raise NotAllowedError("This is not to be watched with this address.")
        return self.answer()
