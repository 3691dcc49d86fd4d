"""Small views over real models, so that the kernel's own behaviour can be tested alone."""

from typing import Any

from django.db import transaction
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers as drf
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Building, Organization, Residency
from config.shared import filter_fields
from config.shared.errors import TooManyRequestsError
from config.shared.fields import BoundedDictField, BoundedJSONField, VisibleRelatedField
from config.shared.filters import FilterSet
from config.shared.operations import documented
from config.shared.pagination import CursorPagination
from config.shared.parsers import RawParser, SafeFormParser, SafeJSONParser
from config.shared.permissions import IsSignedInUnverified, IsStaff, Public, PublicRead
from config.shared.serializers import ModelSerializer, Serializer
from config.shared.viewsets import APIView, ModelViewSet, ReadOnlyViewSet, ViewSet


class BuildingSerializer(ModelSerializer):
    """A building as everybody sees it."""

    class Meta:
        model = Building
        fields = ["id", "name", "address", "city", "country", "floors", "lat", "lng", "society"]
        read_only_fields = ["id"]


class RoomSerializer(Serializer):
    """A room of a flat."""

    room = drf.CharField(max_length=20)
    area = drf.DecimalField(max_digits=6, decimal_places=2, min_value=1)


class SurveySerializer(Serializer):
    """A survey of a building, with everything that a body can hold."""

    title = drf.CharField(max_length=40)
    visited = drf.DateTimeField(required=False)
    rooms = RoomSerializer(many=True, max_length=3)
    tags = drf.ListField(child=drf.CharField(max_length=10), max_length=4, required=False)
    notes = BoundedJSONField(required=False)
    labels = BoundedDictField(max_length=2, child=drf.CharField(max_length=5), required=False)
    buildings = VisibleRelatedField(queryset=Building, many=True, max_length=3, required=False)
    society = VisibleRelatedField(queryset=Organization, required=False)


class SurveyAnswer(Serializer):
    """What was understood of a survey."""

    title = drf.CharField()
    rooms = drf.IntegerField()


class CountSerializer(Serializer):
    """How much there was."""

    count = drf.IntegerField(min_value=0)


class BuildingFilter(FilterSet):
    """How a list of buildings can be narrowed."""

    city = filter_fields.CharFilter(max_length=50)
    floors_min = filter_fields.NumberFilter(
        field_name="floors", lookup_expr="gte", min_value=1, max_value=300
    )
    has_society = filter_fields.BooleanFilter(
        field_name="society", lookup_expr="isnull", exclude=True
    )
    society = filter_fields.UUIDFilter(field_name="society_id")
    country = filter_fields.AnyOfFilter(choices=[("AE", "Emirates"), ("IN", "India")])
    built = filter_fields.ChoiceFilter(
        field_name="floors", choices=[("1", "Low"), ("50", "High")], help_text="How high it is."
    )
    since = filter_fields.MomentFilter(field_name="created_at", lookup_expr="gte")
    day = filter_fields.DateFilter(field_name="created_at", lookup_expr="date")
    ids = filter_fields.IdListFilter(field_name="pk")


class BuildingViewSet(ModelViewSet):
    """Buildings that people live in."""

    queryset = Building.objects.none()
    serializer_class = BuildingSerializer
    permission_classes = [PublicRead]
    filterset_class = BuildingFilter
    search_fields = ["name", "city"]
    ordering_fields = {"name": "name", "newest": "created_at", "height": "floors"}
    ordering = ["name"]

    def get_queryset(self) -> Any:
        return Building.objects.visible_to(self.request.user)

    def perform_create(self, values: dict[str, Any]) -> Building:
        with transaction.atomic():
            return Building.objects.create(created_by_id=self.request.user.pk, **values)

    def perform_update(self, instance: Building, values: dict[str, Any]) -> Building:
        for name, value in values.items():
            setattr(instance, name, value)
        instance.save()
        return instance

    def perform_destroy(self, instance: Building) -> None:
        instance.delete()

    @action(detail=True, methods=["post"])
    @documented(takes=RoomSerializer, gives=BuildingSerializer, status=201, errors=(502,))
    def survey(self, request: Request, pk: str) -> Response:
        """Survey a building. The surveyor is whoever is signed in."""
        self.validated()
        return self.answer(self.get_object())

    @action(detail=False)
    @documented(gives=BuildingSerializer, paginated=True)
    def tall(self, request: Request) -> Response:
        """List the tall ones."""
        return self.listed(self.get_queryset().filter(floors__gte=50))


