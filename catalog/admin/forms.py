"""What staff write of developments and units, taken by the services that the API uses."""

from collections.abc import Mapping
from typing import Any

from catalog.models import ConstructionUpdate, Development, ProgressPhase, Unit
from catalog.services.developments import create_development, update_development
from catalog.services.phases import update_phase
from catalog.services.units import create_unit, update_unit
from catalog.services.updates import change_draft, draft_update
from config.shared.admin_forms import ServiceForm


class DevelopmentForm(ServiceForm):
    """A development."""

    class Meta:
        model = Development
        fields = (
            "builder",
            "name",
            "type",
            "description",
            "amenities",
            "launch_date",
            "expected_completion",
            "actual_completion",
            "permit_no",
            "address",
            "city",
            "state",
            "country",
            "pincode",
            "lat",
            "lng",
            "time_zone",
            "currency",
            "hold_minutes",
            "max_holds_per_user",
            "terms",
            "plan_template",
            "late_fee_policy",
            "cancellation_policy",
        )

    def carry_out(self, row: Development | None, values: Mapping[str, Any]) -> Development:
        if row is not None:
            return update_development(development=row, actor=self.actor, changes=values)
        given = dict(values)
        builder = given.pop("builder")
        return create_development(actor=self.actor, builder=builder, values=given)


class UnitForm(ServiceForm):
    """A unit."""

    class Meta:
        model = Unit
        fields = (
            "development",
            "building",
            "block",
            "floor",
            "number",
            "unit_type",
            "bedrooms",
            "bathrooms",
            "area",
            "balcony_area",
            "view",
            "parking",
            "price",
            "features",
        )

    def carry_out(self, row: Unit | None, values: Mapping[str, Any]) -> Unit:
        if row is not None:
            return update_unit(unit=row, actor=self.actor, changes=values)
        given = dict(values)
        development = given.pop("development")
        return create_unit(actor=self.actor, development=development, values=given)


class ProgressPhaseForm(ServiceForm):
    """What is planned of a phase."""

    class Meta:
        model = ProgressPhase
        fields = ("name", "order", "weight", "planned_start", "planned_end", "description")

    def carry_out(self, row: ProgressPhase | None, values: Mapping[str, Any]) -> ProgressPhase:
        if row is None:
            raise TypeError("Phases are planned on the page of their development.")
        return update_phase(phase=row, actor=self.actor, changes=values)


class ConstructionUpdateForm(ServiceForm):
    """News from a site, until they are published."""

    class Meta:
        model = ConstructionUpdate
        fields = ("development", "phase", "title", "body")

    def carry_out(
        self, row: ConstructionUpdate | None, values: Mapping[str, Any]
    ) -> ConstructionUpdate:
        if row is not None:
            return change_draft(update=row, actor=self.actor, changes=values)
        given = dict(values)
        development = given.pop("development")
        return draft_update(actor=self.actor, development=development, values=given)
