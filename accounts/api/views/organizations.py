"""Organizations: their public pages, and what their owners and administrators do."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.callers import caller_of
from accounts.api.filters.organizations import OrganizationFilter
from accounts.api.serializers.organizations import (
    EXAMPLE_INPUT,
    OrganizationInputSerializer,
    OrganizationSerializer,
    OrganizationUpdateSerializer,
)
from accounts.api.throttles import FoundingThrottle
from accounts.models import Organization
from accounts.services.organizations import create_organization, update_organization
from config.shared.conditional import ConditionalWritesMixin
from config.shared.geojson import GEOJSON_RENDERERS
from config.shared.operations import documented
from config.shared.permissions import PublicRead
from config.shared.viewsets import ReadOnlyViewSet


class OrganizationViewSet(ConditionalWritesMixin, ReadOnlyViewSet):
    """Builders, societies, contractors' firms and employers."""

    queryset = Organization.objects.none()
    serializer_class = OrganizationSerializer
    permission_classes = [PublicRead]
    renderer_classes = GEOJSON_RENDERERS
    filterset_class = OrganizationFilter
    search_fields = ["name", "legal_name"]
    ordering_fields = {"name": "name", "newest": "created_at"}
    tag = "organizations"

    def get_queryset(self) -> Any:
        user = self.request.user
        return Organization.objects.visible_to(user).with_public_page(user)

    def get_throttles(self) -> list[Any]:
        return [FoundingThrottle()] if self.action == "create" else []

    @documented(summary="List organizations")
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request)

    @documented(summary="Get an organization")
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().retrieve(request)

    @documented(takes=OrganizationInputSerializer, status=201, example=EXAMPLE_INPUT)
    def create(self, request: Request) -> Response:
        """Found an organization.

        The caller becomes its first owner. It counts as verified only once staff have looked at
        its papers.
        """
        made = create_organization(creator=caller_of(request), **self.validated())
        return self.answer(self.get_queryset().get(pk=made.pk))

    @documented(takes=OrganizationUpdateSerializer, example={"description": "Since 2012."})
    def partial_update(self, request: Request, pk: Any) -> Response:
        """Change what an organization says about itself.

        For its owners and administrators. Another name or number ends its verification.
        """
        with self.to_change() as organization:
            changes = self.validated(organization, partial=True)
            update_organization(
                organization=organization, actor=caller_of(request), changes=changes
            )
        return self.answer(self.get_object())
