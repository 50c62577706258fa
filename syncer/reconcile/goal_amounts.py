"""Numbers, percentages and money as people write them in a goal."""

import re
from decimal import Decimal
from typing import Final

from msgspec import Struct

from syncer.reconcile.goal_faults import Wrong

PERCENT: Final = "%"
DIGITS: Final = 15
"""A goal of more digits is a slip of the hand."""

CURRENCIES: Final = frozenset(
    """AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD
    CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP
    GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD
    KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN
    NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP
    SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND
    VUV WST XAF XCD XOF XPF YER ZAR ZMW""".split()
)
"""Currencies of ISO 4217 that circulate."""

_SIGNS: Final = {"€": "EUR", "EURO": "EUR", "EUROS": "EUR", "£": "GBP", "US$": "USD"}
_UNCLEAR: Final = {"$": ("USD", "CAD", "AUD"), "¥": ("JPY", "CNY"), "KR": ("SEK", "DKK", "NOK")}
_FACTORS: Final = {"": 1, "k": 1_000, "m": 1_000_000}

_CODES = "|".join(sorted(CURRENCIES))
_UNIT = rf"US\$|[€£$¥]|(?<![a-z])(?:{_CODES}|euros?|kr)(?![a-z])"
AMOUNT: Final = re.compile(
    rf"(?P<before>{_UNIT})?\s*(?P<sign>[-+])?\s*"
    r"(?P<number>[0-9]+(?:[.,'][0-9]+|\x20[0-9]{3}(?![0-9]))*)"
    r"(?:\s?(?P<factor>[km])(?![a-z]))?"
    rf"\s*(?P<after>%|per\s?cent(?![a-z])|{_UNIT})?",
    re.IGNORECASE,
)
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?P<by>[,' ])[0-9]{3}(?:(?P=by)[0-9]{3})*(?:\.[0-9]+)?")
_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_DOTTED = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+")
_COMMA = re.compile(r"(?P<whole>[0-9]+|[1-9][0-9]{0,2}(?:\.[0-9]{3})+),(?P<part>[0-9]+)")


class Amount(Struct, frozen=True):
    """A number with its unit: ``%``, a currency or nothing. 55 % is 55."""

    number: Decimal
    unit: str = ""


def amount(found: re.Match[str]) -> Amount:
    """The amount that a match of :data:`AMOUNT` means. Raises :class:`Wrong`."""
    factor = (found["factor"] or "").lower()
    number = _number(found["number"], factor) * _FACTORS[factor]
    if found["sign"] == "-" or not number:
        raise Wrong("a goal is more than 0")
    units = [unit for text in (found["before"], found["after"]) if (unit := _unit(text))]
    if len(set(units)) > 1:
        raise Wrong(f"{' and '.join(units)} are two units", found["after"], ("",))
    return Amount(number, units[0] if units else "")


def _unit(text: str | None) -> str:
    upper = (text or "").upper()
    if upper.replace(" ", "") in (PERCENT, "PERCENT"):
        return PERCENT
    if upper in _UNCLEAR:
        raise Wrong(f"{text} may be several currencies", text or "", _spelled(upper))
    return _SIGNS.get(upper, upper)


def _spelled(sign: str) -> tuple[str, ...]:
    return tuple(f" {code} " for code in _UNCLEAR[sign])


def _number(text: str, factor: str) -> Decimal:
    if _GROUPED.fullmatch(text):
        return _decimal(re.sub(r"[,' ]", "", text))
    # "1.234k" can only be a part of a thousand; "1.234" may be either.
    if _PLAIN.fullmatch(text) and (factor or not _DOTTED.fullmatch(text)):
        return _decimal(text)
    if _DOTTED.fullmatch(text):
        both = (text.replace(".", ""), *((text.rstrip("0"),) if text.count(".") == 1 else ()))
        raise Wrong(f"{text} may be read in two ways", text, tuple(one.rstrip(".") for one in both))
    comma = _COMMA.fullmatch(text)
    right = (f"{comma['whole'].replace('.', '')}.{comma['part']}",) if comma else ()
    raise Wrong(f"{text} is not a number as it is written here", text, right)


def _decimal(text: str) -> Decimal:
    if len(text.replace(".", "").lstrip("0")) > DIGITS or len(text) > 2 * DIGITS:
        raise Wrong("a goal has no more than 15 digits")
    return Decimal(text)
