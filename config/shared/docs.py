"""The description of the API: as JSON or YAML for machines, with two readers for people."""

from functools import cache
from threading import Lock
from typing import Any, cast

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import View
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import (
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
    OpenApiYamlRenderer,
    OpenApiYamlRenderer2,
)
from drf_spectacular.settings import patched_settings
from drf_spectacular.views import SpectacularRedocView, SpectacularSwaggerSplitView
from rest_framework.request import Request
from rest_framework.views import APIView

from config.shared.errors import DomainError
from config.shared.permissions import IsStaff, Public

RENDERERS = [
    OpenApiJsonRenderer2,
    OpenApiJsonRenderer,
    OpenApiYamlRenderer2,
    OpenApiYamlRenderer,
]
STAFF_SETTINGS = {"PREPROCESSING_HOOKS": ["config.shared.openapi_hooks.api_endpoints"]}
_generating = Lock()


@cache
def description(*, staff: bool = False) -> dict[str, Any]:
    """The OpenAPI description, made once per process; with ``staff`` what only they can call."""
    with _generating, patched_settings(STAFF_SETTINGS if staff else {}):
        return SchemaGenerator().get_schema(request=None, public=True)


@cache
def rendered(renderer_class: Any, *, staff: bool = False) -> bytes:
    """The description as ``renderer_class`` writes it."""
    return renderer_class().render(description(staff=staff), renderer_context={})


class SchemaView(APIView):
    """The description of this API in OpenAPI 3.1."""

    schema = None
    authentication_classes: Any = ()
    permission_classes = [Public]
    renderer_classes = RENDERERS
    for_staff = False

    def get(self, request: Request) -> HttpResponse:
        renderer = request.accepted_renderer
        body = rendered(cast(Any, type(renderer)), staff=self.for_staff)
        return HttpResponse(body, content_type=renderer.media_type)


class StaffSchemaView(SchemaView):
    """The same with what is for staff only; asks for a member of staff."""

    authentication_classes = APIView.authentication_classes
    permission_classes = [IsStaff]
    for_staff = True


class DocumentationMixin(APIView):
    """Not found where ``DOCS_ENABLED`` is off."""

    schema = None
    authentication_classes: list[Any] = []
    permission_classes = [Public]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if not settings.DOCS_ENABLED:
            raise Http404
        super().initial(request, *args, **kwargs)


class SwaggerView(DocumentationMixin, SpectacularSwaggerSplitView):
    """Swagger UI, from our own static files."""


class RedocView(DocumentationMixin, SpectacularRedocView):
    """ReDoc, from our own static files."""


class ProblemView(View):
    """What a problem's ``type`` refers to: the code in words."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        kind = problem_kinds().get(code)
        if kind is None:
            raise Http404
        context = {"code": code, "title": kind.title, "status": kind.status, "text": kind.__doc__}
        return render(request, "pages/problem.html", context)


def problem_kinds() -> dict[str, type[DomainError]]:
    """Every kind of refusal that has been loaded, by its code."""
    found: dict[str, type[DomainError]] = {}
    pending = [DomainError]
    while pending:
        kind = pending.pop()
        found.setdefault(kind.code, kind)
        pending.extend(kind.__subclasses__())
    return found
