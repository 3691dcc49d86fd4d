"""What things are called in the back office: by the words of the people who work there."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.utils import label_for_field
from django.db import models

REGISTERED = sorted(admin.site._registry.items(), key=lambda item: item[0]._meta.label)
TECHNICAL = ("user", "one time", "bucket", "media", "outgoing", "system", "idempotency")


@pytest.mark.parametrize(
    ("label", "one", "many"),
    [
        ("accounts.User", "person", "people"),
        ("accounts.ContractorPaper", "contractor paper", "contractor papers"),
        ("accounts.MediaFile", "file", "files"),
        ("accounts.OutgoingMessage", "message sent", "messages sent"),
        ("accounts.SystemSetting", "setting", "settings"),
        ("accounts.AuditEvent", "audit event", "audit events"),
        ("accounts.IdempotencyKey", "repeatable request", "repeatable requests"),
        ("accounts.RateBucket", "counter", "counters"),
        ("credentials.OneTimeCode", "code sent", "codes sent"),
        ("credentials.FailureCounter", "counter of failures", "counters of failures"),
    ],
)
def test_things_are_called_by_the_words_of_staff(label: str, one: str, many: str) -> None:
    meta = apps.get_model(label)._meta

    assert (meta.verbose_name, meta.verbose_name_plural) == (one, many)


@pytest.mark.parametrize(
    ("model", "page"), REGISTERED, ids=[model._meta.label for model, _ in REGISTERED]
)
def test_no_heading_speaks_of_users_or_tables(
    model: type[models.Model], page: admin.ModelAdmin
) -> None:
    headings = [str(label_for_field(name, model, page)).lower() for name in page.list_display]
    words = [*headings, str(model._meta.verbose_name), str(model._meta.verbose_name_plural)]

    assert [word for word in words if any(each in word for each in TECHNICAL)] == []
