"""Telephone numbers: kept as E.164 (+6281234567890), typed as people do."""

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


def whatsapp_link(e164: str) -> str:
    """The wa.me address that opens a chat with an E.164 number; empty when there is none."""
    return f"https://wa.me/{e164.lstrip('+')}" if e164 else ""