class FeedViewSet(ReadOnlyViewSet):
    """Buildings, one after the other without end."""

    queryset = Building.objects.none()
    serializer_class = BuildingSerializer
    permission_classes = [Public]
    pagination_class = CursorPagination
    ordering_fields = ["created_at", "name"]
    ordering = ["-created_at"]

    def get_queryset(self) -> Any:
        return Building.objects.visible_to(self.request.user)


class MixedFeedViewSet(FeedViewSet):
    """The same, by name downwards and then the oldest first."""

    ordering = ["-name", "created_at", "pk"]


class ForgottenViewSet(ReadOnlyViewSet):
    """A view whose queryset somebody forgot."""

    queryset = Residency.objects.none()
    serializer_class = BuildingSerializer
    permission_classes = [Public]


class SurveyView(APIView):
    """Takes a survey and gives it back."""

    permission_classes = [Public]
    parser_classes = [SafeJSONParser, SafeFormParser]
    input_serializer_class = SurveySerializer

    @documented(gives=SurveyAnswer)
    def post(self, request: Request) -> Response:
        """Send a survey."""
        values = self.validated()
        return self.answer({"title": values["title"], "rooms": len(values["rooms"])})


class CallbackView(APIView):
    """Takes any bytes, as a callback with a signature does."""

    permission_classes = [Public]
    parser_classes = [RawParser]

    @documented(gives=CountSerializer)
    def post(self, request: Request) -> Response:
        """Count bytes."""
        return self.answer({"count": len(request.data)})


def interfere() -> None:
    """What a test puts here happens in the middle of an order."""


class OrderViewSet(ViewSet):
    """POSTs whose effect can be counted: each makes a building."""

    queryset = Building.objects.none()
    serializer_class = BuildingSerializer
    input_serializer_class = BuildingSerializer

    def create(self, request: Request) -> Response:
        """Order a building."""
        with transaction.atomic():
            building = Building.objects.create(**self.validated())
            interfere()
        return self.answer(building, status=201)

    @action(detail=False, methods=["post"])
    @documented(takes=BuildingSerializer, idempotency="required", status=201)
    def paid(self, request: Request) -> Response:
        """Order a building and pay for it."""
        return self.create(request)

    @action(detail=False, methods=["post"])
    @documented(takes=BuildingSerializer, idempotency="exempt", status=201)
    def secret(self, request: Request) -> Response:
        """Order a building secretly."""
        return self.create(request)

    @action(detail=False, methods=["post"])
    @documented(takes=BuildingSerializer, stepwise=True, status=201)
    def stepwise(self, request: Request) -> Response:
        """Order a building in two steps, each for good."""
        values = self.validated()
        with transaction.atomic(durable=True):
            building = Building.objects.create(**values)
        if request.headers.get("X-Break"):
            raise RuntimeError("broken")
        if building.name == "Refused":
            raise TooManyRequestsError(retry_after=3)
        with transaction.atomic(durable=True):
            Building.objects.filter(pk=building.pk).update(floors=1)
        return self.answer(building, status=201)

    @action(detail=False, methods=["post"])
    @documented(takes=BuildingSerializer, status=201)
    def counted(self, request: Request) -> Response:
        """Count the attempt, then refuse it."""
        Building.objects.create(name="Attempt", city=str(Building.objects.count()))
        raise TooManyRequestsError(retry_after=3)

    @action(detail=False, methods=["post"])
    @documented(takes=BuildingSerializer, status=201)
    def broken(self, request: Request) -> Response:
        """Order a building, then break."""
        self.create(request)
        if request.headers.get("X-Break"):
            raise RuntimeError("broken")
        return self.answer(Building.objects.first(), status=201)

    @action(detail=False, methods=["post"])
    @documented(takes=BuildingSerializer, status=201)
    def clashing(self, request: Request) -> Response:
        """Run into a constraint without a transaction of one's own."""
        values = self.validated()
        Building.objects.create(**values)
        Building.objects.create(**values)
        return self.answer(status=204)


class StaffView(APIView):
    """For staff only."""

    permission_classes = [IsStaff]

    @documented(nothing=True)
    def get(self, request: Request) -> Response:
        """Look behind the curtain."""
        return self.answer()


class HalfwayView(APIView):
    """For those who have yet to verify their number, too."""

    permission_classes = [IsSignedInUnverified]

    @documented(
        parameters=(OpenApiParameter("step", OpenApiTypes.INT, description="Which step."),),
        gives=CountSerializer,
        answer={"count": 17},
    )
    def get(self, request: Request) -> Response:
        """Look halfway."""
        return self.answer({"count": 17})
