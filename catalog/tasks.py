"""What the app does in the background; each job calls one service."""

from uuid import UUID

from catalog.services import model_previews, stream_shows, stream_viewers
from config.shared.jobs import job, periodic


@job(name="catalog.draw_preview", retries=5)
def draw_preview(model_id: str) -> None:
    """Draw the picture of a 3D model that came without one."""
    model_previews.draw_preview(model_id=UUID(model_id))


@periodic("* * * * *", name="catalog.settle_streams")
def settle_streams() -> int:
    """End shows whose picture is gone, and count who is watching the others."""
    return stream_shows.sweep() + stream_viewers.recount()
