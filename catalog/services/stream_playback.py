"""Where shows are watched, and who may open a playlist.

A public show has one address for everybody. A private one has an address for each viewer, with a
signed pass in the path: players ask for the pieces beside the playlist, so that each piece is
asked for with the same pass, by any player, without cookies. For every request the web server
asks ``may_watch``, which looks at the show and the viewer as they are now: a pass that was handed
on or whose holder has moved away opens nothing.
"""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing

from accounts.choices import UserStatus
from accounts.models import User
from accounts.services.settings import get_setting
from catalog.choices import StreamStatus, StreamType, StreamVisibility
from catalog.models import Stream
from catalog.services.stream_shows import ingest_name_of, live_video_is_on
from catalog.services.stream_times import silence, start
from catalog.stream_exceptions import NotShowingError

PLAYLIST = "index.m3u8"
_SALT = "catalog.stream_pass"
_KEY_LENGTH = 32
_COMING = (StreamStatus.SCHEDULED, StreamStatus.LIVE)


def rtmp_url_of(stream: Stream) -> str | None:
    """Where the encoder publishes to; the key comes beside it and is no part of it."""
    if stream.stream_type != StreamType.LIVE or not live_video_is_on():
        return None
    return f"{settings.MEDIA_SERVER_RTMP_URL}/{ingest_name_of(stream)}"


def hls_url_of(stream: Stream, *, viewer: User | None) -> str | None:
    """Where ``viewer``, who sees the stream, watches it; None where there is nothing to come.

    Whoever is not signed in has no address of a private show.
    """
    coming = stream.stream_type == StreamType.LIVE and stream.status in _COMING
    if not coming or not live_video_is_on():
        return None
    name = ingest_name_of(stream)
    if stream.visibility == StreamVisibility.PUBLIC:
        return f"{settings.MEDIA_SERVER_HLS_URL}/{name}/{PLAYLIST}"
    if viewer is None:
        return None
    return f"{settings.MEDIA_SERVER_HLS_URL}/{_pass_of(stream, viewer)}/{name}/{PLAYLIST}"


def may_watch(*, name: str, shown: str) -> bool:
    """Whether the playlist of ``name`` and its pieces may be sent to whoever shows this pass.

    ``shown`` is empty where no pass was shown: then only what everybody may watch is.
    """
    live = Stream.objects.live().filter(ingest_name=name[:40])
    over = Stream.objects.silent(silence=silence(), start=start())
    live = live.exclude(pk__in=over.order_by().values("pk"))
    if live.visible_to(None).exists():
        return True
    found = _read(shown)
    if found is None:
        return False
    stream_id, viewer_id = found
    viewer = User.objects.filter(pk=viewer_id, status=UserStatus.ACTIVE).first()
    return viewer is not None and live.filter(pk=stream_id).visible_to(viewer).exists()


def require_something_to_watch(stream: Stream) -> None:
    """Raise ``NotShowingError`` unless the show is on, or over and recorded."""
    status = getattr(stream, "live_status", stream.status)
    again = status == StreamStatus.ENDED and stream.recording_id is not None
    if status != StreamStatus.LIVE and not again:
        raise NotShowingError(current=str(status))


def _pass_of(stream: Stream, viewer: User) -> str:
    return _signer().sign(f"{stream.pk.hex}{viewer.pk.hex}")


def _read(shown: str) -> tuple[UUID, UUID] | None:
    """Of which stream and for whom a pass is, if we made it and its time is not over."""
    longest = timedelta(minutes=get_setting("playback_minutes"))
    try:
        text = _signer().unsign(shown[:200], max_age=longest)
        return UUID(text[:_KEY_LENGTH]), UUID(text[_KEY_LENGTH:])
    except (signing.BadSignature, ValueError):
        return None


def _signer() -> signing.TimestampSigner:
    # Neither a dot nor what base64 uses for addresses has to be written differently in a path.
    return signing.TimestampSigner(salt=_SALT, sep=".")
