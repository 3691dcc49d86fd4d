"""The caller's own profile, its schemas, and its way in and out as a JSON Resume."""

from functools import partial

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.callers import caller_of
from accounts.api.serializers.profiles import (
    EXAMPLE,
    ProfileSerializer,
    ProfileUpdateSerializer,
    ResumeSerializer,
    SchemaSerializer,
)
from accounts.api.versions import VersionedAnswersMixin, refuse_other_version
from accounts.models import Profile
from accounts.services.profile_schemas import SCHEMAS, schema
from accounts.services.profiles import profile_of, update_profile
from accounts.services.resumes import export_resume, import_resume
from config.shared.operations import documented
from config.shared.parameters import one_of, refuse_unknown
from config.shared.permissions import IsSignedInUnverified, Public
from config.shared.viewsets import APIView, ViewSet

RESUME_EXAMPLE = {
    "basics": {"name": "Priya Nair", "label": "Electrician", "location": {"city": "Dubai"}},
    "work": [{"name": "Gulf Light", "position": "Electrician", "startDate": "2019-03"}],
    "skills": [{"name": "Solar installation", "level": "Expert"}],
}
FORMATS = ("jsonresume",)


class ProfileView(VersionedAnswersMixin, ViewSet):
    """What the caller says about their work, their search for a home and their trade."""

    queryset = Profile.objects.none()
    serializer_class = ProfileSerializer
    input_serializer_class = ProfileUpdateSerializer
    permission_classes = [IsSignedInUnverified]
    tag = "profile"

    def get_object(self) -> Profile:
        return profile_of(user=caller_of(self.request))

    @documented(summary="Get your profile", answer=EXAMPLE)
    def retrieve(self, request: Request) -> Response:
        return self.answer(self.get_object())

    @documented(summary="Change your profile", example=EXAMPLE, answer=EXAMPLE)
    def update(self, request: Request) -> Response:
        """Change your profile.

        Fields that are left out stay as they are, as with PATCH. A list or an object that is
        given replaces the one that was there.
        """
        changes = self.validated(self.get_object(), partial=True)
        check = partial(refuse_other_version, request)
        return self.answer(update_profile(user=caller_of(request), changes=changes, check=check))

    @documented(summary="Change part of your profile", example=EXAMPLE, answer=EXAMPLE)
    def partial_update(self, request: Request) -> Response:
        """Change part of your profile.

        A list or an object that is given replaces the one that was there.
        """
        return self.update(request)


class ProfileExportView(APIView):
    """The caller's profile as a file for other programs."""

    serializer_class = ResumeSerializer
    permission_classes = [IsSignedInUnverified]
    tag = "profile"

    @documented(
        summary="Export your profile as a JSON Resume",
        operation_id="profile_export",
        answer=RESUME_EXAMPLE,
        parameters=(
            OpenApiParameter("format", {"type": "string", "enum": list(FORMATS)}, "query"),
        ),
    )
    def get(self, request: Request) -> Response:
        one_of(request, "format", FORMATS)
        response = self.answer(export_resume(profile=profile_of(user=caller_of(request))))
        response["Content-Disposition"] = 'attachment; filename="resume.json"'
        return response


class ProfileImportView(APIView):
    """A JSON Resume becomes the caller's profile."""

    serializer_class = ProfileSerializer
    input_serializer_class = ResumeSerializer
    permission_classes = [IsSignedInUnverified]
    tag = "profile"

    @documented(
        summary="Import a JSON Resume into your profile",
        operation_id="profile_import",
        example=RESUME_EXAMPLE,
        answer=EXAMPLE,
    )
    def post(self, request: Request) -> Response:
        """Import a JSON Resume into your profile.

        Sections of the document replace those of the profile; sections that it lacks stay. The
        account's phone number and e-mail address never change. What a profile has no place for is
        kept and exported again.
        """
        return self.answer(import_resume(user=caller_of(request), document=self.validated()))


class ProfileSchemaView(APIView):
    """The published JSON schemas (2020-12) that the free parts of a profile obey."""

    serializer_class = SchemaSerializer
    permission_classes = [Public]
    tag = "profile"

    @documented(
        summary="Get a JSON schema of the profile",
        operation_id="profile_schema",
        answer={"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "array"},
        parameters=(OpenApiParameter("name", {"type": "string", "enum": list(SCHEMAS)}, "path"),),
    )
    def get(self, request: Request, name: str) -> Response:
        refuse_unknown(request, (), ())
        return self.answer(schema(name))
