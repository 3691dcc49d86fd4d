"""3D models in binary glTF 2.0: nothing in them points outside, and every index leads somewhere.

The container is that of https://registry.khronos.org/glTF/specs/2.0/glTF-2.0.html, section 4.4.
"""

import json
import struct
from typing import Any, BinaryIO

from accounts.services.glb_buffers import check_buffers
from accounts.services.glb_parts import Parts, broken
from accounts.services.glb_scene import check_meshes, check_movements, check_nodes, check_pictures
from accounts.services.sniff import FileFaultError

HEADER_BYTES = 12
MAX_JSON_BYTES = 1024 * 1024
MAX_DEPTH = 32
JSON_CHUNK, BINARY_CHUNK = 0x4E4F534A, 0x004E4942
# What a model may need of a viewer; anything else could fetch or run something.
EXTENSIONS = frozenset(
    {
        "EXT_mesh_gpu_instancing",
        "EXT_texture_webp",
        "KHR_lights_punctual",
        "KHR_materials_clearcoat",
        "KHR_materials_emissive_strength",
        "KHR_materials_ior",
        "KHR_materials_sheen",
        "KHR_materials_specular",
        "KHR_materials_transmission",
        "KHR_materials_unlit",
        "KHR_materials_variants",
        "KHR_materials_volume",
        "KHR_mesh_quantization",
        "KHR_texture_basisu",
        "KHR_texture_transform",
    }
)


def check_glb(content: BinaryIO, *, size: int) -> dict[str, int]:
    """What a model consists of: nodes, meshes, materials, textures, vertices and triangles.

    Raises ``FileFaultError`` with the code ``glb_broken``, ``glb_external`` (it points outside of
    itself), ``glb_extension`` or ``glb_too_large``.
    """
    document, start, length = _chunks(content, size)
    _refuse_links(document, depth=0)
    _check_asset(document)
    parts = Parts(document)
    check_buffers(parts, chunk_length=length)
    vertices, triangles = check_meshes(parts)
    check_pictures(parts, content, start=start)
    check_nodes(parts)
    check_movements(parts)
    content.seek(0)
    figures = {name: len(parts[name]) for name in ("nodes", "meshes", "materials", "textures")}
    return {**figures, "vertices": vertices, "triangles": triangles}


def _chunks(content: BinaryIO, size: int) -> tuple[dict[str, Any], int, int]:
    """The document, and where the binary chunk begins and how long it is."""
    content.seek(0)
    head = content.read(HEADER_BYTES)
    if len(head) < HEADER_BYTES:
        raise broken("it is too short")
    magic, version, length = struct.unpack("<4sII", head)
    if magic != b"glTF" or version != 2 or length != size:
        raise broken("its header does not fit its length")
    kind, json_start, json_length = _chunk(content, HEADER_BYTES, size)
    if kind != JSON_CHUNK or json_length > MAX_JSON_BYTES:
        raise broken("its description is missing, or larger than 1 MB")
    content.seek(json_start)
    document = _document(content.read(json_length))
    end = json_start + json_length
    if end == size:
        return document, size, 0
    kind, start, binary_length = _chunk(content, end, size)
    if kind != BINARY_CHUNK or start + binary_length != size:
        raise broken("it has a part that does not belong there")
    return document, start, binary_length


def _chunk(content: BinaryIO, place: int, size: int) -> tuple[int, int, int]:
    """The kind of a chunk, where its content begins, and how long that is."""
    content.seek(place)
    head = content.read(8)
    if len(head) < 8:
        raise broken("it ends too early")
    length, kind = struct.unpack("<II", head)
    if length % 4 or place + 8 + length > size:
        raise broken("a part of it overruns")
    return kind, place + 8, length


def _document(data: bytes) -> dict[str, Any]:
    try:
        document = json.loads(data.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise broken("its description is not JSON") from None
    if not isinstance(document, dict):
        raise broken("its description is no object")
    return document


def _no_constant(name: str) -> float:
    raise ValueError(name)


def _refuse_links(value: Any, *, depth: int) -> None:
    """Nothing in a model may name an address: no buffer, no picture, no extension."""
    if depth > MAX_DEPTH:
        raise broken("its description is nested too deeply")
    if isinstance(value, dict):
        if "uri" in value:
            raise FileFaultError("glb_external", "This 3D model points to something outside of it.")
        for item in value.values():
            _refuse_links(item, depth=depth + 1)
    elif isinstance(value, list):
        for item in value:
            _refuse_links(item, depth=depth + 1)


def _check_asset(document: dict[str, Any]) -> None:
    asset = document.get("asset")
    version = asset.get("version") if isinstance(asset, dict) else None
    if not isinstance(version, str) or not version.startswith("2."):
        raise broken("it is not glTF 2")
    required = document.get("extensionsRequired", [])
    if not isinstance(required, list) or not all(isinstance(name, str) for name in required):
        raise broken("what it requires is no list")
    if unknown := sorted(set(required) - EXTENSIONS):
        raise FileFaultError(
            "glb_extension", f"This 3D model needs {unknown[0][:60]}, which is not taken."
        )
