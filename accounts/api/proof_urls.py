"""Addresses of second factors, passkeys and Google, below /api/v1/auth/."""

from django.urls import path

from accounts.api.views import google, passkeys, second_factor

urlpatterns = [
    path("mfa/", second_factor.ProtectionView.as_view(), name="protection"),
    path("mfa/verify/", second_factor.VerifySecondFactorView.as_view(), name="mfa-verify"),
    path("mfa/totp/start/", second_factor.StartTOTPView.as_view(), name="totp-start"),
    path("mfa/totp/confirm/", second_factor.ConfirmTOTPView.as_view(), name="totp-confirm"),
    path("mfa/totp/disable/", second_factor.DisableTOTPView.as_view(), name="totp-disable"),
    path("mfa/backup-codes/", second_factor.BackupCodesView.as_view(), name="backup-codes"),
    path(
        "passkeys/",
        passkeys.PasskeyView.as_view({"get": "list", "post": "create"}),
        name="passkeys",
    ),
    path(
        "passkeys/options/",
        passkeys.PasskeyView.as_view({"post": "options_to_register"}),
        name="passkey-options",
    ),
    path(
        "passkeys/sign-in/options/",
        passkeys.SignInOptionsView.as_view(),
        name="passkey-sign-in-options",
    ),
    path("passkeys/sign-in/", passkeys.PasskeySignInView.as_view(), name="passkey-sign-in"),
    path(
        "passkeys/<uuid:pk>/",
        passkeys.PasskeyView.as_view({"patch": "partial_update", "delete": "destroy"}),
        name="passkey",
    ),
    path("google/start/", google.StartGoogleView.as_view(), name="google-start"),
    path(
        "google/",
        google.GoogleView.as_view({"post": "create", "delete": "destroy"}),
        name="google",
    ),
    path("google/link/", google.GoogleLinkView.as_view(), name="google-link"),
]
