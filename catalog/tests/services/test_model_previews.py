"""Pictures of 3D models: drawn once, stored as files are, and a cube where nothing can be drawn."""

import io

import pytest
from PIL import Image

from accounts.choices import MediaKind
from accounts.gateways.storage import store
from accounts.models import MediaFile
from accounts.services import media
from accounts.services.incoming import take_in
from accounts.tests.files import glb
from accounts.tests.uploads import files_in
from catalog.services import model_previews
from catalog.services.model_previews import draw_preview
from catalog.services.models_3d import change_model, remove_model
from catalog.tests.boxes import boxes_glb
from catalog.tests.factories.construction import ModelFactory, evidence_of, site_engineer
from catalog.tests.factories.homes import DevelopmentFactory, UnitFactory
from config.tests.support import drain

pytestmark = [pytest.mark.django_db, pytest.mark.capability("R28", "R35")]

RED = (0.8, 0.05, 0.05)


@pytest.fixture(autouse=True)
def media_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


def model_of(data, subject=None, **changes):
    """A model whose file really is stored."""
    subject = subject or DevelopmentFactory()
    engineer = site_engineer(getattr(subject, "development", subject))
    file = take_in(
        owner=engineer,
        name="tower.glb",
        kind=MediaKind.MODEL,
        purpose="development",
        content=io.BytesIO(data),
        size=len(data),
        declared_type="model/gltf-binary",
    )
    return ModelFactory(subject=subject, actor=engineer, file=file, **changes)


def picture(file, rendition="800"):
    with store().open(file.renditions[rendition]["key"]) as content:
        image = Image.open(content)
        image.load()
    return image


def test_a_model_is_drawn_and_its_picture_kept_as_pictures_are():
    model = model_of(boxes_glb([((0, 0, 0), (2, 6, 2), RED)]), UnitFactory())

    drain()

    model.refresh_from_db()
    thumbnail = model.thumbnail
    assert model.meta["preview"] == "drawn"
    assert (thumbnail.owner, thumbnail.kind, thumbnail.purpose) == (
        model.uploaded_by,
        "image",
        "unit",
    )
    assert (thumbnail.target_id, thumbnail.is_private) == (model.pk, False)
    assert sorted(thumbnail.renditions) == ["1600", "320", "800"]
    shown = picture(thumbnail)
    assert shown.size == (800, 600)
    red, green, blue = shown.convert("RGB").getpixel((400, 300))
    assert red > 80
    assert max(green, blue) < red / 2
    assert min(shown.convert("RGB").getpixel((20, 20))) > 200


def test_the_picture_of_a_private_model_is_private():
    model = model_of(boxes_glb([((0, 0, 0), (1, 1, 1), RED)]), is_public=False)

    drain()

    model.refresh_from_db()
    assert model.thumbnail.is_private


def test_what_cannot_be_drawn_gets_the_outline_of_a_cube():
    def lines_only(document):
        document["meshes"][0]["primitives"][0]["mode"] = 1

    model = model_of(glb(lines_only))

    drain()

    model.refresh_from_db()
    assert model.meta["preview"] == "placeholder"
    assert picture(model.thumbnail).size == (800, 600)


def test_a_second_run_finds_it_done():
    model = model_of(boxes_glb([((0, 0, 0), (1, 1, 1), RED)]))
    drain()
    before = set(MediaFile.objects.values_list("pk", flat=True))

    assert draw_preview(model_id=model.pk) is False

    assert set(MediaFile.objects.values_list("pk", flat=True)) == before


def test_a_run_after_one_that_broke_off_uses_its_picture(monkeypatch):
    model = model_of(boxes_glb([((0, 0, 0), (1, 1, 1), RED)]))
    shown = model_previews._shown

    def dies(**given):
        raise ConnectionError("The worker was killed.")

    monkeypatch.setattr(model_previews, "_shown", dies)
    with pytest.raises(ConnectionError):
        draw_preview(model_id=model.pk)
    (left,) = MediaFile.objects.filter(kind=MediaKind.IMAGE)
    monkeypatch.setattr(model_previews, "_shown", shown)

    assert draw_preview(model_id=model.pk) is True

    model.refresh_from_db()
    assert model.thumbnail == left
    assert MediaFile.objects.filter(kind=MediaKind.IMAGE).count() == 1


def test_a_picture_that_was_given_meanwhile_stays(monkeypatch, media_folder):
    model = model_of(boxes_glb([((0, 0, 0), (1, 1, 1), RED)]))
    given = evidence_of(model.uploaded_by, purpose="development")
    stored = model_previews._stored

    def given_meanwhile(*arguments):
        change_model(model=model, actor=model.uploaded_by, changes={"thumbnail": given})
        return stored(*arguments)

    monkeypatch.setattr(model_previews, "_stored", given_meanwhile)

    assert draw_preview(model_id=model.pk) is False

    model.refresh_from_db()
    drain()
    assert (model.thumbnail, model.meta["preview"]) == (given, "given")
    assert MediaFile.objects.filter(kind=MediaKind.IMAGE).get() == given
    assert [name for name in files_in(media_folder) if name.endswith(".webp")] == []


def test_a_model_that_was_deleted_meanwhile_leaves_no_picture(monkeypatch):
    model = model_of(boxes_glb([((0, 0, 0), (1, 1, 1), RED)]))
    stored = model_previews._stored

    def deleted_meanwhile(*arguments):
        made = stored(*arguments)
        remove_model(model=model, actor=model.uploaded_by)
        return made

    monkeypatch.setattr(model_previews, "_stored", deleted_meanwhile)

    assert draw_preview(model_id=model.pk) is False

    assert not MediaFile.objects.filter(kind=MediaKind.IMAGE).exists()


def test_whose_space_is_used_up_gets_no_picture(monkeypatch):
    model = model_of(boxes_glb([((0, 0, 0), (1, 1, 1), RED)]))
    monkeypatch.setattr(media, "get_setting", lambda key: 0)

    assert draw_preview(model_id=model.pk) is False

    model.refresh_from_db()
    assert (model.thumbnail, model.meta["preview"]) == (None, "missing")
