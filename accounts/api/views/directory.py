"""The contractor directory."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.filters.directory import ContractorFilter
from accounts.api.serializers.directory import ContractorDetailSerializer, ContractorSerializer
from accounts.models import User
from accounts.services.directory import contractors_for
from config.shared.geojson import GEOJSON_RENDERERS
from config.shared.operations import documented
from config.shared.permissions import Public
from config.shared.viewsets import ReadOnlyViewSet


class ContractorViewSet(ReadOnlyViewSet):
    """Contractors who let themselves be found, to the nearest kilometre."""

    queryset = User.objects.none()
    serializer_class = ContractorSerializer
    permission_classes = [Public]
    renderer_classes = GEOJSON_RENDERERS
    filterset_class = ContractorFilter
    search_fields = ["full_name", "username"]
    ordering_fields = {"name": "full_name", "rating": "rating_rank", "newest": "created_at"}
    tag = "contractors"

    def get_queryset(self) -> Any:
        return contractors_for(self.request.user)

    @documented(summary="List contractors")
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request)

    @documented(summary="Get a contractor's public page", gives=ContractorDetailSerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().retrieve(request)
