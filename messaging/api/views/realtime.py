"""Live updates: tickets for the WebSocket, and the same events by asking."""

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.callers import caller_in_session, caller_of
from config.shared.errors import InvalidInputError
from config.shared.operations import Idempotency, documented
from config.shared.pagination import DEFAULT_PAGE_SIZE
from config.shared.parameters import refuse_unknown, whole_number
from config.shared.permissions import IsSignedIn
from config.shared.viewsets import APIView
from messaging.api.realtime_examples import EVENTS, TICKET
from messaging.api.serializers.realtime import MAX_EVENTS, EventsResponse, TicketResponse
from messaging.api.throttles import TicketThrottle
from messaging.services.live_events import events_since
from messaging.services.positions import MAX_LENGTH, Position
from messaging.services.tickets import issue_ticket

POSITION = OpenApiParameter(
    "position",
    {"type": "string", "maxLength": MAX_LENGTH},
    description="From the last answer, or from the WebSocket; without it nothing is listed.",
)
PAGE_SIZE = OpenApiParameter(
    "page_size",
    {"type": "integer", "minimum": 1, "maximum": MAX_EVENTS, "default": DEFAULT_PAGE_SIZE},
    description="How many events at most.",
)


class TicketView(APIView):
    """A ticket opens one WebSocket, so that no address ever holds a token."""

    serializer_class = TicketResponse
    permission_classes = [IsSignedIn]
    throttle_classes = [TicketThrottle]
    idempotency = Idempotency.EXEMPT
    tag = "realtime"

    @documented(
        operation_id="realtime_ticket",
        summary="Get a ticket for the WebSocket",
        status=201,
        answer=TICKET,
    )
    def post(self, request: Request) -> Response:
        """Get a ticket for the WebSocket.

        It is good once, within 30 seconds: open `/ws/?ticket=…`, with `&position=…` to go on from
        where you were. The socket closes with 4401 when the session ends. The frames are described
        in *Live updates* at the top of this document.
        """
        caller = caller_in_session(request)
        return self.answer(issue_ticket(user=caller.user, session_id=caller.session_id))


class EventsView(APIView):
    """The events of the WebSocket, for clients that have none."""

    serializer_class = EventsResponse
    permission_classes = [IsSignedIn]
    tag = "realtime"

    @documented(
        operation_id="realtime_events",
        summary="Ask what happened",
        answer=EVENTS,
        parameters=(POSITION, PAGE_SIZE),
    )
    def get(self, request: Request) -> Response:
        """Ask what happened since `position`.

        The first call, without one, gives the present position: fetch your lists after it. Ask
        again with the position of the last answer, at once while `more` is true. An event may
        come twice and is then the same by its `id`. When `reset` is true, the position was too
        old: fetch your lists anew.
        """
        refuse_unknown(request, {"position", "page_size"}, ())
        size = whole_number(request, "page_size", default=DEFAULT_PAGE_SIZE, highest=MAX_EVENTS)
        position = _asked_for(request)
        user_id = caller_of(request).pk
        return self.answer(events_since(user_id=user_id, position=position, limit=size))


def _asked_for(request: Request) -> Position | None:
    text = request.query_params.get("position")
    if text is None:
        return None
    position = Position.read(text)
    if position is None:
        raise InvalidInputError.in_parameter(
            "position", "invalid_position", "This position was not given by Courtyard."
        )
    return position
