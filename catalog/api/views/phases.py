"""Phases of construction: how far a development has come, and what its people write of it."""

from typing import Any
from uuid import UUID

from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.callers import caller_of
from catalog.api.serializers.phases import (
    EXAMPLE,
    EXAMPLE_INPUT,
    MeasuredSerializer,
    PhaseCompletionSerializer,
    PhaseInputSerializer,
    PhaseReasonSerializer,
    PhaseReopeningSerializer,
    PhaseResumeSerializer,
    PhaseSerializer,
    PhaseStartSerializer,
    PhaseUpdateSerializer,
    ProgressSerializer,
)
from catalog.api.views.paths import OfDevelopmentMixin
from catalog.models import Development, ProgressPhase
from catalog.services.phases import (
    complete_phase,
    create_phase,
    delay_phase,
    hold_phase,
    record_progress,
    reopen_phase,
    resume_phase,
    start_phase,
    update_phase,
)
from config.shared.conditional import ConditionalWritesMixin
from config.shared.operations import documented
from config.shared.parameters import refuse_unknown
from config.shared.permissions import PublicRead
from config.shared.viewsets import ViewSet

PLANNED = {
    **EXAMPLE,
    "actual_start": None,
    "percent": "0.00",
    "status": "planned",
}
PROGRESS = {
    "development": EXAMPLE["development"],
    "percent_built": "25.00",
    "phases": [EXAMPLE],
}
CORRECTION = {"percent": "58.00", "reason": "Two floors were counted that have no slab yet."}
CORRECTED = {**EXAMPLE, "percent": "58.00", "corrected_reason": CORRECTION["reason"]}
STOPPED = {"reason": "The steel has not arrived."}
EVIDENCE = {"evidence": ["0199c3a4-7d82-7e40-9b6c-3f4d5e6f7081"], "actual_end": "2026-11-20"}
COMPLETED = {**EXAMPLE, "percent": "100.00", "status": "completed", "actual_end": "2026-11-20"}
REOPENING = {"reason": "Cracks in the roof slab.", "percent": "95.00"}
REOPENED = {**EXAMPLE, "percent": "95.00", "corrected_reason": REOPENING["reason"]}


class ProgressView(OfDevelopmentMixin, ViewSet):
    """How far a development has come."""

    queryset = Development.objects.none()
    serializer_class = ProgressSerializer
    permission_classes = [PublicRead]
    lookup_url_kwarg = "development_id"
    tag = "developments"

    def get_queryset(self) -> Any:
        return Development.objects.visible_to(self.request.user).with_progress()

    @documented(
        summary="See how far a development has come",
        operation_id="developments_progress",
        answer=PROGRESS,
    )
    def progress(self, request: Request, development_id: UUID) -> Response:
        """See how far a development has come.

        All its phases in their order, those that have not begun included, and the percent of the
        whole: their weighted mean, rounded down.
        """
        refuse_unknown(request, (), ())
        return self.answer(self.get_object())

    @documented(
        summary="Plan a phase",
        operation_id="phases_create",
        takes=PhaseInputSerializer,
        gives=PhaseSerializer,
        example=EXAMPLE_INPUT,
        answer=PLANNED,
        status=201,
    )
    def create(self, request: Request, development_id: UUID) -> Response:
        """Plan a phase of a development.

        For the builder's owners, administrators and people of the site. Without an order it comes
        last.
        """
        development = self.development
        made = create_phase(
            actor=caller_of(request), development=development, values=self.validated()
        )
        return self.answer(ProgressPhase.objects.with_site().get(pk=made.pk))


class PhaseViewSet(ConditionalWritesMixin, ViewSet):
    """A phase of construction; who works on the site writes, whoever sees the development reads."""

    queryset = ProgressPhase.objects.none()
    serializer_class = PhaseSerializer
    permission_classes = [PublicRead]
    tag = "developments"

    def get_queryset(self) -> Any:
        return ProgressPhase.objects.visible_to(self.request.user).with_site()

    def changed(self, service: Any) -> Response:
        """The phase after ``service`` has changed it as the body says."""
        phase, actor = self.get_object(), caller_of(self.request)
        service(phase=phase, actor=actor, **self.validated())
        return self.answer(self.get_object())

    @documented(summary="Get a phase", answer=EXAMPLE)
    def retrieve(self, request: Request, pk: UUID) -> Response:
        return self.answer(self.get_object())

    @documented(takes=PhaseUpdateSerializer, example={"planned_end": "2027-02-28"}, answer=EXAMPLE)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Change what is planned of a phase.

        Its percent and its state have operations of their own. Another weight takes a reason once
        work on the development has begun.
        """
        with self.to_change() as phase:
            changes = self.validated(phase, partial=True)
            reason = changes.pop("reason", "")
            update_phase(phase=phase, actor=caller_of(request), changes=changes, reason=reason)
        return self.answer(self.get_object())

    @action(detail=True, methods=["post"])
    @documented(takes=MeasuredSerializer, example=CORRECTION, answer=CORRECTED)
    def progress(self, request: Request, pk: UUID) -> Response:
        """Write down how far a phase has come.

        For one that has begun and is not completed. Less than before is a correction: it takes a
        reason, which everybody reads.
        """
        return self.changed(record_progress)

    @action(detail=True, methods=["post"])
    @documented(takes=PhaseStartSerializer, example={"actual_start": "2026-03-09"}, answer=EXAMPLE)
    def start(self, request: Request, pk: UUID) -> Response:
        """Begin a phase, today or on a day that is over."""
        return self.changed(start_phase)

    @action(detail=True, methods=["post"])
    @documented(
        takes=PhaseReasonSerializer, example=STOPPED, answer={**EXAMPLE, "status": "on_hold"}
    )
    def hold(self, request: Request, pk: UUID) -> Response:
        """Stop work on a phase for the time being."""
        return self.changed(hold_phase)

    @action(detail=True, methods=["post"])
    @documented(
        takes=PhaseReasonSerializer, example=STOPPED, answer={**EXAMPLE, "status": "delayed"}
    )
    def delay(self, request: Request, pk: UUID) -> Response:
        """Say that a phase takes longer than was planned."""
        return self.changed(delay_phase)

    @action(detail=True, methods=["post"])
    @documented(takes=PhaseResumeSerializer, answer=EXAMPLE)
    def resume(self, request: Request, pk: UUID) -> Response:
        """Go on with a phase after a stop or a delay."""
        return self.changed(resume_phase)

    @action(detail=True, methods=["post"])
    @documented(takes=PhaseCompletionSerializer, example=EVIDENCE, answer=COMPLETED)
    def complete(self, request: Request, pk: UUID) -> Response:
        """Complete a phase, with photographs or documents that show it.

        It is at 100 per cent from then on, and the instalments that wait for it become due.
        """
        return self.changed(complete_phase)

    @action(detail=True, methods=["post"])
    @documented(takes=PhaseReopeningSerializer, example=REOPENING, answer=REOPENED)
    def reopen(self, request: Request, pk: UUID) -> Response:
        """Take the completion of a phase back, with a reason that everybody reads."""
        return self.changed(reopen_phase)
