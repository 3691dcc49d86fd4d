"""Buildings: where they stand, and the code that lets neighbours in."""

from typing import Any
from uuid import UUID

from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.callers import caller_of
from accounts.api.filters.buildings import BuildingFilter
from accounts.api.serializers.buildings import (
    EXAMPLE_INPUT,
    BuildingInputSerializer,
    BuildingSerializer,
    BuildingUpdateSerializer,
    JoinCodeSerializer,
)
from accounts.api.throttles import FoundingThrottle
from accounts.models import Building
from accounts.services.buildings import create_building, rotate_join_code, update_building
from config.shared.conditional import ConditionalWritesMixin
from config.shared.geojson import GEOJSON_RENDERERS
from config.shared.operations import documented
from config.shared.permissions import PublicRead
from config.shared.viewsets import ReadOnlyViewSet

JOIN_CODE = {"join_code": "7K3M-92QX-HV4D"}


class BuildingViewSet(ConditionalWritesMixin, ReadOnlyViewSet):
    """Buildings that people live in, each in the care of at most one society."""

    queryset = Building.objects.none()
    serializer_class = BuildingSerializer
    permission_classes = [PublicRead]
    renderer_classes = GEOJSON_RENDERERS
    filterset_class = BuildingFilter
    search_fields = ["name", "address", "neighborhood"]
    ordering_fields = {"name": "name", "newest": "created_at"}
    tag = "buildings"

    def get_queryset(self) -> Any:
        return Building.objects.visible_to(self.request.user).with_society()

    def get_throttles(self) -> list[Any]:
        return [FoundingThrottle()] if self.action == "create" else []

    @documented(summary="List buildings")
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request)

    @documented(summary="Get a building")
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().retrieve(request)

    @documented(takes=BuildingInputSerializer, status=201, example=EXAMPLE_INPUT)
    def create(self, request: Request) -> Response:
        """List a building.

        Owners and administrators of a society list its buildings; those of a builder list
        buildings that have no society yet.
        """
        made = create_building(actor=caller_of(request), **self.validated())
        return self.answer(made)

    @documented(takes=BuildingUpdateSerializer, example={"units_count": 512})
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Change what is said of a building.

        For owners and administrators of its society; for whoever listed it while it has none.
        """
        with self.to_change() as building:
            changes = self.validated(building, partial=True)
            update_building(building=building, actor=caller_of(request), changes=changes)
        return self.answer(self.get_object())

    @action(detail=True, methods=["post"], url_path="join-code")
    @documented(gives=JoinCodeSerializer, status=201, idempotency="exempt", answer=JOIN_CODE)
    def join_code(self, request: Request, pk: UUID) -> Response:
        """Give a building a new join code.

        For the committee of its society. The code is shown this once; the one before it ends.
        """
        code = rotate_join_code(building=self.get_object(), actor=caller_of(request))
        return self.answer({"join_code": code})
