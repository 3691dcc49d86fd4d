"""One telephone has one spelling inside Courtyard."""

import re

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from config.shared.errors import InvalidInputError
from config.shared.phones import E164_PATTERN, normalise_phone, phone_validator

SPELLINGS = [
    "0501234567",
    "050 123 4567",
    "050-123-4567",
    "(050) 123 4567",
    "501234567",
    "+971501234567",
    "+971 50 123 4567",
    "+971.50.123.4567",
    "+971\u00a050\u00a0123\u00a04567",
    "+971\u201350\u2013123\u20134567",
    "+971 (0)50 123 4567",
    "+9710501234567",
    "971501234567",
    "00971501234567",
    "00 971 50 123 4567",
    "00971 (0) 50 1234567",
    "tel:+971-50-123-4567",
    "TEL:0501234567",
    "٠٥٠١٢٣٤٥٦٧",
    "۰۵۰۱۲۳۴۵۶۷",
    "+٩٧١٥٠١٢٣٤٥٦٧",
    "０５０１２３４５６７",
    "＋９７１５０１２３４５６７",
    "\u200e+971501234567\u200e",
    "\u202a+971 50 123 4567\u202c",
    "\u2066050 1234567\u2069",
    "\ufeff 0501234567\n",
]


@pytest.mark.capability("A01")
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_of_a_number_is_the_same_number(spelling):
    assert normalise_phone(spelling, region="AE") == "+971501234567"


@pytest.mark.parametrize(
    ("spelling", "region", "number"),
    [
        ("07911 123456", "GB", "+447911123456"),
        ("(415) 555-2671", "US", "+14155552671"),
        ("00 44 7911 123456", "US", "+447911123456"),
        ("98765 43210", "IN", "+919876543210"),
    ],
)
def test_a_number_without_a_country_belongs_to_the_region(spelling, region, number):
    assert normalise_phone(spelling, region=region) == number


def test_the_region_is_a_setting(settings):
    settings.DEFAULT_REGION = "GB"

    assert normalise_phone("07911 123456") == "+447911123456"


@pytest.mark.parametrize(
    ("spelling", "code"),
    [
        ("", "phone_invalid"),
        ("not a number", "phone_invalid"),
        ("999", "phone_invalid"),
        ("112", "phone_invalid"),
        ("12345", "phone_invalid"),
        ("+97150123456", "phone_invalid"),
        ("+9715012345678", "phone_invalid"),
        ("+0501234567", "phone_invalid"),
        ("++971501234567", "phone_invalid"),
        ("+971501234567+", "phone_invalid"),
        ("050\x001234567", "phone_invalid"),
        ("\ud800", "phone_invalid"),
        ("1-800-FLOWERS", "phone_invalid"),
        ("0" * 65, "phone_invalid"),
        ("050 123 4567 x89", "phone_has_extension"),
        ("050 123 4567 ext. 89", "phone_has_extension"),
        ("tel:+971501234567;ext=89", "phone_has_extension"),
        ("+971501234567,,89", "phone_has_extension"),
        ("04 234 5678", "phone_not_mobile"),
        ("+97142345678", "phone_not_mobile"),
        ("+442071838750", "phone_not_mobile"),
        ("800 123", "phone_not_mobile"),
    ],
)
def test_what_no_sms_reaches_is_refused_with_its_reason(spelling, code):
    with pytest.raises(InvalidInputError) as refusal:
        normalise_phone(spelling, region="AE", pointer="/phone")

    assert [error.code for error in refusal.value.errors] == [code]
    assert refusal.value.errors[0].pointer == "/phone"


@given(st.text(max_size=80))
def test_any_text_is_a_number_or_a_refusal(text):
    try:
        number = normalise_phone(text, region="AE")
    except InvalidInputError:
        return

    assert re.fullmatch(E164_PATTERN, number)
    assert normalise_phone(number, region="US") == number


def test_the_validator_accepts_only_the_one_spelling():
    phone_validator("+971501234567")

    with pytest.raises(ValidationError) as refusal:
        phone_validator("+971 50 123 4567")
    assert refusal.value.code == "phone_not_e164"
    with pytest.raises(ValidationError) as refusal:
        phone_validator("+97142345678")
    assert refusal.value.code == "phone_not_mobile"
