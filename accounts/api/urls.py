"""Addresses of identity, below /api/v1/."""

from django.urls import include, path, re_path

from accounts.api.views import own_account, profiles, settings

urlpatterns = [
    path("auth/", include("accounts.api.auth_urls")),
    path(
        "users/profile/",
        own_account.OwnAccountView.as_view({"put": "update", "patch": "partial_update"}),
        name="own-account",
    ),
    path(
        "profile/",
        profiles.ProfileView.as_view(
            {"get": "retrieve", "put": "update", "patch": "partial_update"}
        ),
        name="profile",
    ),
    path("profile/export/", profiles.ProfileExportView.as_view(), name="profile-export"),
    path("profile/import/", profiles.ProfileImportView.as_view(), name="profile-import"),
    path(
        "profile/schemas/<str:name>/", profiles.ProfileSchemaView.as_view(), name="profile-schema"
    ),
    path("settings/", settings.SettingsView.as_view({"get": "index"}), name="settings"),
    re_path(
        r"^settings/(?P<key>[a-z][a-z0-9_]{1,79})/$",
        settings.SettingView.as_view({"get": "retrieve", "put": "update"}),
        name="setting",
    ),
    path("", include("accounts.api.community_urls")),
    path("", include("accounts.api.media_urls")),
    path("", include("accounts.api.leaving_urls")),
]
