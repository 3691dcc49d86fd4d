"""Settings of the site: public ones for everybody, all of them for staff."""

from functools import partial
from typing import Any

from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.callers import caller_of
from accounts.api.serializers.settings import (
    EXAMPLE,
    SettingChangeSerializer,
    SettingSerializer,
)
from accounts.api.versions import VersionedAnswersMixin, refuse_other_version
from accounts.models import SystemSetting
from accounts.services.settings import (
    change_setting,
    current_values,
    readable_value,
    reads_all_settings,
)
from config.shared.operations import documented
from config.shared.parameters import refuse_unknown
from config.shared.permissions import IsStaff, Public
from config.shared.viewsets import ViewSet


class MayChangeSettings(IsStaff):
    """Everybody may read what is public; staff with the permission may change."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if request.method in SAFE_METHODS:
            return True
        allowed = request.user.has_perm("accounts.change_systemsetting")
        return super().has_permission(request, view) and allowed


class SettingsView(ViewSet):
    """Values that staff change while Courtyard runs; clients need the public ones."""

    queryset = SystemSetting.objects.none()
    serializer_class = SettingSerializer
    permission_classes = [Public]

    @documented(
        summary="List the settings", operation_id="settings_list", many=True, answer=[EXAMPLE]
    )
    def index(self, request: Request) -> Response:
        """List the settings.

        Everybody reads the public ones, staff with the permission read all of them. There are few
        of them, so they come on one page.
        """
        refuse_unknown(request, (), ())
        return self.answer(current_values(public_only=not reads_all_settings(request.user)))


class SettingView(VersionedAnswersMixin, ViewSet):
    """One setting of the site."""

    queryset = SystemSetting.objects.none()
    serializer_class = SettingSerializer
    input_serializer_class = SettingChangeSerializer
    permission_classes = [MayChangeSettings]

    @documented(summary="Get a setting", answer=EXAMPLE)
    def retrieve(self, request: Request, key: str) -> Response:
        """Get a setting.

        One that is not public is not there for anybody but staff with the permission.
        """
        return self.answer(readable_value(key, reader=request.user))

    @documented(summary="Change a setting", example={"value": 240}, answer=EXAMPLE)
    def update(self, request: Request, key: str) -> Response:
        """Change a setting.

        For staff with the permission. Who changed what, and why, is written down.
        """
        check = partial(refuse_other_version, request)
        changes = self.validated()
        change_setting(key=key, actor=caller_of(request), check=check, **changes)
        return self.answer(readable_value(key, reader=request.user))
