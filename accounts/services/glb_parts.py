"""The lists that a 3D model's document consists of, and the references between them."""

from typing import Any

from accounts.services.sniff import FileFaultError

LISTS = (
    "accessors",
    "animations",
    "buffers",
    "bufferViews",
    "cameras",
    "images",
    "materials",
    "meshes",
    "nodes",
    "samplers",
    "scenes",
    "skins",
    "textures",
)
MAX_ITEMS = 50_000
LARGEST_NUMBER = 2**53


def broken(why: str) -> FileFaultError:
    """The refusal of a model whose parts do not fit."""
    return FileFaultError("glb_broken", f"This 3D model cannot be shown: {why}.")


def too_large(why: str) -> FileFaultError:
    """The refusal of a model that no phone could show."""
    return FileFaultError("glb_too_large", f"This 3D model is too large: {why}.")


def whole(value: Any, name: str) -> int:
    """``value`` as a whole number that is not negative."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= LARGEST_NUMBER:
        raise broken(f"{name} is no whole number")
    return value


def wholes(value: Any, name: str) -> list[int]:
    """``value`` as a list of whole numbers."""
    if not isinstance(value, list) or len(value) > MAX_ITEMS:
        raise broken(f"{name} are no list")
    return [whole(item, name) for item in value]


def objects(value: Any, name: str) -> list[dict[str, Any]]:
    """``value`` as a list of objects."""
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise broken(f"{name} are no list of objects")
    if len(value) > MAX_ITEMS:
        raise too_large(f"it has more than {MAX_ITEMS:,} {name}")
    return value


class Parts:
    """A model's document by its lists; each reference is checked when it is followed."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.lists = {name: objects(document.get(name, []), name) for name in LISTS}

    def __getitem__(self, name: str) -> list[dict[str, Any]]:
        return self.lists[name]

    def at(self, value: Any, name: str) -> dict[str, Any]:
        """The item of list ``name`` that the index ``value`` names."""
        number = whole(value, f"a reference to {name}")
        if number >= len(self.lists[name]):
            raise broken(f"it refers to {name} that are not there")
        return self.lists[name][number]

    def follow(self, holder: dict[str, Any], key: str, name: str) -> dict[str, Any] | None:
        """What ``holder`` refers to under ``key``; None where it refers to nothing."""
        return self.at(holder[key], name) if key in holder else None
