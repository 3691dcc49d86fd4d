"""The models of the catalogue. Code outside the app imports them from here."""

from catalog.models.availability import Availability, AvailabilityException
from catalog.models.construction import ConstructionUpdate, Model3D, ProgressPhase
from catalog.models.follows import DevelopmentFollow
from catalog.models.homes import Development, Unit
from catalog.models.market import Product
from catalog.models.market_looks import ProductImage, ProductLike, ProductView
from catalog.models.streams import Stream, StreamKey, StreamPin, StreamViewer

__all__ = [
    "Availability",
    "AvailabilityException",
    "ConstructionUpdate",
    "Development",
    "DevelopmentFollow",
    "Model3D",
    "Product",
    "ProductImage",
    "ProductLike",
    "ProductView",
    "ProgressPhase",
    "Stream",
    "StreamKey",
    "StreamPin",
    "StreamViewer",
    "Unit",
]
