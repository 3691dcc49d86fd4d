"""3D models: versions, order, audience, files, and who is refused."""

import pytest

from accounts.choices import MediaKind, MembershipRole
from accounts.models import AuditEvent, MediaFile
from accounts.tests.factories.organizations import seated
from accounts.tests.factories.people import UserFactory
from catalog.construction_exceptions import TooManyModelsError
from catalog.models import Model3D
from catalog.services import models_3d
from catalog.services.models_3d import PREVIEW_JOB, add_model, change_model, remove_model
from catalog.tests.factories.construction import (
    ModelFactory,
    evidence_of,
    glb_of,
    site_engineer,
)
from catalog.tests.factories.homes import DevelopmentFactory, UnitFactory
from config.shared.errors import InvalidInputError, NotAllowedError
from config.tests.racing import race
from config.tests.support import waiting_jobs

pytestmark = [pytest.mark.django_db, pytest.mark.capability("R28")]


@pytest.fixture
def development():
    return DevelopmentFactory()


@pytest.fixture
def engineer(development):
    return site_engineer(development)


def picture_of(owner, **changes):
    return evidence_of(owner, **{"purpose": "development", **changes})


def drawn_jobs():
    return [job.task_kwargs["model_id"] for job in waiting_jobs(PREVIEW_JOB)]


def test_a_title_that_is_there_gets_a_further_version(development, engineer):
    unit = UnitFactory(development=development)

    first = ModelFactory(subject=development, actor=engineer, title="Tower A")
    second = ModelFactory(subject=development, actor=engineer, title=" Tower  A ")
    other = ModelFactory(subject=development, actor=engineer, title="Tower B")
    of_unit = ModelFactory(subject=unit, actor=engineer, title="Tower A")

    assert [(row.title, row.version) for row in (first, second, other, of_unit)] == [
        ("Tower A", 1),
        ("Tower A", 2),
        ("Tower B", 1),
        ("Tower A", 1),
    ]
    assert [row.order for row in (first, second, other, of_unit)] == [1, 2, 3, 1]
    assert (of_unit.unit, of_unit.development) == (unit, None)
    assert {row.format for row in (first, of_unit)} == {"glb"}
    assert set(Model3D.objects.newest_versions()) == {second, other, of_unit}
    assert AuditEvent.objects.about(second).get().after["version"] == 2


def test_a_model_without_a_picture_is_drawn_and_one_with_it_is_not(development, engineer):
    drawn = ModelFactory(subject=development, actor=engineer)
    picture = picture_of(engineer)
    given = ModelFactory(subject=development, actor=engineer, thumbnail=picture)

    assert drawn_jobs() == [str(drawn.pk)]
    assert (drawn.meta["preview"], given.meta["preview"]) == ("waiting", "given")
    assert drawn.meta["triangles"] == 12
    picture.refresh_from_db()
    assert (picture.target_id, picture.is_private) == (given.pk, False)


def test_files_are_as_public_as_their_model(development, engineer):
    picture = picture_of(engineer)
    model = ModelFactory(subject=development, actor=engineer, is_public=False, thumbnail=picture)
    stranger = UserFactory()
    files = {model.file_id, picture.pk}

    assert not Model3D.objects.visible_to(stranger).exists()
    assert Model3D.objects.visible_to(engineer).get() == model
    assert not MediaFile.objects.visible_to(stranger).filter(pk__in=files).exists()
    colleague = seated(development.builder, MembershipRole.SALES)
    assert MediaFile.objects.visible_to(colleague).filter(pk__in=files).count() == 2

    change_model(model=model, actor=engineer, changes={"is_public": True})
    assert MediaFile.objects.visible_to(stranger).filter(pk__in=files).count() == 2
    change_model(model=model, actor=engineer, changes={"is_public": False})
    assert not MediaFile.objects.visible_to(stranger).filter(pk__in=files).exists()


@pytest.mark.parametrize(
    ("trait", "code"),
    [
        ({"kind": "document", "content_type": "application/pdf"}, "format_not_taken"),
        ({"content_type": "model/vnd.usdz+zip"}, "format_not_taken"),
        ({"kind": "video"}, "file_unusable"),
        ({"status": "uploaded"}, "file_unusable"),
        ({"purpose": "message"}, "file_unusable"),
    ],
)
def test_only_checked_glb_files_of_ones_own_are_shown(development, engineer, trait, code):
    for file, expected in (
        (glb_of(engineer, **trait), code),
        (glb_of(UserFactory()), "file_unusable"),
    ):
        with pytest.raises(InvalidInputError) as refused:
            ModelFactory(subject=development, actor=engineer, file=file)
        error = refused.value.errors[0]
        assert (error.pointer, error.code) == ("/file", expected)

    assert (Model3D.objects.count(), drawn_jobs()) == (0, [])


