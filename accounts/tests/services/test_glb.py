"""3D models: sound ones pass, and whatever points outside or nowhere does not."""

import io
import json
from collections.abc import Callable
from typing import Any

import pytest

from accounts.services.glb import check_glb
from accounts.services.sniff import FileFaultError
from accounts.tests.files import glb, packed, triangle

Change = Callable[[dict[str, Any]], None]


def figures(data: bytes) -> dict[str, int]:
    return check_glb(io.BytesIO(data), size=len(data))


def fault_of(data: bytes) -> str:
    with pytest.raises(FileFaultError) as fault:
        figures(data)
    return fault.value.code


def put(*path: Any, value: Any) -> Change:
    """A change that writes ``value`` at ``path``."""

    def change(document: dict[str, Any]) -> None:
        place: Any = document
        for step in path[:-1]:
            place = place[step]
        if path[-1] == "+":
            place.append(value)
        else:
            place[path[-1]] = value

    return change


def test_a_sound_model_is_counted() -> None:
    assert figures(glb()) == {
        "nodes": 2,
        "meshes": 1,
        "materials": 1,
        "textures": 1,
        "vertices": 3,
        "triangles": 1,
    }


def test_a_model_without_a_buffer_is_sound() -> None:
    assert figures(packed(b'{"asset":{"version":"2.1"}}', b""))["vertices"] == 0


def test_animations_skins_and_targets_are_followed() -> None:
    def change(document: dict[str, Any]) -> None:
        document["skins"] = [{"joints": [0, 1], "skeleton": 0}]
        document["meshes"][0]["primitives"][0]["targets"] = [{"POSITION": 0}]
        document["animations"] = [
            {
                "samplers": [{"input": 1, "output": 0}],
                "channels": [{"sampler": 0, "target": {"node": 1, "path": "translation"}}],
            }
        ]

    assert figures(glb(change))["nodes"] == 2


def test_a_sparse_accessor_that_fits_is_sound() -> None:
    sparse = {
        "count": 1,
        "indices": {"bufferView": 1, "componentType": 5123},
        "values": {"bufferView": 0},
    }

    assert figures(glb(put("accessors", 0, "sparse", value=sparse)))["vertices"] == 3


@pytest.mark.parametrize(
    "change",
    [
        put("buffers", 0, "uri", value="http://example.com/model.bin"),
        put("buffers", 0, "uri", value="file:///etc/passwd"),
        put("buffers", 0, "uri", value="../../etc/passwd"),
        put("images", 0, "uri", value="data:image/svg+xml,<svg/>"),
        put("images", 0, value={"uri": "https://example.com/pixel.png"}),
        put("extensions", value={"VENDOR_thing": {"deep": [{"uri": "//example.com"}]}}),
    ],
)
def test_a_model_that_points_outside_is_refused(change: Change) -> None:
    assert fault_of(glb(change)) == "glb_external"


