"""What staff do about developments and units."""

from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest, HttpResponse
from unfold.decorators import action
from unfold.widgets import UnfoldAdminDateWidget

from accounts.choices import MediaKind, MediaPurpose
from catalog.admin.unit_imports import ImportingMixin
from catalog.admin.uploads import TitledUploadForm, Upload, UploadingMixin, upload_act
from catalog.choices import DevelopmentStatus, UnitStatus
from catalog.services import development_moves, models_3d, phases, units
from catalog.services.developments import update_development
from config.shared.admin import CourtyardAdmin, go_to, may
from config.shared.admin_acts import ActingMixin, ConfirmForm, ReasonForm, service_act

STAGES = [
    (status.value, status.label)
    for status in DevelopmentStatus
    if status not in {DevelopmentStatus.PLANNING, DevelopmentStatus.ARCHIVED}
]


class StageForm(ConfirmForm):
    """Asks which stage comes next."""

    target = forms.ChoiceField(choices=STAGES, label="Next stage")


def add_photographs(row: Any, actor: Any, files: Any, given: Any) -> None:
    """Add pictures to those that are there; the first of all is the cover."""
    changes: dict[str, Any] = {"images": [*row.images.all(), *files]}
    if row.cover is None:
        changes["cover"] = files[0]
    update_development(development=row, actor=actor, changes=changes)


def add_model(row: Any, actor: Any, files: Any, given: Any) -> None:
    """Show a 3D model to everybody; its picture is drawn by a job."""
    models_3d.add_model(
        actor=actor, subject=row, values={"file": files[0], "title": given["title"]}
    )


def set_floor_plan(row: Any, actor: Any, files: Any, given: Any) -> None:
    """Show the drawing with the unit."""
    units.update_unit(unit=row, actor=actor, changes={"floor_plan": files[0]})


class PhaseForm(ConfirmForm):
    """Asks what is planned."""

    name = forms.CharField(max_length=120)
    weight = forms.DecimalField(max_digits=6, decimal_places=2, min_value=Decimal("0.01"))
    planned_start = forms.DateField(required=False, widget=UnfoldAdminDateWidget())
    planned_end = forms.DateField(required=False, widget=UnfoldAdminDateWidget())


class DevelopmentActs(ImportingMixin, UploadingMixin, ActingMixin, CourtyardAdmin):
    """Stages, selling, photographs, and putting away."""

    actions_detail = (
        "advance",
        {
            "title": "More",
            "icon": "more_vert",
            "items": [
                "start_selling",
                "pause_selling",
                "plan_phase",
                "photographs",
                "model_file",
                "import_units",
            ],
        },
        "archive",
    )
    uploads = (
        Upload(
            "photographs",
            "Photographs",
            "manage",
            MediaKind.IMAGE,
            MediaPurpose.DEVELOPMENT,
            add_photographs,
        ),
        Upload(
            "model_file",
            "3D model",
            "manage",
            MediaKind.MODEL,
            MediaPurpose.DEVELOPMENT,
            add_model,
            TitledUploadForm,
        ),
    )
    model_file = upload_act("model_file", "Add a 3D model", "manage")
    photographs = upload_act("photographs", "Add photographs", "manage")
    actions_in_states: ClassVar[Any] = {
        "advance": set(DevelopmentStatus) - {DevelopmentStatus.ARCHIVED},
        "archive": set(DevelopmentStatus) - {DevelopmentStatus.ARCHIVED},
    }
    has_manage_permission = may("catalog.manage_development")
    has_import_permission = may("catalog.import_unit")

    @action(description="Import units", url_path="import", permissions=["import"])
    def import_units(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return go_to(request, "../import-units/")

    plan_phase = service_act(
        "plan_phase",
        lambda row, actor, given: phases.create_phase(
            actor=actor, development=row, values=dict(given)
        ),
        description="Plan a phase",
        permission="manage",
        explain="It comes last; its weight is its share of the whole, relative to the others.",
        done="has one more phase",
        form=PhaseForm,
    )
    advance = service_act(
        "advance",
        lambda row, actor, given: development_moves.advance_development(
            development=row, actor=actor, target=given["target"]
        ),
        description="Next stage",
        permission="manage",
        explain="When it is ready, what waits for the handover is owed.",
        done="moved on",
        form=StageForm,
    )
    start_selling = service_act(
        "start_selling",
        lambda row, actor, given: development_moves.start_selling(development=row, actor=actor),
        description="Start selling",
        permission="manage",
        explain="Units can be held from now on.",
        done="on sale",
    )
    pause_selling = service_act(
        "pause_selling",
        lambda row, actor, given: development_moves.pause_selling(development=row, actor=actor),
        description="Pause selling",
        permission="manage",
        explain="Nobody can hold a unit until it goes on; what is booked stays booked.",
        done="off sale",
    )
    archive = service_act(
        "archive",
        lambda row, actor, given: development_moves.archive_development(
            development=row, actor=actor, reason=given["reason"]
        ),
        description="Archive",
        permission="manage",
        explain="It leaves the lists for good. Not while anybody holds or has bought a unit.",
        done="archived",
        form=ReasonForm,
        danger=True,
    )


class UnitActs(UploadingMixin, ActingMixin, CourtyardAdmin):
    """Blocking, unblocking, and the floor plan."""

    actions_detail = ("block", "unblock", "floor_plan_file")
    uploads = (
        Upload(
            "floor_plan_file",
            "Floor plan",
            "manage",
            MediaKind.IMAGE,
            MediaPurpose.UNIT,
            set_floor_plan,
        ),
    )
    floor_plan_file = upload_act("floor_plan_file", "Set the floor plan", "manage")
    actions_in_states: ClassVar[Any] = {
        "block": {UnitStatus.AVAILABLE, UnitStatus.HELD},
        "unblock": {UnitStatus.BLOCKED},
    }
    has_manage_permission = may("catalog.manage_development")

    block = service_act(
        "block",
        lambda row, actor, given: units.block_unit(unit=row, actor=actor, reason=given["reason"]),
        description="Block",
        permission="manage",
        explain="Nobody can hold it until it is unblocked.",
        done="blocked",
        form=ReasonForm,
        danger=True,
    )
    unblock = service_act(
        "unblock",
        lambda row, actor, given: units.unblock_unit(unit=row, actor=actor, reason=given["reason"]),
        description="Unblock",
        permission="manage",
        explain="Whoever waits for it is offered it first.",
        done="available",
        form=ReasonForm,
    )
