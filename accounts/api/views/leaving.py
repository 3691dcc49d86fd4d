"""Taking one's data away, resting, and being forgotten."""

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.callers import caller_in_session, caller_of
from accounts.api.serializers.leaving import (
    ARCHIVE_EXAMPLE,
    ERASURE_EXAMPLE,
    EXPORT_EXAMPLE,
    OUTLOOK_EXAMPLE,
    ArchiveSerializer,
    ErasureSerializer,
    ExportSerializer,
    OutlookSerializer,
)
from accounts.services.deactivation import deactivate
from accounts.services.erasure import ask_for_erasure, outlook
from accounts.services.exports import archive_of, ask_for_archive, export_document
from config.shared.operations import documented
from config.shared.permissions import IsSignedIn
from config.shared.viewsets import APIView


class OwnDataView(APIView):
    """What is done with an account as a whole, by its owner."""

    permission_classes = [IsSignedIn]
    tag = "me"


class ExportView(OwnDataView):
    """Everything that is kept about the caller."""

    @documented(
        gives=ExportSerializer, operation_id="me_export", answer=EXPORT_EXAMPLE, errors=(403,)
    )
    def get(self, request: Request) -> Response:
        """Download everything that is kept about you.

        Takes a fresh sign-in (`auth/step-up/`). Passwords, codes and keys are not in it: they are
        kept only in forms that nobody can read. For your files as well, ask for an archive.
        """
        response = self.answer(export_document(caller_in_session(request)))
        response["Content-Disposition"] = 'attachment; filename="courtyard-export.json"'
        return response


class ArchiveView(OwnDataView):
    """Everything that is kept about the caller, with their files, as a ZIP archive."""

    @documented(gives=ArchiveSerializer, operation_id="me_export_archive", answer=ARCHIVE_EXAMPLE)
    def get(self, request: Request) -> Response:
        """See how far your archive is, and where to fetch it."""
        return self.answer(archive_of(user=caller_of(request)))

    @documented(
        gives=ArchiveSerializer,
        operation_id="me_export_archive_create",
        status=202,
        answer=ARCHIVE_EXAMPLE | {"state": "preparing", "url": None},
        errors=(403,),
    )
    def post(self, request: Request) -> Response:
        """Ask for an archive of everything that is kept about you.

        Takes a fresh sign-in (`auth/step-up/`). You are told when it is ready; it is then there
        for two days. While one is there or under way, no other is made.
        """
        return self.answer(ask_for_archive(caller_in_session(request)))


class DeactivateView(OwnDataView):
    """The caller's account at rest."""

    @documented(operation_id="me_deactivate", nothing=True, errors=(409,))
    def post(self, request: Request) -> Response:
        """Deactivate your account.

        Others no longer see it, and you are signed out everywhere. Signing in with a code brings
        it back.
        """
        deactivate(user=caller_of(request))
        return self.answer()


class EraseView(OwnDataView):
    """The caller's account, forgotten."""

    @documented(gives=OutlookSerializer, operation_id="me_erase_preview", answer=OUTLOOK_EXAMPLE)
    def get(self, request: Request) -> Response:
        """See what stands against erasing your account, and how long you could come back."""
        return self.answer(outlook(user=caller_of(request)))

    @documented(
        gives=ErasureSerializer,
        operation_id="me_erase",
        status=202,
        answer=ERASURE_EXAMPLE,
        errors=(403, 409),
    )
    def post(self, request: Request) -> Response:
        """Erase your account.

        Takes a fresh sign-in (`auth/step-up/`). Others no longer see it from now on, and you are
        signed out everywhere; on the day `due_at` everything in it is deleted, and what has to
        stay (payments, what was done) stays without your name. Signing in with a code before then
        takes it back. A 409 with `reasons` says what has to be settled first.
        """
        return self.answer(ask_for_erasure(caller_in_session(request)))
