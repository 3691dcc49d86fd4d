"""Stalls: a scratch model with a place, and places all over the earth to put them at."""

import random

from django.db import models

from config.shared.geo import PlaceQuerySetMixin, PublicPlace, place_constraints, place_index
from config.shared.querysets import VisibleQuerySet
from config.tests.tables import scratch

DUBAI = (25.2048, 55.2708)
CENTRES = {
    "Dubai": DUBAI,
    "Fiji, on the antimeridian": (-16.5, 179.98),
    "the equator, west of the antimeridian": (0.0, -179.99),
    "the north pole": (90.0, 0.0),
    "near the north pole": (89.7, 12.0),
    "near the south pole": (-89.9, -170.0),
    "the origin": (0.0, 0.0),
}


class StallQuerySet(PlaceQuerySetMixin, VisibleQuerySet):
    """Stalls, by place."""


with scratch():

    class Stall(PublicPlace):
        """Something that stands somewhere and would rather not say where."""

        kind = models.CharField(max_length=10, default="tea")

        objects = StallQuerySet.as_manager()

        class Meta:
            app_label = "config"
            constraints = place_constraints("config_stall")
            indexes = [
                place_index("config_stall_place", "kind"),
                place_index("config_stall_cell", "kind", point="cell_point"),
            ]

        def __str__(self):
            return self.kind


def scattered(count, seed):
    """Places in clusters around the centres, and one in ten anywhere."""
    dice = random.Random(seed)
    for number in range(count):
        if number % 10 == 0:
            yield dice.uniform(-90, 90), dice.uniform(-180, 180)
        else:
            lat, lng = dice.choice(list(CENTRES.values()))
            lat = max(-90.0, min(90.0, dice.gauss(lat, 1)))
            yield lat, (dice.gauss(lng, 2) + 180) % 360 - 180
