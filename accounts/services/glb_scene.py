"""What a 3D model shows: meshes, pictures, nodes, skins and animations."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any, BinaryIO

from accounts.services.glb_buffers import is_index_accessor
from accounts.services.glb_parts import Parts, broken, objects, too_large, whole, wholes
from accounts.services.sniff import content_type_of

PICTURES = frozenset({"image/jpeg", "image/png", "image/webp"})
KTX2 = b"\xabKTX 20\xbb"
TRIANGLES = 4
MAX_VERTICES = 5_000_000
TEXTURE_DEPTH = 6


def check_meshes(parts: Parts) -> tuple[int, int]:
    """The number of vertices and of triangles."""
    vertices = triangles = 0
    for mesh in parts["meshes"]:
        primitives = objects(mesh.get("primitives"), "primitives")
        if not primitives:
            raise broken("a mesh is empty")
        for primitive in primitives:
            points, sides = _check_primitive(parts, primitive)
            vertices, triangles = vertices + points, triangles + sides
    if max(vertices, triangles) > MAX_VERTICES:
        raise too_large(f"it has more than {MAX_VERTICES:,} vertices or triangles")
    return vertices, triangles


def _check_primitive(parts: Parts, primitive: dict[str, Any]) -> tuple[int, int]:
    attributes = primitive.get("attributes")
    if not isinstance(attributes, dict) or not attributes:
        raise broken("a mesh has no attributes")
    counts = {parts.at(value, "accessors")["count"] for value in attributes.values()}
    if len(counts) > 1:
        raise broken("the attributes of a mesh differ in number")
    parts.follow(primitive, "material", "materials")
    for target in objects(primitive.get("targets", []), "targets"):
        for value in target.values():
            parts.at(value, "accessors")
    points: int = counts.pop()
    indices = parts.follow(primitive, "indices", "accessors")
    if indices is not None and not is_index_accessor(indices):
        raise broken("the corners of a mesh are not numbered")
    corners: int = points if indices is None else indices["count"]
    return points, corners // 3 if primitive.get("mode", TRIANGLES) == TRIANGLES else 0


def check_pictures(parts: Parts, content: BinaryIO, *, start: int) -> None:
    """Refuse materials without their textures, and pictures that are none."""
    for texture in parts["textures"]:
        parts.follow(texture, "source", "images")
        parts.follow(texture, "sampler", "samplers")
    for material in parts["materials"]:
        for info in _texture_infos(material, TEXTURE_DEPTH):
            parts.at(info.get("index"), "textures")
    for image in parts["images"]:
        view = parts.follow(image, "bufferView", "bufferViews")
        if view is None:
            raise broken("a picture has no content")
        content.seek(start + view.get("byteOffset", 0))
        head = content.read(min(64, view["byteLength"]))
        if content_type_of(BytesIO(head)) not in PICTURES and not head.startswith(KTX2):
            raise broken("it contains a picture of an unknown kind")


def _texture_infos(value: dict[str, Any], depth: int) -> Iterator[dict[str, Any]]:
    """The members of a material, its extensions included, whose names end in ``Texture``."""
    if depth == 0:
        return
    for name, item in value.items():
        if not isinstance(item, dict):
            continue
        if name.endswith("Texture"):
            yield item
        yield from _texture_infos(item, depth - 1)


def check_nodes(parts: Parts) -> None:
    """Refuse nodes that refer to nothing, have two parents or go round in a circle."""
    nodes = parts["nodes"]
    parents: dict[int, int] = {}
    for number, node in enumerate(nodes):
        for key, name in (("mesh", "meshes"), ("skin", "skins"), ("camera", "cameras")):
            parts.follow(node, key, name)
        for child in wholes(node.get("children", []), "children"):
            parts.at(child, "nodes")
            if child in parents:
                raise broken("a node has two parents")
            parents[child] = number
    _refuse_circles(parents, len(nodes))
    for scene in parts["scenes"]:
        for root in wholes(scene.get("nodes", []), "roots"):
            parts.at(root, "nodes")
    parts.follow(parts.document, "scene", "scenes")


def _refuse_circles(parents: dict[int, int], count: int) -> None:
    rooted: set[int] = set()
    for start in range(count):
        way: list[int] = []
        seen: set[int] = set()
        place: int | None = start
        while place is not None and place not in rooted:
            if place in seen:
                raise broken("its nodes go round in a circle")
            seen.add(place)
            way.append(place)
            place = parents.get(place)
        rooted.update(way)


def check_movements(parts: Parts) -> None:
    """Refuse skins and animations that move what is not there."""
    for skin in parts["skins"]:
        parts.follow(skin, "inverseBindMatrices", "accessors")
        parts.follow(skin, "skeleton", "nodes")
        for joint in wholes(skin.get("joints"), "joints"):
            parts.at(joint, "nodes")
    for animation in parts["animations"]:
        samplers = objects(animation.get("samplers"), "samplers")
        for sampler in samplers:
            parts.at(sampler.get("input"), "accessors")
            parts.at(sampler.get("output"), "accessors")
        for channel in objects(animation.get("channels"), "channels"):
            if whole(channel.get("sampler"), "a sampler") >= len(samplers):
                raise broken("an animation refers to samplers that are not there")
            target = channel.get("target")
            if not isinstance(target, dict):
                raise broken("an animation moves nothing")
            parts.follow(target, "node", "nodes")
