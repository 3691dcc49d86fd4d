"""The names by which older clients know the bodies of identity."""

from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator

NAMES = [
    "UserCreate",
    "UserLogin",
    "UserResponse",
    "UserDetailResponse",
    "UserUpdate",
    "UserLocation",
    "UserStats",
    "OTPRequest",
    "OTPVerify",
    "OTPResponse",
    "Token",
    "TokenData",
    "RegisterRequest",
    "LoginRequest",
    "TokenResponse",
    "SendOTPRequest",
    "VerifyOTPRequest",
    "RefreshTokenRequest",
    "PasswordResetRequest",
    "PasswordResetConfirm",
]


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    return SchemaGenerator().get_schema(request=None, public=True)


@pytest.mark.capability("A12")
@pytest.mark.parametrize("name", NAMES)
def test_the_schema_has_the_shape_under_its_name(schema: dict[str, Any], name: str) -> None:
    assert schema["components"]["schemas"][name]["properties"]


@pytest.mark.capability("A12")
@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("register", {"UserCreate", "RegisterRequest"}),
        ("login", {"UserLogin", "LoginRequest"}),
        ("send-otp", {"OTPRequest", "SendOTPRequest"}),
        ("verify-otp", {"OTPVerify", "VerifyOTPRequest"}),
    ],
)
def test_one_address_takes_the_shapes_of_both_older_clients(
    schema: dict[str, Any], path: str, names: set[str]
) -> None:
    body = schema["paths"][f"/api/v1/auth/{path}/"]["post"]["requestBody"]
    reference = body["content"]["application/json"]["schema"]["$ref"]
    either = schema["components"]["schemas"][reference.rpartition("/")[2]]["anyOf"]

    assert {option["$ref"].rpartition("/")[2] for option in either} == names


@pytest.mark.capability("A12")
def test_signing_in_also_takes_a_form(schema: dict[str, Any]) -> None:
    operation = schema["paths"]["/api/v1/auth/login/"]["post"]

    assert set(operation["requestBody"]["content"]) == {
        "application/json",
        "application/x-www-form-urlencoded",
    }
    assert {"200", "202", "400", "401", "429", "503"} <= set(operation["responses"])
