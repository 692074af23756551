"""Telephone numbers: kept as E.164 (+6281234567890), typed as people do."""

from urllib.parse import quote

import phonenumbers

REGION = "ID"


def parse_phone(text: str) -> str:
    """A number as typed (0812-3456-7890) in E.164; refuses impossible ones with ValueError."""
    try:
        number = phonenumbers.parse(text, REGION)
    except phonenumbers.NumberParseException as error:
        raise ValueError("not a telephone number") from error
    if not phonenumbers.is_possible_number(number):
        raise ValueError("not a telephone number")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def national(e164: str) -> str:
    """A kept number as people here read it: 0812-3456-7890; one from elsewhere with its country. Empty stays empty."""
    try:
        number = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return e164
    own = number.country_code == phonenumbers.country_code_for_region(REGION)
    kind = phonenumbers.PhoneNumberFormat.NATIONAL if own else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, kind)


def whatsapp_link(e164: str, text: str = "") -> str:
    """The wa.me address that opens a chat with an E.164 number, with a text to send if one is given; without a number
    the text's receiver is chosen there. Empty when there is neither."""
    if not (e164 or text):
        return ""
    return f"https://wa.me/{e164.lstrip('+')}" + (f"?text={quote(text)}" if text else "")
