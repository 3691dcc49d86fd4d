"""Amounts of money: ``Decimal`` with an ISO 4217 currency, exact to the last minor unit."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from config.shared.errors import InvalidInputError

MAX_DIGITS = 14
MAX_PLACES = 3
LARGEST = Decimal(10) ** (MAX_DIGITS - MAX_PLACES)

# ISO 4217 list one: every code that is money (no funds, metals, bonds or test codes), by exponent.
_CODES = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF",
    2: "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF"
    " CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD"
    " HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA"
    " MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN"
    " QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP"
    " TRY TTD TWD TZS UAH USD UYU UZS VES VED WST XCD XCG YER ZAR ZMW ZWG",
    3: "BHD IQD JOD KWD LYD OMR TND",
}
EXPONENTS: dict[str, int] = {
    code: places for places, codes in _CODES.items() for code in codes.split()
}


def exponent(currency: str, *, pointer: str = "/currency") -> int:
    """How many decimal places ``currency`` has; raises ``InvalidInputError`` if there is none."""
    try:
        return EXPONENTS[currency]
    except KeyError as error:
        raise InvalidInputError.at(
            pointer, "currency_unknown", "This is not a currency we know (ISO 4217)."
        ) from error


def check_amount(amount: Decimal, currency: str, *, pointer: str = "/amount") -> Decimal:
    """``amount`` with exactly the places of ``currency``.

    Raises ``InvalidInputError`` for an amount below zero, with a fraction of a minor unit, or too
    large for its column (``Decimal(14, 3)``).
    """
    places = exponent(currency)
    if not amount.is_finite() or not 0 <= amount < LARGEST:
        raise InvalidInputError.at(
            pointer, "amount_out_of_range", "The amount must be zero or more, below 100 billion."
        )
    exact = amount.quantize(_unit(places))
    if exact != amount:
        raise InvalidInputError.at(
            pointer, "amount_too_precise", f"{currency} has {places} decimal places."
        )
    return exact


def written(amount: Decimal, currency: str) -> str:
    """``amount`` as the API writes it: with the places of ``currency``, never as ``1E+6``."""
    places = EXPONENTS.get(currency, MAX_PLACES)
    return f"{amount:.{places}f}"


def grouped(amount: Decimal, currency: str) -> str:
    """``amount`` as people read it, with the places of its currency: ``50,000.00 AED``."""
    places = EXPONENTS.get(currency, MAX_PLACES)
    return f"{amount:,.{places}f} {currency}"


def to_minor(amount: Decimal, currency: str) -> int:
    """``amount`` in minor units (cents, fils), as gateways and the ledger count."""
    minor = amount.scaleb(exponent(currency))
    if minor != minor.to_integral_value():
        raise InvalidInputError.at(
            "/amount", "amount_too_precise", "A minor unit is not divisible."
        )
    return int(minor)


def from_minor(minor: int, currency: str) -> Decimal:
    """The amount of ``minor`` minor units of ``currency``."""
    places = exponent(currency)
    return Decimal(minor).scaleb(-places).quantize(_unit(places))


def split(amount: Decimal, weights: Sequence[Decimal | int], currency: str) -> list[Decimal]:
    """Split ``amount`` in proportion to ``weights``, so that the parts add up to it exactly.

    Largest remainder: every part is rounded down to a minor unit, and the units left over go one
    each to the parts that lost most, the last of equals first. So 100.00 in thirds is 33.33, 33.33
    and 33.34. A negative amount is split as the positive one.
    """
    total = sum((Decimal(weight) for weight in weights), Decimal(0))
    if total <= 0 or min(weights) < 0:
        raise ValueError("Weights are zero or more, and not all zero.")
    minor = to_minor(abs(amount), currency)
    shares = [divmod(minor * weight, total) for weight in map(Decimal, weights)]
    left_over = minor - sum(int(whole) for whole, _ in shares)
    losers = sorted(range(len(shares)), key=lambda at: (shares[at][1], at), reverse=True)
    extra = set(losers[:left_over])
    sign = -1 if amount < 0 else 1
    return [
        from_minor(sign * (int(whole) + (at in extra)), currency)
        for at, (whole, _) in enumerate(shares)
    ]


def fee(amount: Decimal, percent: Decimal, currency: str) -> Decimal:
    """``percent`` per cent of ``amount``, rounded half up to a minor unit."""
    unit = _unit(exponent(currency))
    return (amount * percent / 100).quantize(unit, rounding=ROUND_HALF_UP)


def _unit(places: int) -> Decimal:
    return Decimal(1).scaleb(-places)
