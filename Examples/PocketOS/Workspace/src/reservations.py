"""Reservations: what the staging API serves."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Reservation:
    number: str
    vehicle: str
    pickup: date
    days: int

    @property
    def return_day(self) -> date:
        return self.pickup + timedelta(days=self.days)


def overlap(one: Reservation, other: Reservation) -> bool:
    """Whether both need the same vehicle on the same day."""
    return one.vehicle == other.vehicle and one.pickup < other.return_day and other.pickup < one.return_day
