"""What the app does in the background; each job calls one service."""

from uuid import UUID

from catalog.services import model_previews, product_files, stream_shows, stream_viewers
from config.shared.jobs import job, periodic


@job(name="catalog.draw_preview", retries=5)
def draw_preview(model_id: str) -> None:
    """Draw the picture of a 3D model that came without one."""
    model_previews.draw_preview(model_id=UUID(model_id))


@periodic("* * * * *", name="catalog.settle_streams")
def settle_streams() -> int:
    """End shows whose picture is gone, and count who is watching the others."""
    return stream_shows.sweep() + stream_viewers.recount()


@periodic("*/5 * * * *", name="catalog.open_photographs")
def open_photographs() -> int:
    """Show everybody the photographs of what neighbours have had their first look at."""
    return product_files.open_photographs()
