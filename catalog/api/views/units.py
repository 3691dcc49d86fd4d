"""Units: of one development and of all, and what builders do with them."""

from typing import Any
from uuid import UUID

from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.callers import caller_of
from catalog.api.filters.homes import UnitFilter, UnitsOfDevelopmentFilter
from catalog.api.serializers.unit_bulk import (
    EXAMPLE_ANSWER,
    BulkUnitsSerializer,
    MadeUnitsSerializer,
    made,
)
from catalog.api.serializers.unit_bulk import (
    EXAMPLE_INPUT as BULK_EXAMPLE,
)
from catalog.api.serializers.units import (
    EXAMPLE_INPUT,
    BlockReasonSerializer,
    UnitInputSerializer,
    UnitSerializer,
    UnitUpdateSerializer,
)
from catalog.models import Development, Unit
from catalog.services.unit_bulk import add_units
from catalog.services.units import (
    block_unit,
    create_unit,
    delete_unit,
    unblock_unit,
    update_unit,
)
from config.shared.conditional import ConditionalWritesMixin
from config.shared.operations import documented
from config.shared.permissions import PublicRead
from config.shared.viewsets import ReadOnlyViewSet, ViewSet

ORDERING = {
    "floor": "floor",
    "price": "price",
    "area": "area",
    "number": "number",
    "bedrooms": "bedrooms",
}


class UnitViewSet(ConditionalWritesMixin, ReadOnlyViewSet):
    """Homes, offices and plots of the developments that the caller may see."""

    queryset = Unit.objects.none()
    serializer_class = UnitSerializer
    permission_classes = [PublicRead]
    filterset_class = UnitFilter
    search_fields = ["number", "block"]
    ordering_fields = {**ORDERING, "newest": "created_at"}
    tag = "units"

    def get_queryset(self) -> Any:
        return Unit.objects.visible_to(self.request.user).with_page()

    @documented(summary="List units")
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request)

    @documented(summary="Get a unit")
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().retrieve(request)

    @documented(takes=UnitInputSerializer, status=201, example=EXAMPLE_INPUT)
    def create(self, request: Request) -> Response:
        """Add a unit to a development.

        For owners and administrators of its builder. The price is in the development's currency.
        """
        values = self.validated()
        development = values.pop("development")
        made = create_unit(actor=caller_of(request), development=development, values=values)
        return self.answer(get_object_or_404(self.get_queryset(), pk=made.pk))

    @documented(takes=UnitUpdateSerializer, example={"price": "1875000.00"})
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Change a unit.

        For owners and administrators of its builder. What is held or booked keeps its price.
        """
        with self.to_change() as unit:
            changes = self.validated(unit, partial=True)
            update_unit(unit=unit, actor=caller_of(request), changes=changes)
        return self.answer(self.get_object())

    @documented(nothing=True)
    def destroy(self, request: Request, pk: UUID) -> Response:
        """Remove a unit that nobody ever held, booked or waited for."""
        with self.to_change() as unit:
            delete_unit(unit=unit, actor=caller_of(request))
        return self.answer()

    @action(detail=True, methods=["post"])
    @documented(takes=BlockReasonSerializer, example={"reason": "Show flat"})
    def block(self, request: Request, pk: UUID) -> Response:
        """Take an available unit off sale.

        For the builder's selling people.
        """
        block_unit(unit=self.get_object(), actor=caller_of(request), **self.validated())
        return self.answer(self.get_object())

    @action(detail=True, methods=["post"])
    @documented(takes=BlockReasonSerializer, example={"reason": "No longer needed"})
    def unblock(self, request: Request, pk: UUID) -> Response:
        """Put a blocked unit on sale again. Whoever waits for it is offered it first."""
        unblock_unit(unit=self.get_object(), actor=caller_of(request), **self.validated())
        return self.answer(self.get_object())


class DevelopmentUnitsViewSet(ViewSet):
    """The units of a development."""

    queryset = Unit.objects.none()
    serializer_class = UnitSerializer
    permission_classes = [PublicRead]
    filterset_class = UnitsOfDevelopmentFilter
    search_fields = ["number", "block"]
    ordering_fields = ORDERING
    ordering = ["block", "floor", "number"]
    tag = "units"

    def development(self) -> Development:
        """The development that the path names, if the caller may see it."""
        seen = Development.objects.visible_to(self.request.user)
        return get_object_or_404(seen, pk=self.kwargs["development_id"])

    def get_queryset(self) -> Any:
        return Unit.objects.visible_to(self.request.user).with_page()

    @documented(summary="List the units of a development")
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.listed(self.get_queryset().filter(development=self.development()))

    @action(detail=False, methods=["post"])
    @documented(
        takes=BulkUnitsSerializer,
        gives=MadeUnitsSerializer,
        status=201,
        example=BULK_EXAMPLE,
        answer=EXAMPLE_ANSWER,
        errors=(409,),
    )
    def bulk(self, request: Request, development_id: UUID) -> Response:
        """Add many units to a development.

        Blocks by floors by types, all or none; with `dry_run` the answer says what would be made.
        """
        development, order = self.development(), self.validated()
        units = add_units(development=development, actor=caller_of(request), **order)
        return self.answer(made(units, dry_run=order["dry_run"]))
