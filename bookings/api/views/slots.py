"""The free times of hosts."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.callers import caller_of
from accounts.models import User
from bookings.api.filters.appointments import SlotFilter
from bookings.api.serializers.appointments import SlotsSerializer
from bookings.choices import AppointmentKind
from bookings.services.slots import find_slots
from config.shared.operations import documented
from config.shared.parameters import refuse_unknown
from config.shared.permissions import IsSignedIn
from config.shared.viewsets import ViewSet

DAY = {"type": "string", "format": "date"}
KIND = {"type": "string", "enum": AppointmentKind.values}
PARAMETERS = (
    OpenApiParameter("from", DAY, description="The first day, today by default."),
    OpenApiParameter(
        "to", DAY, description="The last day, at most the 31st; a week in all by default."
    ),
    OpenApiParameter("kind", KIND, description="What for; all kinds share one calendar."),
    OpenApiParameter(
        "minutes",
        {"type": "integer", "minimum": 5, "maximum": 480},
        description="How long it takes; by default as long as the host usually has.",
    ),
)
ANSWER: dict[str, Any] = {
    "host": {
        "id": "0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f",
        "name": "Priya Nair",
        "username": "priya.nair",
        "avatar_url": None,
    },
    "time_zone": "Asia/Dubai",
    "first_day": "2026-12-01",
    "last_day": "2026-12-07",
    "slots": [{"starts_at": "2026-12-01T05:00:00Z", "ends_at": "2026-12-01T06:00:00Z"}],
}


class HostViewSet(ViewSet):
    """People who can be visited."""

    queryset = User.objects.none()
    serializer_class = SlotsSerializer
    permission_classes = [IsSignedIn]
    tag = "appointments"

    def get_queryset(self) -> Any:
        return User.objects.visible_to(self.request.user).active().select_related("avatar")

    @action(detail=True)
    @documented(operation_id="hosts_slots", parameters=PARAMETERS, answer=ANSWER)
    def slots(self, request: Request, pk: UUID) -> Response:
        """List the times at which you can visit somebody.

        These are the host's hours, by the clock of their time zone and also across its changes,
        without what host or you have on already, the host's buffer around it, and what begins too
        soon. A time that the clock skips is not offered, one that it shows twice is offered once,
        the first time. Somebody who receives nobody has no slots.
        """
        refuse_unknown(request, set(SlotFilter.base_filters), ())
        asked = SlotFilter.asked(request)
        return self.answer(find_slots(host=self.get_object(), guest=caller_of(request), **asked))