def test_a_file_is_one_model(development, engineer):
    model = ModelFactory(subject=development, actor=engineer)

    with pytest.raises(InvalidInputError):
        ModelFactory(subject=development, actor=engineer, file=model.file)

    assert Model3D.objects.get() == model


def test_a_thumbnail_is_a_picture(development, engineer):
    model = ModelFactory(subject=development, actor=engineer)

    for thumbnail in (
        glb_of(engineer),
        picture_of(UserFactory()),
        picture_of(engineer, kind=MediaKind.VIDEO),
    ):
        with pytest.raises(InvalidInputError) as refused:
            change_model(model=model, actor=engineer, changes={"thumbnail": thumbnail})
        assert refused.value.errors[0].pointer == "/thumbnail"

    model.refresh_from_db()
    assert model.thumbnail is None


def test_another_picture_takes_the_place_of_the_first(development, engineer):
    first, second = picture_of(engineer), picture_of(engineer)
    model = ModelFactory(subject=development, actor=engineer, thumbnail=first)

    changed = change_model(model=model, actor=engineer, changes={"thumbnail": second})
    assert (changed.thumbnail, changed.meta["preview"]) == (second, "given")
    bare = change_model(model=model, actor=engineer, changes={"thumbnail": None})

    assert (bare.thumbnail, bare.meta["preview"]) == (None, "waiting")
    assert drawn_jobs() == [str(model.pk)]
    assert not MediaFile.objects.filter(pk__in=[first.pk, second.pk]).exists()


def test_under_another_title_it_is_the_next_version_of_that(development, engineer):
    ModelFactory(subject=development, actor=engineer, title="Tower A")
    model = ModelFactory(subject=development, actor=engineer, title="Tower B")

    changed = change_model(
        model=model, actor=engineer, changes={"title": "Tower A", "order": 7, "version": 9}
    )

    changed.refresh_from_db()
    assert (changed.title, changed.version, changed.order) == ("Tower A", 2, 7)
    event = AuditEvent.objects.about(model)[0]
    assert (event.action, event.before["title"]) == ("catalog.model3d.changed", "Tower B")


def test_a_model_goes_with_its_files(development, engineer):
    picture = picture_of(engineer)
    older = ModelFactory(subject=development, actor=engineer, title="Tower A")
    model = ModelFactory(subject=development, actor=engineer, title="Tower A", thumbnail=picture)

    remove_model(model=model, actor=engineer)

    assert Model3D.objects.get() == older
    assert list(MediaFile.objects.filter(owner=engineer)) == [older.file]
    event = AuditEvent.objects.get(action="catalog.model3d.removed")
    assert (event.object_id, event.before["version"]) == (str(model.pk), 2)


def test_one_thing_shows_only_so_many_models(development, engineer, monkeypatch):
    monkeypatch.setattr(models_3d, "MAX_MODELS", 1)
    ModelFactory(subject=development, actor=engineer)

    with pytest.raises(TooManyModelsError):
        ModelFactory(subject=development, actor=engineer)

    assert Model3D.objects.count() == 1


def test_others_show_change_and_delete_no_models(development, engineer):
    model = ModelFactory(subject=development, actor=engineer)
    before = Model3D.objects.values().get()

    for other in (
        UserFactory(),
        UserFactory(staff=True),
        seated(development.builder, MembershipRole.SALES),
        site_engineer(DevelopmentFactory()),
    ):
        with pytest.raises(NotAllowedError):
            add_model(
                actor=other, subject=development, values={"title": "X", "file": glb_of(other)}
            )
        with pytest.raises(NotAllowedError):
            change_model(model=model, actor=other, changes={"title": "X"})
        with pytest.raises(NotAllowedError):
            remove_model(model=model, actor=other)

    assert Model3D.objects.values().get() == before


@pytest.mark.django_db(transaction=True)
def test_two_versions_at_once_get_a_number_each():
    unit = UnitFactory()
    engineers = [site_engineer(unit.development) for _ in range(4)]

    results = race(
        *(
            lambda who=who: ModelFactory(subject=unit, actor=who, title="Living room")
            for who in engineers
        )
    )

    assert sorted(model.version for model in results) == [1, 2, 3, 4]
    assert sorted(Model3D.objects.values_list("order", flat=True)) == [1, 2, 3, 4]
