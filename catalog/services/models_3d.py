"""3D models of developments and units: their versions, their order, and who may see them."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Max

from accounts.choices import MediaKind, MediaPurpose
from accounts.models import MediaFile, User
from accounts.services.attachments import PICTURES, attach_file, discard_file
from catalog.choices import ModelFormat
from catalog.construction_exceptions import TooManyModelsError
from catalog.models import Development, Model3D, Unit
from catalog.services.sites import check_site, next_order
from config.shared import audit
from config.shared.clock import database_now
from config.shared.errors import InvalidInputError
from config.shared.jobs import defer
from config.shared.locks import lock
from config.shared.retries import retry_transaction

PREVIEW_JOB = "catalog.draw_preview"
MODELS = frozenset({MediaKind.MODEL})
PURPOSES = frozenset({MediaPurpose.DEVELOPMENT, MediaPurpose.UNIT})
# What uploads let in today, by the type that was found in the file.
FORMATS = {"model/gltf-binary": ModelFormat.GLB}
MAX_MODELS = 200
CHANGEABLE = ("title", "order", "is_public")


@retry_transaction
def add_model(*, actor: User, subject: Development | Unit, values: Mapping[str, Any]) -> Model3D:
    """Show the file in ``values`` as a model of ``subject``, a further version of its title.

    ``values`` are title and file and, where there are any, order, is_public and a thumbnail;
    without one a picture of the model is drawn in the background. The development is locked, so
    that of two simultaneous versions each gets a number of its own.
    """
    file, thumbnail = values["file"], values.get("thumbnail")
    development = _locked(actor, subject, file, thumbnail)
    siblings = _models_of(subject)
    if siblings.count() >= MAX_MODELS:
        raise TooManyModelsError
    title = _clean_title(values["title"])
    public = bool(values.get("is_public", True))
    order = values.get("order")
    if order is None:
        order = next_order(siblings.aggregate(last=Max("order"))["last"])
    model = Model3D(
        **_owner_of(subject),
        title=title,
        format=_format_of(file),
        version=_next_version(siblings, title),
        order=order,
        is_public=public,
        meta={**file.meta.get("model", {}), "preview": "given" if thumbnail else "waiting"},
        uploaded_by=actor,
    )
    model.file = _attached(model, actor, file, "/file", MODELS)
    if thumbnail is not None:
        model.thumbnail = _attached(model, actor, thumbnail, "/thumbnail", PICTURES)
    model.save(force_insert=True)
    audit.record(
        "catalog.model3d.added",
        target=model,
        actor=actor,
        after={**_facts(model), "development": development.pk},
    )
    if thumbnail is None:
        defer(PREVIEW_JOB, model_id=model.pk)
    return model


@retry_transaction
def change_model(*, model: Model3D, actor: User, changes: Mapping[str, Any]) -> Model3D:
    """Change title, order, audience or thumbnail of ``model``; another file is another version.

    Under another title it becomes the next version of that. Without a thumbnail it gets a drawn
    one.
    """
    thumbnail = changes.get("thumbnail")
    model = _locked_model(model, actor, thumbnail)
    before = _facts(model)
    siblings = _models_of(_subject_of(model)).exclude(pk=model.pk)
    for name in CHANGEABLE:
        if name in changes:
            setattr(model, name, changes[name])
    model.title = _clean_title(model.title)
    if model.title != before["title"]:
        model.version = _next_version(siblings, model.title)
    if "thumbnail" in changes and thumbnail != model.thumbnail:
        _replace_thumbnail(model, actor, thumbnail)
    model.save()
    if model.is_public != before["is_public"]:
        files = [key for key in (model.file_id, model.thumbnail_id) if key is not None]
        MediaFile.objects.filter(pk__in=files).update(
            is_private=not model.is_public, updated_at=database_now()
        )
    if before != _facts(model):
        audit.record(
            "catalog.model3d.changed",
            target=model,
            actor=actor,
            before=before,
            after=_facts(model),
        )
    return model


@retry_transaction
def remove_model(*, model: Model3D, actor: User) -> None:
    """Delete ``model`` with its file and its picture; versions of the same title stay."""
    model = _locked_model(model, actor, None)
    audit.record("catalog.model3d.removed", target=model, actor=actor, before=_facts(model))
    files = [file for file in (model.file, model.thumbnail) if file is not None]
    model.delete()
    for file in files:
        discard_file(file)


def _replace_thumbnail(model: Model3D, actor: User, thumbnail: MediaFile | None) -> None:
    former = model.thumbnail
    model.thumbnail = (
        None if thumbnail is None else _attached(model, actor, thumbnail, "/thumbnail", PICTURES)
    )
    model.meta = {**model.meta, "preview": "given" if thumbnail else "waiting"}
    model.save(update_fields=["thumbnail", "meta", "updated_at"])
    if former is not None:
        discard_file(former)
    if thumbnail is None:
        defer(PREVIEW_JOB, model_id=model.pk)


def _locked(actor: User, subject: Development | Unit, *files: MediaFile | None) -> Development:
    """The locked development of ``subject``, if ``actor`` works on its site; files as well."""
    development = subject.development if isinstance(subject, Unit) else subject
    *_, found = lock(*(file for file in files if file is not None), development)
    check_site(actor=actor, development=found)
    checked: Development = found
    return checked


def _locked_model(model: Model3D, actor: User, thumbnail: MediaFile | None) -> Model3D:
    """The locked model with its development, if ``actor`` works on its site."""
    subject = _subject_of(model)
    development = subject.development if isinstance(subject, Unit) else subject
    files = [] if thumbnail is None else [thumbnail]
    *_, development, found = lock(*files, development, model)
    check_site(actor=actor, development=development)
    checked: Model3D = found
    return checked


def _subject_of(model: Model3D) -> Development | Unit:
    subject = model.development or model.unit
    if subject is None:
        raise TypeError("A model shows a development or a unit.")
    return subject


def _owner_of(subject: Development | Unit) -> dict[str, Any]:
    return {"unit": subject} if isinstance(subject, Unit) else {"development": subject}


def _models_of(subject: Development | Unit) -> Any:
    return Model3D.objects.filter(**_owner_of(subject))


def _next_version(siblings: Any, title: str) -> int:
    last = siblings.filter(title=title).aggregate(last=Max("version"))["last"]
    return int(last or 0) + 1


def _clean_title(title: str) -> str:
    text = " ".join(title.split())
    if not text:
        raise InvalidInputError.at("/title", "blank", "Say what the model shows.")
    return text


def _format_of(file: MediaFile) -> ModelFormat:
    try:
        return FORMATS[file.content_type]
    except KeyError:
        raise InvalidInputError.at(
            "/file",
            "format_not_taken",
            "Models are taken as binary glTF (GLB): upload one as a file of the kind model.",
        ) from None


def _attached(
    model: Model3D, actor: User, file: MediaFile, pointer: str, kinds: frozenset[Any]
) -> MediaFile:
    return attach_file(
        file=file,
        owner=actor,
        target=model,
        pointer=pointer,
        kinds=kinds,
        purposes=PURPOSES,
        public=model.is_public,
    )


def _facts(model: Model3D) -> dict[str, Any]:
    return {
        "title": model.title,
        "version": model.version,
        "order": model.order,
        "is_public": model.is_public,
        "thumbnail": model.thumbnail_id,
    }
