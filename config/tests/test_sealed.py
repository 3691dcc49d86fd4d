"""Sealed fields: what is stored cannot be read, moved or mistaken."""

import io
from typing import Any
from uuid import uuid4

import pytest
from cryptography.fernet import Fernet
from django.apps import apps
from django.core import serializers
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection, models, transaction
from django.db.migrations.writer import MigrationWriter
from django.db.models import F

from config.shared.sealed import (
    SealedBytesField,
    SealedTextField,
    SealedValueError,
    reseal,
    sealed_columns,
)
from config.tests.tables import scratch, tables

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()

with scratch():

    class Vault(models.Model):
        """A model with something to hide."""

        word = SealedTextField(null=True)
        other = SealedTextField(null=True)
        blob = SealedBytesField(null=True)
        renamed = SealedTextField(null=True, context="config.safe.word")

        class Meta:
            app_label = "config"

        def __str__(self):
            return "vault"


@pytest.fixture
def vault(db, settings):
    settings.FIELD_ENCRYPTION_KEYS = [OLD]
    with tables(Vault):
        yield Vault


def stored(pk, column="word"):
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT "{column}" FROM config_vault WHERE id = %s', [pk])
        return cursor.fetchone()[0]


@pytest.mark.capability("A27", "A37")
@pytest.mark.parametrize("word", ["open sesame", "", "a\x00b", "سرّ", "x" * 10_000])
def test_a_text_comes_back_as_it_was_and_is_stored_unreadable(vault, word):
    row = vault.objects.create(word=word)

    assert vault.objects.get(pk=row.pk).word == word
    assert stored(row.pk).startswith("gAAAA")
    assert "sesame" not in stored(row.pk)


def test_bytes_come_back_as_they_were(vault):
    row = vault.objects.create(blob=b"\x00\xff secret")

    assert vault.objects.get(pk=row.pk).blob == b"\x00\xff secret"
    assert "secret" not in stored(row.pk, "blob")


def test_nothing_and_an_empty_text_stay_different(vault):
    empty, nothing = vault.objects.create(word="", blob=b""), vault.objects.create()

    assert stored(nothing.pk) is None
    assert list(vault.objects.filter(word__isnull=True)) == [nothing]
    assert vault.objects.get(pk=empty.pk).word == ""
    assert vault.objects.get(pk=empty.pk).blob == b""
    assert vault.objects.get(pk=nothing.pk).word is None


def test_the_same_text_is_never_stored_twice_alike(vault):
    one, two = vault.objects.create(word="same"), vault.objects.create(word="same")

    assert stored(one.pk) != stored(two.pk)


@pytest.mark.parametrize("write", ["update", "bulk_update", "bulk_create"])
def test_every_way_of_writing_seals(vault, write):
    row = vault.objects.create(word="before")

    if write == "update":
        vault.objects.filter(pk=row.pk).update(word="after")
    elif write == "bulk_update":
        row.word = "after"
        vault.objects.bulk_update([row], ["word"])
    else:
        (row,) = vault.objects.bulk_create([vault(word="after")])

    assert stored(row.pk).startswith("gAAAA")
    assert vault.objects.values_list("word", flat=True).get(pk=row.pk) == "after"


def test_a_value_that_is_copied_to_another_column_does_not_open(vault):
    row = vault.objects.create(word="mine")
    vault.objects.filter(pk=row.pk).update(other=F("word"))

    with pytest.raises(SealedValueError, match="another column"):
        vault.objects.get(pk=row.pk)


def test_a_column_may_say_what_its_values_were_sealed_for(vault):
    row = vault.objects.create(renamed="kept")

    assert vault.objects.get(pk=row.pk).renamed == "kept"
    assert (
        "context='config.safe.word'"
        in MigrationWriter.serialize(vault._meta.get_field("renamed"))[0]
    )


@pytest.mark.parametrize("rubbish", ["", "gAAAA", "plain text", "é"])
def test_what_is_no_sealed_value_is_an_error_and_never_handed_out(vault, rubbish):
    row = vault.objects.create(word="fine")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE config_vault SET word = %s WHERE id = %s", [rubbish, row.pk])

    with pytest.raises(SealedValueError):
        vault.objects.get(pk=row.pk)


def test_a_value_whose_key_is_gone_is_an_error_and_never_handed_out(vault, settings):
    row = vault.objects.create(word="fine")
    settings.FIELD_ENCRYPTION_KEYS = [NEW]

    with pytest.raises(SealedValueError):
        vault.objects.get(pk=row.pk)


@pytest.mark.parametrize("keys", [[], None, ["short"], [OLD, "not base64 at all!"]])
def test_without_good_keys_nothing_is_sealed_and_nothing_stored(vault, settings, keys):
    settings.FIELD_ENCRYPTION_KEYS = keys

    with pytest.raises(ImproperlyConfigured, match="FIELD_ENC"), transaction.atomic():
        vault.objects.create(word="fine")

    assert not vault.objects.exists()


