from datetime import date

from reservations import Reservation, overlap


def test_a_vehicle_is_free_again_on_the_day_it_comes_back():
    first = Reservation("R1", "van-1", date(2026, 5, 10), 2)
    second = Reservation("R2", "van-1", date(2026, 5, 12), 1)
    assert not overlap(first, second)
