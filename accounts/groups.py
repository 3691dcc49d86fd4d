"""The groups of staff and what each may do.

Permissions are named ``app.codename``. A later app adds its own with a migration that calls
``grant``; nothing is ever taken from a group that staff have changed by hand.
"""

from collections.abc import Iterable, Mapping
from typing import Any

SUPPORT = "Support"
MODERATION = "Moderation"
VERIFICATION = "Verification"
FINANCE = "Finance"
SITE_ADMINISTRATION = "Site administration"

_PEOPLE = ("accounts.view_user", "accounts.view_profile", "accounts.view_organization")
_PLACES = (
    "accounts.view_building",
    "accounts.view_membership",
    "accounts.view_residency",
)

GRANTS: Mapping[str, Iterable[str]] = {
    SUPPORT: (
        *_PEOPLE,
        *_PLACES,
        "accounts.end_sessions",
        "accounts.view_outgoingmessage",
        "accounts.change_outgoingmessage",
        "accounts.view_contractorpaper",
        "credentials.view_onetimecode",
        "credentials.view_session",
        "credentials.view_passkey",
    ),
    MODERATION: (
        *_PEOPLE,
        *_PLACES,
        "accounts.suspend_user",
        "accounts.end_sessions",
        "accounts.view_mediafile",
        "accounts.view_auditevent",
    ),
    VERIFICATION: (
        *_PEOPLE,
        *_PLACES,
        "accounts.change_residency",
        "accounts.view_verification",
        "accounts.review_verification",
        "accounts.verify_organization",
        "accounts.view_contractorpaper",
        "accounts.view_mediafile",
    ),
    FINANCE: (*_PEOPLE, *_PLACES, "accounts.view_auditevent"),
    SITE_ADMINISTRATION: (
        *_PEOPLE,
        *_PLACES,
        "accounts.change_user",
        "accounts.suspend_user",
        "accounts.end_sessions",
        "accounts.add_organization",
        "accounts.change_organization",
        "accounts.verify_organization",
        "accounts.add_building",
        "accounts.change_building",
        "accounts.change_residency",
        "accounts.view_contractorpaper",
        "accounts.view_follow",
        "accounts.view_block",
        "accounts.view_mediafile",
        "accounts.view_outgoingmessage",
        "accounts.change_outgoingmessage",
        "accounts.view_auditevent",
        "accounts.view_systemsetting",
        "accounts.change_systemsetting",
        "accounts.view_idempotencykey",
        "credentials.view_onetimecode",
        "credentials.view_session",
        "credentials.view_passkey",
        "procrastinate.view_procrastinatejob",
        "procrastinate.change_procrastinatejob",
        "procrastinate.view_procrastinateevent",
        "procrastinate.view_procrastinateperiodicdefer",
        "procrastinate.view_procrastinateworker",
        "auth.view_group",
    ),
}


def grant(apps: Any, grants: Mapping[str, Iterable[str]] = GRANTS) -> None:
    """Make the groups that are missing and give each its permissions; may be repeated.

    ``apps`` is the registry at hand: the historical one in a migration, ``django.apps.apps``
    elsewhere. Permissions that no migration has made yet are made first.
    """
    group_model = apps.get_model("auth", "Group")
    for name, permissions in grants.items():
        group, _ = group_model.objects.get_or_create(name=name)
        group.permissions.add(*(_permission(apps, label) for label in permissions))


def _permission(apps: Any, label: str) -> Any:
    app_label, codename = label.split(".")
    permission_model = apps.get_model("auth", "Permission")
    found = permission_model.objects.filter(
        content_type__app_label=app_label, codename=codename
    ).first()
    if found is not None:
        return found
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label=app_label, model=_model_of(apps, app_label, codename)
    )
    return permission_model.objects.create(
        content_type=content_type, codename=codename, name=_name_of(apps, app_label, codename)
    )


def _model_of(apps: Any, app_label: str, codename: str) -> str:
    for model in apps.get_app_config(app_label).get_models():
        if codename in dict(model._meta.permissions):
            return str(model._meta.model_name)
    return codename.partition("_")[2]


def _name_of(apps: Any, app_label: str, codename: str) -> str:
    model = apps.get_model(app_label, _model_of(apps, app_label, codename))
    custom = dict(model._meta.permissions).get(codename)
    verb, _, _ = codename.partition("_")
    return str(custom or f"Can {verb} {model._meta.verbose_name}")