@pytest.mark.parametrize(
    "lookup", [{"word": "a"}, {"word__contains": "a"}, {"word__in": ["a"]}, {"word__length": 1}]
)
def test_a_sealed_field_cannot_be_looked_up(vault, lookup):
    with pytest.raises(FieldError, match="sealed"):
        vault.objects.filter(**lookup)


def test_nor_can_what_is_derived_from_it(vault):
    with pytest.raises(FieldError, match="length"):
        list(vault.objects.order_by("word__length"))


@pytest.mark.parametrize("value", [b"bytes", 7, ["list"]])
def test_a_value_of_another_type_is_refused(vault, value):
    with pytest.raises(TypeError, match=r"config\.vault\.word holds str"):
        vault.objects.create(word=value)


@pytest.mark.parametrize("option", ["unique", "db_index", "primary_key"])
def test_a_sealed_field_cannot_be_indexed(option):
    with pytest.raises(TypeError, match="indexed"):
        SealedTextField(**dict[str, Any]({option: True}))


def test_a_sealed_value_is_not_written_into_a_fixture(vault):
    row = vault.objects.create(word="fine")

    with pytest.raises(FieldError, match="fixture"):
        serializers.serialize("json", [row])


def test_resealing_puts_old_values_under_the_newest_key(vault, settings):
    old = vault.objects.create(word="old")
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
    new, nothing = vault.objects.create(word="new"), vault.objects.create()

    assert list(reseal(vault.objects.all(), "word")) == [(old.pk, "resealed"), (new.pk, "current")]

    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    words = vault.objects.in_bulk([old.pk, new.pk, nothing.pk])
    assert [row.word for row in words.values()] == ["old", "new", None]


def test_resealing_walks_more_rows_than_fit_in_one_batch(vault, settings):
    vault.objects.bulk_create(vault(word=str(number)) for number in range(1001))
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]

    outcomes = [outcome for _, outcome in reseal(vault.objects.all(), "word")]

    assert outcomes == ["resealed"] * 1001


def test_trying_it_out_changes_nothing(vault, settings):
    row = vault.objects.create(word="old")
    before = stored(row.pk)
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]

    assert list(reseal(vault.objects.all(), "word", dry_run=True)) == [(row.pk, "resealed")]

    assert stored(row.pk) == before


def test_a_broken_value_is_told_and_left_as_it_is(vault, settings):
    row = vault.objects.create(word="lost")
    before = stored(row.pk)
    settings.FIELD_ENCRYPTION_KEYS = [NEW]

    assert list(reseal(vault.objects.all(), "word")) == [(row.pk, "broken")]

    assert stored(row.pk) == before


def test_only_a_sealed_field_can_be_resealed(vault):
    with pytest.raises(TypeError, match="id is not a sealed field"):
        list(reseal(vault.objects.all(), "id"))


@pytest.fixture
def credential(db, settings):
    settings.FIELD_ENCRYPTION_KEYS = [OLD]
    model = apps.get_model("credentials", "Credential")
    return model.objects.create(user_id=uuid4(), totp_secret="JBSWY3DPEHPK3PXP")


def test_the_command_rotates_the_keys_of_both_databases(credential, settings):
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
    out = io.StringIO()

    call_command("rotate_keys", stdout=out)

    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    credential.refresh_from_db()
    assert credential.totp_secret == "JBSWY3DPEHPK3PXP"
    line = "credentials: credentials.Credential.totp_secret: 1 values, 1 resealed, 0 already"
    assert line in out.getvalue()
    assert {model._meta.app_label for model, _ in sealed_columns()} == {"accounts", "credentials"}
    assert out.getvalue().count("\n") == len(sealed_columns()) + 1


def test_the_command_can_be_tried_out(credential, settings):
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
    out = io.StringIO()

    call_command("rotate_keys", dry_run=True, stdout=out)

    settings.FIELD_ENCRYPTION_KEYS = [OLD]
    credential.refresh_from_db()
    assert credential.totp_secret == "JBSWY3DPEHPK3PXP"
    assert "Credential.totp_secret: 1 values, 1 to be resealed" in out.getvalue()


def test_the_command_fails_where_a_value_does_not_open(credential, settings):
    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    out, err = io.StringIO(), io.StringIO()

    with pytest.raises(CommandError, match="1 values do not open"):
        call_command("rotate_keys", stdout=out, stderr=err)

    assert f"Credential.totp_secret of {credential.pk} does not open." in err.getvalue()
    assert "JBSWY3DPEHPK3PXP" not in out.getvalue() + err.getvalue()
