"""Files: two steps in, signed links out."""

from typing import Any, BinaryIO, cast
from uuid import UUID

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.callers import caller_of
from accounts.api.file_responses import send_file
from accounts.api.filters.media import MediaFileFilter
from accounts.api.serializers.media import (
    ANNOUNCEMENT_EXAMPLE,
    EXAMPLE,
    UPLOAD_EXAMPLE,
    AnnouncedMediaSerializer,
    MediaAnnouncementSerializer,
    MediaFileSerializer,
)
from accounts.models import MediaFile
from accounts.services import media as media_service
from accounts.services.media_links import open_file, receive
from config.shared.operations import Idempotency, documented
from config.shared.pagination import CursorPagination
from config.shared.parameters import refuse_unknown
from config.shared.parsers import RawParser
from config.shared.permissions import Public
from config.shared.viewsets import APIView, ReadOnlyViewSet

ANNOUNCED_EXAMPLE = {
    **EXAMPLE,
    "status": "announced",
    "content_type": "",
    "links": {},
    "upload": UPLOAD_EXAMPLE,
}
TOKEN = OpenApiParameter(
    "token", {"type": "string", "maxLength": 1000}, description="The signature of the link."
)
RENDITION = OpenApiParameter(
    "rendition",
    {"type": "string", "maxLength": 20},
    description="One of the names under `links`; the largest, when it is left out.",
)


class MediaViewSet(ReadOnlyViewSet):
    """Pictures, documents, films and 3D models.

    A file is announced, uploaded to the address in the answer, and completed; then it has been
    checked and can be attached to things. Until then nobody else can see it.
    """

    queryset = MediaFile.objects.none()
    serializer_class = MediaFileSerializer
    pagination_class = CursorPagination
    filterset_class = MediaFileFilter
    ordering = ["-created_at"]
    idempotency = Idempotency.EXEMPT

    def get_queryset(self) -> QuerySet[MediaFile]:
        """One's own; the details also of what others show one."""
        if self.action == "retrieve":
            return MediaFile.objects.visible_to(self.request.user)
        return MediaFile.objects.owned_by(self.request.user)

    @documented(summary="List your files", answer=None)
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List your files, the newest first, whatever has become of them."""
        return super().list(request, *args, **kwargs)

    @documented(summary="Get a file's details and links", answer=EXAMPLE)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Get a file's details and links.

        The links of a private file are signed for you, work for minutes, and stop working when
        you may no longer see what the file belongs to.
        """
        return super().retrieve(request, *args, **kwargs)

    @documented(
        takes=MediaAnnouncementSerializer,
        gives=AnnouncedMediaSerializer,
        status=201,
        example=ANNOUNCEMENT_EXAMPLE,
        answer=ANNOUNCED_EXAMPLE,
        errors=(429, 503),
    )
    def create(self, request: Request) -> Response:
        """Announce a file.

        The answer's `upload` says how to bring the contents in: one request with exactly the
        announced bytes. Then complete the file.
        """
        return self.answer(
            media_service.announce(owner=caller_of(request), **self.validated()), status=201
        )

    @action(detail=True, methods=["post"])
    @documented(answer=EXAMPLE, errors=(409, 503))
    def complete(self, request: Request, pk: UUID) -> Response:
        """Complete a file.

        What was uploaded is read back and checked: its size, its real type, and that it is sound.
        Pictures are drawn anew, without what cameras write into them. A file that is not accepted
        stays rejected; announce a new one.
        """
        return self.answer(media_service.complete(media=self.get_object()))

    @documented(nothing=True, errors=(409,))
    def destroy(self, request: Request, pk: UUID) -> Response:
        """Delete a file of your own that nothing shows any more."""
        media_service.remove(media=self.get_object())
        return self.answer()


class MediaUploadView(APIView):
    """The address that the contents of an announced file are sent to."""

    permission_classes = [Public]
    authentication_classes = []
    parser_classes = [RawParser]
    tag = "media"

    @extend_schema(request={"application/octet-stream": OpenApiTypes.BINARY})
    @documented(
        summary="Upload the contents of a file",
        operation_id="media_upload",
        nothing=True,
        parameters=(TOKEN,),
        errors=(403, 503),
    )
    def put(self, request: Request, pk: UUID) -> Response:
        """Upload the contents of a file.

        The address, signature included, is what announcing the file gave. It is used where the
        site keeps files itself; otherwise that address leads to an object store.
        """
        refuse_unknown(request, {"token"}, ())
        length = request.META.get("CONTENT_LENGTH") or ""
        receive(
            media_id=pk,
            token=request.query_params.get("token", ""),
            source=cast(BinaryIO, request._request),
            length=int(length) if length.isdecimal() else None,
        )
        return self.answer()


class MediaContentView(APIView):
    """The contents of files."""

    permission_classes = [Public]
    tag = "media"

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """Whatever a picture element accepts, it gets the file, or a problem document."""
        return super().perform_content_negotiation(request, force=True)

    @extend_schema(
        responses={
            (200, "*/*"): OpenApiTypes.BINARY,
            206: OpenApiResponse(description="The range that was asked for."),
            302: OpenApiResponse(description="The address in an object store, for minutes."),
        }
    )
    @documented(
        summary="Open a file",
        operation_id="media_file",
        parameters=(RENDITION, TOKEN),
        errors=(403, 404, 503),
    )
    def get(self, request: Request, pk: UUID) -> HttpResponseBase:
        """Open a file.

        Public files need no signature, private ones the link that their details show. Pictures
        are shown, everything else is downloaded.
        """
        refuse_unknown(request, {"rendition", "token"}, ())
        opened = open_file(
            media_id=pk,
            rendition=request.query_params.get("rendition", ""),
            token=request.query_params.get("token", ""),
            user=request.user,
        )
        return send_file(request, opened)
