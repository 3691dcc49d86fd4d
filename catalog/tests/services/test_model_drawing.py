"""What pictures of 3D models show: what is nearer, lit from above, and nothing without bounds."""

import io
import json
import math
import struct

import pytest

from accounts.tests.files import glb, packed
from catalog.services import glb_geometry
from catalog.services.glb_geometry import CannotDrawError, patches_of
from catalog.services.model_drawing import drawing_of, placeholder
from catalog.tests.boxes import boxes_document, boxes_glb

pytestmark = pytest.mark.capability("R28")

RED, GREEN, BLUE = (0.8, 0.02, 0.02), (0.02, 0.8, 0.02), (0.02, 0.02, 0.8)


def drawn(data):
    return drawing_of(patches_of(io.BytesIO(data)))


def shown(picture):
    """How many dots are mostly of each colour."""
    counts = {"red": 0, "green": 0, "blue": 0, "paper": 0}
    dots = picture.resize((200, 150)).tobytes()
    for red, green, blue in zip(*[iter(dots)] * 3, strict=True):
        most = max(red, green, blue)
        rest = sorted((red, green, blue))[1]
        if most < 1.5 * rest:
            counts["paper"] += 1
        else:
            counts[("red", "green", "blue")[(red, green, blue).index(most)]] += 1
    return counts


def changed(change, boxes=(((0, 0, 0), (2, 2, 2), RED),)):
    document, content = boxes_document(boxes)
    change(document)
    return packed(json.dumps(document).encode(), content)


def test_what_is_nearer_covers_what_is_behind_in_whatever_order():
    small, large = ((0, 0, 0), (1, 1, 1), GREEN), ((2, 0, 2), (4, 4, 4), RED)

    pictures = [shown(drawn(boxes_glb(order))) for order in ([small, large], [large, small])]

    assert pictures[0] == pictures[1]
    assert pictures[0]["red"] > 5000
    assert pictures[0]["green"] == 0


def test_thin_floors_are_seen_on_wide_ones():
    ground, carpet = ((-9, -1, -9), (20, 1, 20), BLUE), ((0, 0, 0), (2, 0.05, 2), RED)

    counts = shown(drawn(boxes_glb([carpet, ground])))

    assert counts["red"] > 50
    assert counts["blue"] > 5000


def test_tops_are_lighter_than_walls():
    picture = drawn(boxes_glb([((0, 0, 0), (2, 2, 2), (0.8, 0.8, 0.8))])).convert("L")

    top, left, right = (picture.getpixel(place) for place in ((600, 250), (420, 550), (780, 550)))
    assert top > left > right


def test_the_tree_of_nodes_places_what_hangs_in_it():
    def as_a_child(document):
        turned = [0, math.sin(math.pi / 4), 0, math.cos(math.pi / 4)]
        document["nodes"] = [
            {"children": [1], "rotation": turned, "scale": [2, 2, 2]},
            {"mesh": 0, "translation": [1, 0, 0]},
        ]
        document["scenes"] = [{"nodes": [0]}]

    (patch,) = patches_of(io.BytesIO(changed(as_a_child)))

    # A quarter turn about the vertical takes x to -z; then everything doubles.
    lowest = tuple(min(point[axis] for point in patch.points) for axis in range(3))
    highest = tuple(max(point[axis] for point in patch.points) for axis in range(3))
    assert lowest == pytest.approx((0, 0, -4))
    assert highest == pytest.approx((2, 2, -2))


def test_a_matrix_places_as_its_parts_do():
    def by_matrix(document):
        flat = [2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0, 5, 6, 7, 1]
        document["nodes"] = [{"mesh": 0, "matrix": flat}]

    (patch,) = patches_of(io.BytesIO(changed(by_matrix)))

    assert min(patch.points) == (5, 6, 7)
    assert max(patch.points) == (7, 8, 9)


def test_a_mirrored_building_shows_its_outside():
    def mirrored(document):
        document["nodes"][0]["scale"] = [-2, 2, 2]

    assert shown(drawn(changed(mirrored)))["red"] == pytest.approx(
        shown(drawn(changed(lambda document: None)))["red"], rel=0.02
    )


def test_without_scenes_the_nodes_without_parents_are_shown():
    def without(document):
        del document["scenes"], document["scene"]

    assert len(patches_of(io.BytesIO(changed(without)))) == 1


def test_strips_and_fans_are_triangles_too():
    square = [(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0)]

    def of_mode(mode, order):
        content = b"".join(struct.pack("<3f", *square[at]) for at in order)
        document = {
            "asset": {"version": "2.0"},
            "nodes": [{"mesh": 0}],
            "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "mode": mode}]}],
            "accessors": [{"bufferView": 0, "componentType": 5126, "count": 4, "type": "VEC3"}],
            "bufferViews": [{"buffer": 0, "byteLength": len(content)}],
            "buffers": [{"byteLength": len(content)}],
        }
        return packed(json.dumps(document).encode(), content)

    strip = patches_of(io.BytesIO(of_mode(5, (0, 1, 3, 2))))
    fan = patches_of(io.BytesIO(of_mode(6, (0, 1, 2, 3))))

    assert strip[0].corners == [(0, 1, 2), (1, 3, 2)]
    assert fan[0].corners == [(0, 1, 2), (0, 2, 3)]


def test_normalised_whole_numbers_are_read():
    def quantised(document):
        document["accessors"][0] |= {"componentType": 5120, "normalized": True}
        document["bufferViews"][0]["byteStride"] = 12

    (patch,) = patches_of(io.BytesIO(changed(quantised)))

    assert all(-3 < value < 3 for point in patch.points for value in point)


@pytest.mark.parametrize(
    "change",
    [
        lambda document: document.update(nodes=[], scenes=[{"nodes": []}]),
        lambda document: document["accessors"][0].pop("bufferView"),
        lambda document: document["nodes"][0].update(matrix=[1, 2, 3]),
        lambda document: document["nodes"][0].update(scale=["a", 1, 1]),
        lambda document: document["nodes"][0].update(scale=[0, 0, 0]),
        lambda document: document["nodes"][0].update(scale=[1e200, 1e200, 1e200]),
        lambda document: document["accessors"][1].update(count=10**6),
        lambda document: document["accessors"][0].update(count=2),
    ],
    ids=["empty", "zeros", "matrix", "words", "flat", "huge", "overrun", "corners"],
)
def test_what_cannot_be_drawn_is_refused_and_never_breaks(change):
    with pytest.raises(CannotDrawError):
        drawn(changed(change))


def test_more_triangles_than_bearable_are_not_read(monkeypatch):
    monkeypatch.setattr(glb_geometry, "MAX_TRIANGLES", 23)
    box = ((0, 0, 0), (1, 1, 1), RED)

    assert drawn(boxes_glb([box])).size == (1200, 900)
    with pytest.raises(CannotDrawError):
        patches_of(io.BytesIO(boxes_glb([box, box])))


def test_one_mesh_in_many_places_counts_as_often():
    def crowd(document):
        document["nodes"] = [{"mesh": 0} for _ in range(20_000)]
        document["scenes"] = [{"nodes": list(range(20_000))}]

    with pytest.raises(CannotDrawError):
        patches_of(io.BytesIO(changed(crowd)))


def test_drawing_ends_when_its_time_is_over():
    patches = patches_of(io.BytesIO(boxes_glb([((0, 0, 0), (1, 1, 1), RED)])))

    with pytest.raises(CannotDrawError):
        drawing_of(patches, seconds=-1)


def test_the_smallest_model_is_drawn_and_a_cube_stands_for_the_rest():
    assert drawn(glb()).size == placeholder().size == (1200, 900)
