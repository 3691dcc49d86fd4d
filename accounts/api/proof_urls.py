"""Addresses of second factors, passkeys and Google, below /api/v1/auth/."""

from django.urls import path

from accounts.api.views import second_factor

urlpatterns = [
    path("mfa/", second_factor.ProtectionView.as_view(), name="protection"),
    path("mfa/verify/", second_factor.VerifySecondFactorView.as_view(), name="mfa-verify"),
    path("mfa/totp/start/", second_factor.StartTOTPView.as_view(), name="totp-start"),
    path("mfa/totp/confirm/", second_factor.ConfirmTOTPView.as_view(), name="totp-confirm"),
    path("mfa/totp/disable/", second_factor.DisableTOTPView.as_view(), name="totp-disable"),
    path("mfa/backup-codes/", second_factor.BackupCodesView.as_view(), name="backup-codes"),
]