@pytest.mark.parametrize(
    "change",
    [
        put("asset", value={"version": "1.0"}),
        put("asset", value={}),
        put("scene", value=1),
        put("scenes", 0, "nodes", value=[7]),
        put("nodes", 0, "mesh", value=3),
        put("nodes", 0, "mesh", value=-1),
        put("nodes", 0, "mesh", value=True),
        put("nodes", 0, "mesh", value=0.0),
        put("nodes", 0, "children", value=[9]),
        put("nodes", 0, "children", value="1"),
        put("nodes", 1, "children", value=[0]),
        put("nodes", 0, "children", value=[0]),
        put("nodes", 0, "children", value=[1, 1]),
        put("nodes", value={"0": {}}),
        put("nodes", value=[1]),
        put("meshes", 0, "primitives", value=[]),
        put("meshes", 0, "primitives", 0, "attributes", value={}),
        put("meshes", 0, "primitives", 0, "attributes", "NORMAL", value=5),
        put("meshes", 0, "primitives", 0, "indices", value=0),
        put("meshes", 0, "primitives", 0, "material", value=4),
        put("meshes", 0, "primitives", 0, "targets", value=[{"POSITION": 8}]),
        put("materials", 0, "pbrMetallicRoughness", "baseColorTexture", "index", value=2),
        put("materials", 0, "extensions", value={"X": {"sheenColorTexture": {"index": 9}}}),
        put("textures", 0, "source", value=1),
        put("images", 0, "bufferView", value=0),
        put("images", 0, value={"mimeType": "image/png"}),
        put("accessors", 0, "count", value=4),
        put("accessors", 0, "count", value=0),
        put("accessors", 0, "count", value=1_000_000),
        put("accessors", 0, "byteOffset", value=4),
        put("accessors", 0, "type", value="VEC5"),
        put("accessors", 0, "componentType", value=1),
        put("accessors", 0, "bufferView", value=9),
        put("accessors", 0, "sparse", value={"count": 9}),
        put("accessors", 0, "sparse", value=[]),
        put("bufferViews", 0, "byteLength", value=10_000),
        put("bufferViews", 0, "byteOffset", value=2**60),
        put("bufferViews", 0, "byteStride", value=2),
        put("bufferViews", 0, "buffer", value=1),
        put("buffers", 0, "byteLength", value=1_000_000),
        put("buffers", 0, "byteLength", value=4),
        put("buffers", "+", value={"byteLength": 4}),
        put("skins", value=[{"joints": [5]}]),
        put("skins", value=[{}]),
        put("animations", value=[{"samplers": [], "channels": [{"sampler": 0, "target": {}}]}]),
        put("animations", value=[{"samplers": [{"input": 9, "output": 0}], "channels": []}]),
        put("extensionsRequired", value="KHR_mesh_quantization"),
    ],
)
def test_a_model_whose_parts_do_not_fit_is_refused(change: Change) -> None:
    assert fault_of(glb(change)) == "glb_broken"


def test_an_extension_that_nobody_knows_is_refused() -> None:
    assert fault_of(glb(put("extensionsRequired", value=["VENDOR_run_script"]))) == "glb_extension"
    assert figures(glb(put("extensionsRequired", value=["KHR_mesh_quantization"])))


def test_a_model_of_a_thousand_million_vertices_is_refused() -> None:
    change = put("accessors", 0, value={"componentType": 5126, "count": 10**9, "type": "VEC3"})

    assert fault_of(glb(change)) == "glb_too_large"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"glTF",
        glb()[:-4],
        glb() + b"\x00\x00\x00\x00",
        packed(b"{}", b"", version=1),
        packed(b"{}", b"", length=4),
        packed(b"not json", b""),
        packed(b"[1]", b""),
        packed(b'{"asset":{"version":"2.0"},"x":NaN}', b""),
        packed(b"[" * 100_000, b""),
        packed(b'{"asset":{"version":"2.0"},"a":' + b'{"a":' * 40 + b"1" + b"}" * 41, b""),
        packed(b'{"asset":{"version":"2.0"}}' + b" " * 1024 * 1024, b""),
    ],
    ids=[
        "empty",
        "header",
        "cut",
        "longer",
        "version",
        "length",
        "text",
        "list",
        "nan",
        "brackets",
        "deep",
        "large",
    ],
)
def test_a_container_that_lies_is_refused(data: bytes) -> None:
    assert fault_of(data) == "glb_broken"


def test_a_long_chain_of_nodes_is_checked_quickly() -> None:
    document, buffer = triangle()
    document["nodes"] = [{"children": [number + 1]} for number in range(20_000)] + [{"mesh": 0}]

    data = packed(json.dumps(document, separators=(",", ":")).encode(), buffer)

    assert figures(data)["nodes"] == 20_001


def test_the_place_in_the_file_is_left_at_its_beginning() -> None:
    content = io.BytesIO(glb())

    check_glb(content, size=len(glb()))

    assert content.tell() == 0
