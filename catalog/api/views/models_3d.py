"""3D models of developments and units."""

from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.callers import caller_of
from catalog.api.filters.construction import ModelFilter
from catalog.api.serializers.models_3d import (
    EXAMPLE,
    EXAMPLE_INPUT,
    Model3DSerializer,
    ModelInputSerializer,
    ModelUpdateSerializer,
)
from catalog.api.views.paths import OfDevelopmentMixin, OfUnitMixin
from catalog.models import Model3D
from catalog.services.models_3d import add_model, change_model, remove_model
from config.shared.conditional import ConditionalWritesMixin
from config.shared.operations import documented
from config.shared.permissions import PublicRead
from config.shared.viewsets import ViewSet

OF_UNIT = {**EXAMPLE, "development": None, "unit": "0199c3a4-b1c6-7284-9fa0-718293a4b5c6"}


class ModelsViewSet(ViewSet):
    """The 3D models of one thing, in their order, newer versions first."""

    queryset = Model3D.objects.none()
    serializer_class = Model3DSerializer
    permission_classes = [PublicRead]
    filterset_class = ModelFilter
    ordering = ["order", "-version"]
    ordering_fields = {"order": "order", "newest": "created_at"}
    tag = "developments"

    def seen(self) -> Any:
        """Every model that the caller may see."""
        return Model3D.objects.visible_to(self.request.user).with_files()

    def added(self, subject: Any) -> Response:
        """The model that the body describes, added to ``subject``."""
        made = add_model(actor=caller_of(self.request), subject=subject, values=self.validated())
        return self.answer(self.seen().get(pk=made.pk))


class DevelopmentModelViewSet(OfDevelopmentMixin, ModelsViewSet):
    """The 3D models of one development."""

    def get_queryset(self) -> Any:
        return self.seen().filter(development=self.development)

    @documented(summary="List the 3D models of a development")
    def list(self, request: Request, development_id: UUID) -> Response:
        """List the 3D models of a development.

        Those that are not public are there for the builder only.
        """
        return self.listed(self.get_queryset())

    @documented(takes=ModelInputSerializer, example=EXAMPLE_INPUT, answer=EXAMPLE, status=201)
    def create(self, request: Request, development_id: UUID) -> Response:
        """Show a 3D model of a development.

        The file is a binary glTF (GLB) that the caller uploaded. A title that is there already
        gets a further version. Without a thumbnail a picture is drawn in the background.
        """
        return self.added(self.development)


class UnitModelViewSet(OfUnitMixin, ModelsViewSet):
    """The 3D models of one unit."""

    def get_queryset(self) -> Any:
        return self.seen().filter(unit=self.unit)

    @documented(summary="List the 3D models of a unit")
    def list(self, request: Request, unit_id: UUID) -> Response:
        """List the 3D models of a unit.

        Those that are not public are there for the builder only.
        """
        return self.listed(self.get_queryset())

    @documented(takes=ModelInputSerializer, example=EXAMPLE_INPUT, answer=OF_UNIT, status=201)
    def create(self, request: Request, unit_id: UUID) -> Response:
        """Show a 3D model of a unit.

        The file is a binary glTF (GLB) that the caller uploaded. A title that is there already
        gets a further version. Without a thumbnail a picture is drawn in the background.
        """
        return self.added(self.unit)


class ModelViewSet(ConditionalWritesMixin, ViewSet):
    """One 3D model."""

    queryset = Model3D.objects.none()
    serializer_class = Model3DSerializer
    permission_classes = [PublicRead]
    tag = "developments"

    def get_queryset(self) -> Any:
        return Model3D.objects.visible_to(self.request.user).with_files()

    @documented(summary="Get a 3D model", answer=EXAMPLE)
    def retrieve(self, request: Request, pk: UUID) -> Response:
        return self.answer(self.get_object())

    @documented(takes=ModelUpdateSerializer, example={"order": 2}, answer={**EXAMPLE, "order": 2})
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Change the title, order, audience or picture of a 3D model.

        Under another title it becomes the next version of that. Without a thumbnail one is drawn.
        Another file is another model.
        """
        with self.to_change() as model:
            changes = self.validated(model, partial=True)
            change_model(model=model, actor=caller_of(request), changes=changes)
        return self.answer(self.get_object())

    @documented(summary="Delete a 3D model")
    def destroy(self, request: Request, pk: UUID) -> Response:
        """Delete a 3D model with its file; other versions stay."""
        with self.to_change() as model:
            remove_model(model=model, actor=caller_of(request))
        return self.answer()
