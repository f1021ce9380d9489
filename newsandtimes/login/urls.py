"""The addresses of logging in, all under /admin/."""

from allauth.account import views as account
from allauth.mfa.recovery_codes import views as recovery_codes
from django.contrib.auth import views as auth
from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.http import require_POST

from newsandtimes.login import views
from newsandtimes.login.new_passwords import ForgottenForm
from newsandtimes.login.password_reset import AskView

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", views.log_in, name="account_login"),
    path("account/logout/", require_POST(account.logout), name="account_logout"),
    path("account/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("account/second-factor/", include("allauth.mfa.base.urls")),
    path("account/second-factor/app/", include("allauth.mfa.totp.urls")),
    path(
        "account/second-factor/codes/",
        recovery_codes.view_recovery_codes,
        name="mfa_view_recovery_codes",
    ),
    path(
        "account/second-factor/codes/new/",
        recovery_codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path("password_reset/", AskView.as_view(), name="admin_password_reset"),
    path("password_reset/done/", auth.PasswordResetDoneView.as_view(), name="password_reset_done"),
    path(
        "password_reset/<uidb64>/<token>/",
        auth.PasswordResetConfirmView.as_view(form_class=ForgottenForm),
        name="password_reset_confirm",
    ),
    path(
        "password_reset/complete/",
        auth.PasswordResetCompleteView.as_view(),
        name="password_reset_complete",
    ),
]
