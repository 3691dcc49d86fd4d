"""Addresses of signing in, below /api/v1/auth/."""

from django.urls import include, path

from accounts.api.views import codes, sessions, sign_in

urlpatterns = [
    path("register/", sign_in.RegisterView.as_view(), name="register"),
    path("login/", sign_in.LoginView.as_view(), name="login"),
    path("refresh/", sign_in.RefreshView.as_view(), name="refresh"),
    path("logout/", sign_in.LogoutView.as_view(), name="logout"),
    path("logout-all/", sign_in.LogoutAllView.as_view(), name="logout-all"),
    path("forgot-password/", sign_in.ForgotPasswordView.as_view(), name="forgot-password"),
    path("reset-password/", sign_in.ResetPasswordView.as_view(), name="reset-password"),
    path("change-password/", sign_in.ChangePasswordView.as_view(), name="change-password"),
    path("me/", sign_in.MeView.as_view({"get": "retrieve"}), name="me"),
    path("send-otp/", codes.SendOTPView.as_view(), name="send-otp"),
    path("verify-otp/", codes.VerifyOTPView.as_view(), name="verify-otp"),
    path("change-phone/", codes.ChangePhoneView.as_view(), name="change-phone"),
    path("change-phone/confirm/", codes.ConfirmPhoneView.as_view(), name="change-phone-confirm"),
    path("change-email/", codes.ChangeEmailView.as_view(), name="change-email"),
    path("change-email/confirm/", codes.ConfirmEmailView.as_view(), name="change-email-confirm"),
    path("step-up/", codes.StepUpView.as_view(), name="step-up"),
    path(
        "sessions/",
        sessions.SessionView.as_view({"get": "list", "delete": "end_others"}),
        name="sessions",
    ),
    path(
        "sessions/<uuid:pk>/",
        sessions.SessionView.as_view({"get": "retrieve", "delete": "end"}),
        name="session",
    ),
    path("", include("accounts.api.proof_urls")),
]
