"""The numbers of a 3D model: views of its buffer, and accessors that read them."""

from typing import Any

from accounts.services.glb_parts import Parts, broken, too_large, whole

COMPONENT_BYTES = {5120: 1, 5121: 1, 5122: 2, 5123: 2, 5125: 4, 5126: 4}
COMPONENTS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16}
INDEX_TYPES = frozenset({5121, 5123, 5125})
MAX_ELEMENTS = 5_000_000
PADDING = 3


def check_buffers(parts: Parts, *, chunk_length: int) -> None:
    """Refuse views that overrun the binary chunk, and accessors that overrun their view."""
    buffers = parts["buffers"]
    if len(buffers) > 1:
        raise broken("it has more than one buffer")
    length = whole(buffers[0].get("byteLength"), "a buffer's length") if buffers else 0
    if length > chunk_length or chunk_length - length > PADDING:
        raise broken("its buffer is not as long as it says")
    for view in parts["bufferViews"]:
        parts.at(view.get("buffer"), "buffers")
        end = whole(view.get("byteOffset", 0), "an offset")
        end += whole(view.get("byteLength"), "a view's length")
        stride = whole(view.get("byteStride", 4), "a stride")
        if end > length or not 4 <= stride <= 252:
            raise broken("a view overruns its buffer")
    for accessor in parts["accessors"]:
        _check_accessor(parts, accessor)


def _check_accessor(parts: Parts, accessor: dict[str, Any]) -> None:
    count = whole(accessor.get("count"), "a count")
    if count == 0:
        raise broken("an accessor is empty")
    if count > MAX_ELEMENTS:
        raise too_large(f"an accessor has more than {MAX_ELEMENTS:,} elements")
    width = _width(accessor)
    _check_fit(parts, accessor, count, width)
    if "sparse" not in accessor:
        return
    sparse = accessor["sparse"]
    indices = sparse.get("indices") if isinstance(sparse, dict) else None
    values = sparse.get("values") if isinstance(sparse, dict) else None
    if not isinstance(indices, dict) or not isinstance(values, dict):
        raise broken("a sparse accessor is incomplete")
    changed = whole(sparse.get("count"), "a count")
    if not 1 <= changed <= count or not _is_index(indices.get("componentType")):
        raise broken("a sparse accessor changes what is not there")
    if "bufferView" not in indices or "bufferView" not in values:
        raise broken("a sparse accessor has no content")
    _check_fit(parts, indices, changed, COMPONENT_BYTES[indices["componentType"]])
    _check_fit(parts, values, changed, width)


def _width(accessor: dict[str, Any]) -> int:
    """The bytes of one element."""
    kind, component = accessor.get("type"), accessor.get("componentType")
    if not isinstance(kind, str) or kind not in COMPONENTS:
        raise broken("an accessor is of no known type")
    if not isinstance(component, int) or component not in COMPONENT_BYTES:
        raise broken("an accessor has no known components")
    return COMPONENTS[kind] * COMPONENT_BYTES[component]


def _check_fit(parts: Parts, holder: dict[str, Any], count: int, width: int) -> None:
    """Refuse elements that overrun their view; an accessor without a view is all zeros."""
    view = parts.follow(holder, "bufferView", "bufferViews")
    if view is None:
        return
    stride = max(view.get("byteStride", width), width)
    offset = whole(holder.get("byteOffset", 0), "an offset")
    if offset + stride * (count - 1) + width > view["byteLength"]:
        raise broken("an accessor overruns its view")


def is_index_accessor(accessor: dict[str, Any]) -> bool:
    """Whether the accessor can number the corners of triangles."""
    return accessor.get("type") == "SCALAR" and _is_index(accessor.get("componentType"))


def _is_index(component: Any) -> bool:
    return isinstance(component, int) and component in INDEX_TYPES
