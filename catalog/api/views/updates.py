"""News from the site: drafts of the builder, and what everybody reads."""

from typing import Any
from uuid import UUID

from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.callers import caller_of
from catalog.api.filters.construction import UpdateFilter
from catalog.api.serializers.updates import (
    EXAMPLE,
    EXAMPLE_INPUT,
    CorrectionSerializer,
    UpdateInputSerializer,
    UpdateSerializer,
    WithdrawalSerializer,
)
from catalog.api.views.paths import OfDevelopmentMixin
from catalog.models import ConstructionUpdate
from catalog.services.updates import (
    change_draft,
    correct_update,
    draft_update,
    publish_update,
    withdraw_update,
)
from config.shared.conditional import ConditionalWritesMixin
from config.shared.operations import documented
from config.shared.pagination import CursorPagination
from config.shared.permissions import PublicRead
from config.shared.viewsets import ViewSet

DRAFT = {**EXAMPLE, "percent_snapshot": None, "status": "draft", "published_at": None}
WITHDRAWN = {**EXAMPLE, "status": "withdrawn"}
CORRECTION = {"correction": "It is the slab of floor 23; the roof follows in January."}
FEED = {"next": None, "previous": None, "results": [EXAMPLE]}
CORRECTED = {**EXAMPLE, **CORRECTION, "corrected_at": "2026-11-21T07:30:00Z"}


class DevelopmentUpdateViewSet(OfDevelopmentMixin, ViewSet):
    """News from the site of one development."""

    queryset = ConstructionUpdate.objects.none()
    serializer_class = UpdateSerializer
    permission_classes = [PublicRead]
    pagination_class = CursorPagination
    filterset_class = UpdateFilter
    ordering = ["-shown_at"]
    tag = "developments"

    def get_queryset(self) -> Any:
        seen = ConstructionUpdate.objects.visible_to(self.request.user).with_story()
        return seen.filter(development=self.development)

    @documented(summary="List the news from a site", answer=FEED)
    def list(self, request: Request, development_id: UUID) -> Response:
        """List the news from a site.

        The newest first. Drafts, and what was withdrawn, are there for the builder only.
        """
        return self.listed(self.get_queryset())

    @documented(takes=UpdateInputSerializer, example=EXAMPLE_INPUT, answer=DRAFT, status=201)
    def create(self, request: Request, development_id: UUID) -> Response:
        """Write news from a site.

        A draft, for the builder's owners, administrators and people of the site. Nobody else sees
        it, or its photographs, before it is published.
        """
        development = self.development
        made = draft_update(
            actor=caller_of(request), development=development, values=self.validated()
        )
        return self.answer(self.get_queryset().get(pk=made.pk))


class UpdateViewSet(ConditionalWritesMixin, ViewSet):
    """One piece of news from a site."""

    queryset = ConstructionUpdate.objects.none()
    serializer_class = UpdateSerializer
    permission_classes = [PublicRead]
    tag = "developments"

    def get_queryset(self) -> Any:
        return ConstructionUpdate.objects.visible_to(self.request.user).with_story()

    @documented(summary="Get news from a site", answer=EXAMPLE)
    def retrieve(self, request: Request, pk: UUID) -> Response:
        return self.answer(self.get_object())

    @documented(takes=UpdateInputSerializer, example={"title": EXAMPLE["title"]}, answer=DRAFT)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Change a draft.

        What was published is corrected visibly instead.
        """
        with self.to_change() as update:
            changes = self.validated(update, partial=True)
            change_draft(update=update, actor=caller_of(request), changes=changes)
        return self.answer(self.get_object())

    @action(detail=True, methods=["post"])
    @documented(answer=EXAMPLE)
    def publish(self, request: Request, pk: UUID) -> Response:
        """Publish a draft.

        It keeps the percent built at this moment. Followers and buyers are told, each once.
        """
        publish_update(update=self.get_object(), actor=caller_of(request))
        return self.answer(self.get_object())

    @action(detail=True, methods=["post"])
    @documented(takes=WithdrawalSerializer, example={"reason": "Wrong tower."}, answer=WITHDRAWN)
    def withdraw(self, request: Request, pk: UUID) -> Response:
        """Take published news back; they and their photographs are the builder's alone again."""
        update = self.get_object()
        withdraw_update(update=update, actor=caller_of(request), **self.validated())
        return self.answer(self.get_object())

    @action(detail=True, methods=["post"])
    @documented(takes=CorrectionSerializer, example=CORRECTION, answer=CORRECTED)
    def correct(self, request: Request, pk: UUID) -> Response:
        """Correct published news visibly.

        The text stays as it was; the correction stands below it, a further one below the first.
        """
        update = self.get_object()
        correct_update(update=update, actor=caller_of(request), **self.validated())
        return self.answer(self.get_object())
