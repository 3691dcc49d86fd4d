"""Pictures of 3D models, drawn in the background for those that came without one."""

import io
import tempfile
from typing import Any
from uuid import UUID

from accounts.choices import MediaKind, MediaPurpose, MediaStatus
from accounts.exceptions import TooManyFilesError
from accounts.gateways.storage import copy_bounded, store
from accounts.models import MediaFile, User
from accounts.services.attachments import PICTURES, attach_file, discard_file
from accounts.services.incoming import take_in
from accounts.services.media import scratch_folder
from catalog.models import Model3D
from catalog.services.glb_geometry import CannotDrawError, patches_of
from catalog.services.model_drawing import drawing_of, placeholder
from config.shared.errors import MissingError
from config.shared.locks import lock
from config.shared.retries import retry_transaction

PNG = "image/png"
DRAWN, PLACEHOLDER, MISSING = "drawn", "placeholder", "missing"


def draw_preview(*, model_id: UUID) -> bool:
    """Draw the model and show the picture with it; returns whether it has one now.

    May be run again at any time: a picture that was stored before the run broke off is used. A
    model that cannot be drawn gets the outline of a cube, and one whose uploader may store no
    further file gets nothing; ``meta`` says which.
    """
    model = _undrawn(model_id)
    if model is None:
        return False
    owner = model.uploaded_by or model.file.owner
    picture, how = _stored_before(model, owner), DRAWN
    if picture is None:
        drawing, how = _drawing(model)
        try:
            picture = _stored(model, owner, drawing)
        except TooManyFilesError:
            how = MISSING
    return _shown(model=model, owner=owner, picture=picture, how=how)


def _undrawn(model_id: UUID) -> Model3D | None:
    waiting = Model3D.objects.filter(pk=model_id, thumbnail__isnull=True)
    return waiting.select_related("file__owner", "uploaded_by").first()


def _drawing(model: Model3D) -> tuple[bytes, str]:
    """The picture of a model as PNG, and how it came about."""
    with tempfile.TemporaryFile(dir=scratch_folder()) as content:
        with store().open(str(model.file.file.name)) as stored:
            copy_bounded(stored, content, at_most=model.file.size)
        try:
            picture, how = drawing_of(patches_of(content)), DRAWN
        except CannotDrawError:
            picture, how = placeholder(), PLACEHOLDER
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue(), how


def _name(model: Model3D) -> str:
    return f"preview-{model.pk.hex}.png"


def _stored_before(model: Model3D, owner: User) -> MediaFile | None:
    """The picture of a run that broke off before it was shown."""
    return MediaFile.objects.filter(
        owner=owner, name=_name(model), status=MediaStatus.CLEAN, target_id__isnull=True
    ).first()


def _stored(model: Model3D, owner: User, drawing: bytes) -> MediaFile:
    return take_in(
        owner=owner,
        name=_name(model),
        kind=MediaKind.IMAGE,
        purpose=MediaPurpose.UNIT if model.unit_id else MediaPurpose.DEVELOPMENT,
        content=io.BytesIO(drawing),
        size=len(drawing),
        declared_type=PNG,
    )


@retry_transaction
def _shown(*, model: Model3D, owner: User, picture: MediaFile | None, how: str) -> bool:
    """Show the picture, unless the model is gone or got another one meanwhile."""
    rows: list[Any] = [picture] if picture is not None else []
    try:
        *_, found = lock(*rows, model)
    except MissingError:
        found = None
    if found is None or found.thumbnail_id is not None:
        if picture is not None:
            discard_file(picture)
        return False
    if picture is not None:
        found.thumbnail = attach_file(
            file=picture,
            owner=owner,
            target=found,
            pointer="",
            kinds=PICTURES,
            purposes={MediaPurpose.UNIT, MediaPurpose.DEVELOPMENT},
            public=found.is_public,
        )
    found.meta = {**found.meta, "preview": how}
    found.save(update_fields=["thumbnail", "meta", "updated_at"])
    return picture is not None
