"""Which backups stay: the newest of each of the last 30 days, and of each of the last 12 months that have one. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime

__all__ = ["DAYS", "MONTHS", "superfluous"]

DAYS = 30
MONTHS = 12


def superfluous(made_at: Iterable[datetime], days: int = DAYS, months: int = MONTHS) -> Sequence[datetime]:
    """Of these times of backups, those that may go. Days and months that have no backup do not count."""
    newest_first = sorted(set(made_at), reverse=True)
    by_day: dict[str, datetime] = {}
    by_month: dict[str, datetime] = {}
    for at in newest_first:
        by_day.setdefault(f"{at:%Y-%m-%d}", at)
        by_month.setdefault(f"{at:%Y-%m}", at)
    kept = {*list(by_day.values())[:days], *list(by_month.values())[:months]}
    return [at for at in newest_first if at not in kept]
