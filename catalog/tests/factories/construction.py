"""Phases, updates and 3D models for tests, made by the services that make the real ones."""

from decimal import Decimal
from typing import Any

import factory

from accounts.choices import MediaKind, MediaPurpose, MembershipRole
from accounts.models import MediaFile, User
from accounts.tests.factories.organizations import seated
from accounts.tests.factories.papers import CheckedFileFactory
from catalog.choices import PhaseStatus
from catalog.models import ConstructionUpdate, Development, Model3D, ProgressPhase
from catalog.services.models_3d import add_model
from catalog.services.phases import (
    complete_phase,
    create_phase,
    delay_phase,
    hold_phase,
    record_progress,
    start_phase,
)
from catalog.services.updates import draft_update, publish_update


class PhaseFactory(factory.Factory):
    """A phase that is planned; ``status`` and ``percent`` bring it further, by the services.

    Traits: ``in_progress``, ``on_hold``, ``delayed``, ``completed``. ``actor`` is one of the
    builder's people of the site.
    """

    class Meta:
        model = ProgressPhase

    development = factory.SubFactory("catalog.tests.factories.homes.DevelopmentFactory")
    actor = factory.LazyAttribute(lambda phase: site_engineer(phase.development))
    name = factory.Sequence(lambda n: f"Phase {n}")
    weight = Decimal(10)
    status = PhaseStatus.PLANNED
    percent = None

    class Params:
        in_progress = factory.Trait(status=PhaseStatus.IN_PROGRESS)
        on_hold = factory.Trait(status=PhaseStatus.ON_HOLD)
        delayed = factory.Trait(status=PhaseStatus.DELAYED)
        completed = factory.Trait(status=PhaseStatus.COMPLETED)

    @classmethod
    def _create(cls, model_class: type[ProgressPhase], *args: Any, **kwargs: Any) -> ProgressPhase:
        development, actor = kwargs.pop("development"), kwargs.pop("actor")
        status, percent = kwargs.pop("status"), kwargs.pop("percent")
        phase = create_phase(actor=actor, development=development, values=kwargs)
        if status != PhaseStatus.PLANNED:
            phase = start_phase(phase=phase, actor=actor)
        if percent is not None:
            phase = record_progress(phase=phase, actor=actor, percent=Decimal(percent))
        if status == PhaseStatus.ON_HOLD:
            phase = hold_phase(phase=phase, actor=actor, reason="Waiting for steel.")
        if status == PhaseStatus.DELAYED:
            phase = delay_phase(phase=phase, actor=actor, reason="Rain.")
        if status == PhaseStatus.COMPLETED:
            phase = complete_phase(phase=phase, actor=actor, evidence=[evidence_of(actor)])
        return phase


def site_engineer(development: Development, **person: Any) -> User:
    """Somebody new who works on the site of ``development`` for its builder."""
    return seated(development.builder, MembershipRole.SITE, **person)


def evidence_of(owner: User, **changes: Any) -> MediaFile:
    """A checked photograph that shows a phase."""
    made: MediaFile = CheckedFileFactory(
        **{"owner": owner, "kind": MediaKind.IMAGE, "purpose": MediaPurpose.PHASE, **changes}
    )
    return made


class UpdateFactory(factory.Factory):
    """News from a site, a draft; with ``published=True`` for everybody to read."""

    class Meta:
        model = ConstructionUpdate

    development = factory.SubFactory("catalog.tests.factories.homes.DevelopmentFactory")
    actor = factory.LazyAttribute(lambda update: site_engineer(update.development))
    title = factory.Sequence(lambda n: f"Floor {n} is poured")
    body = "Two days ahead of plan."
    published = False

    @classmethod
    def _create(
        cls, model_class: type[ConstructionUpdate], *args: Any, **kwargs: Any
    ) -> ConstructionUpdate:
        development, actor = kwargs.pop("development"), kwargs.pop("actor")
        published = kwargs.pop("published")
        update = draft_update(actor=actor, development=development, values=kwargs)
        return publish_update(update=update, actor=actor) if published else update


def photograph_of(owner: User, **changes: Any) -> MediaFile:
    """A checked photograph for news from a site."""
    return evidence_of(owner, **{"purpose": MediaPurpose.UPDATE, **changes})


def glb_of(owner: User, **changes: Any) -> MediaFile:
    """A checked 3D model, of which nothing is stored."""
    made: MediaFile = CheckedFileFactory(
        **{
            "owner": owner,
            "kind": MediaKind.MODEL,
            "purpose": MediaPurpose.DEVELOPMENT,
            "content_type": "model/gltf-binary",
            "meta": {"model": {"meshes": 1, "triangles": 12}},
            **changes,
        }
    )
    return made


class ModelFactory(factory.Factory):
    """A 3D model of ``subject``, a development or a unit, shown by one of its builder's people."""

    class Meta:
        model = Model3D

    subject = factory.SubFactory("catalog.tests.factories.homes.DevelopmentFactory")
    actor = factory.LazyAttribute(
        lambda model: site_engineer(getattr(model.subject, "development", model.subject))
    )
    file = factory.LazyAttribute(lambda model: glb_of(model.actor))
    title = factory.Sequence(lambda n: f"Tower {n}")

    @classmethod
    def _create(cls, model_class: type[Model3D], *args: Any, **kwargs: Any) -> Model3D:
        subject, actor = kwargs.pop("subject"), kwargs.pop("actor")
        return add_model(actor=actor, subject=subject, values=kwargs)
