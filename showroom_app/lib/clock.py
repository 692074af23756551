"""Jakarta's calendar: the server keeps UTC, the shop lives in WIB."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

JAKARTA = ZoneInfo("Asia/Jakarta")


def jakarta_date(at: datetime) -> date:
    """The day it is in the shop at a moment."""
    return at.astimezone(JAKARTA).date()


def day_start(day: date) -> datetime:
    """The moment, in UTC, at which a day begins in the shop."""
    return datetime.combine(day, time(), JAKARTA).astimezone(UTC)


def month_start(day: date) -> datetime:
    """The moment at which a day's month begins in the shop."""
    return day_start(day.replace(day=1))


def previous_month(day: date) -> date:
    """The first day of the month before."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or that month's last."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
