"""The views that all others derive from: what they show when nothing is said is nothing."""

from typing import Any

from django.db.models import Model, QuerySet
from rest_framework import generics, mixins, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from config.shared.conditional import ConditionalWritesMixin, etag_of
from config.shared.context import set_actor
from config.shared.filters import FilterBackend, OrderingFilter, SearchFilter
from config.shared.idempotency import IdempotentMixin
from config.shared.operations import input_class_of, operation_of, output_class_of
from config.shared.pagination import PagePagination
from config.shared.parameters import refuse_unknown

UUID_PATTERN = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
CREATED = 201

__all__ = [
    "APIView",
    "ConditionalWritesMixin",
    "ModelViewSet",
    "ReadOnlyViewSet",
    "ViewSet",
]


class KernelView(IdempotentMixin, generics.GenericAPIView):
    """Input through declared serializers, output through declared serializers, known parameters.

    A view has ``serializer_class`` for its output; ``input_serializer_class`` or the action's
    ``@documented(takes=…)`` for its input.
    """

    # OPTIONS would describe views to strangers; what browsers ask before a call from another
    # origin is answered by the middleware for CORS.
    http_method_names = ["get", "post", "put", "patch", "delete", "head"]
    lookup_value_regex = UUID_PATTERN
    lookup_value_converter = "uuid"
    filter_backends = [FilterBackend, SearchFilter, OrderingFilter]
    pagination_class: Any = PagePagination
    input_serializer_class: Any = None
    # Statuses that all operations of the view can end in, beyond those that go without saying.
    errors: tuple[int, ...] = ()
    conditional_writes = False

    def perform_authentication(self, request: Request) -> None:
        super().perform_authentication(request)
        if request.user and request.user.is_authenticated:
            set_actor(request.user)

    def get_object(self) -> Any:
        """The visible object that the path names; query parameters have no say in it."""
        lookup = {self.lookup_field: self.kwargs[self.lookup_url_kwarg or self.lookup_field]}
        found = generics.get_object_or_404(self.get_queryset(), **lookup)
        self.check_object_permissions(self.request, found)
        return found

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Apply the declared filters, search and order; refuse parameters that are not declared."""
        backends: list[Any] = [backend() for backend in self.filter_backends]
        known = {name for backend in backends for name in backend.parameter_names(self)}
        repeatable = {
            name
            for backend in backends
            for name in getattr(backend, "repeatable_names", lambda _view: ())(self)
        }
        known.update(getattr(self.paginator, "parameter_names", ()))
        refuse_unknown(self.request, known, repeatable)
        for backend in backends:
            queryset = backend.filter_queryset(self.request, queryset, self)
        return queryset

    def validated(self, instance: Model | None = None, *, partial: bool = False) -> dict[str, Any]:
        """The body, checked by the serializer that the operation takes."""
        serializer = input_class_of(self)(
            instance,
            data=self.request.data,
            partial=partial,
            context=self.get_serializer_context(),
        )
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data

    def answer(self, result: Any = None, *, status: int | None = None) -> Response:
        """``result`` as the serializer that the operation gives shows it; None has no body."""
        operation = operation_of(self)
        code = status or operation.status
        if result is None or operation.nothing:
            return Response(status=code or 204)
        context = self.get_serializer_context()
        shown = output_class_of(self)(result, many=operation.many, context=context)
        headers = {"ETag": etag_of(result)} if self._has_etag(result) else None
        return Response(shown.data, status=code or 200, headers=headers)

    def listed(self, queryset: QuerySet[Any]) -> Response:
        """A page of ``queryset``, filtered and ordered as the view declares."""
        page = self.paginate_queryset(self.filter_queryset(queryset))
        shown = output_class_of(self)(page, many=True, context=self.get_serializer_context())
        return self.get_paginated_response(shown.data)

    def _has_etag(self, result: Any) -> bool:
        return self.conditional_writes and isinstance(result, Model)


class APIView(KernelView):
    """One address with one method per HTTP verb."""


class ViewSet(KernelView, viewsets.GenericViewSet):
    """Actions only."""


class ReadOnlyViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ViewSet):
    """A list and its members, each as ``get_queryset`` shows them to the caller."""

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.listed(self.get_queryset())

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.answer(self.get_object())


class ModelViewSet(ConditionalWritesMixin, ReadOnlyViewSet):
    """A list and its members, which can be added to, changed (PATCH) and removed.

    ``perform_create(values)``, ``perform_update(instance, values)`` and
    ``perform_destroy(instance)`` call one service each and return what it returned.
    """

    perform_create: Any
    perform_update: Any
    perform_destroy: Any

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.answer(self.perform_create(self.validated()), status=CREATED)

    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        with self.to_change() as instance:
            values = self.validated(instance, partial=True)
            changed = self.perform_update(instance, values)
        return self.answer(changed)

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        with self.to_change() as instance:
            self.perform_destroy(instance)
        return Response(status=204)
