"""A sofa finds another home: the market journey against a running Courtyard.

    python manage.py demo                      # in one terminal
    python docs/journeys/market.py             # in another

A seller lists a sofa for her neighbours and a lamp for everybody nearby. A neighbour chats with
her live, they bargain, he pays, the money is held, they meet in the lobby, and his code releases
it. A second sale ends in a dispute that the staff decide; a show is announced with things pinned
in it; a message is reported. Each step says what it does, and stops the journey if the answer is
not what a person would expect.
"""

import argparse
from pathlib import Path
from typing import Any
from uuid import uuid4

from identity import DEMO_PASSWORD, say
from luggage import Person, check
from socket_of import Listener, listening

DOMAIN = "demo.courtyard.example"
LOBBY = {"lat": 25.07871, "lng": 55.14032}
NEARBY = "lat=25.09&lng=55.15&radius=5"


def list_things(seller: Person, neighbour: Person, stranger: Person) -> dict[str, Any]:
    """A sofa for the house alone, and a lamp for everybody, each with photographs."""
    house = seller.ask("GET", "buildings/?search=Pearl%20House")["results"][0]["id"]
    pictures = [seller.photograph("listing", f"The sofa, view {view}") for view in (1, 2)]
    sofa = {"title": "Velvet sofa, green", "price": "800.00", "category": "furniture"}
    sofa |= {"condition": "good", "feed_type": "community", "building": house}
    more = {"images": pictures, "meeting_note": "Lobby, by the post boxes", **LOBBY}
    made = seller.ask("POST", "products/", {**sofa, **more, "is_published": True}, expect=201)
    lamp = {"title": "Brass floor lamp", "price": "120.00", "category": "home_decor"}
    lamp |= {"condition": "like_new", "is_published": True, **LOBBY}
    shown = seller.ask("POST", "products/", lamp, expect=201)
    feed = neighbour.ask("GET", f"products/?feed=community&building={house}")["results"]
    check(made["id"] in {one["id"] for one in feed}, "The neighbour does not see the sofa.")
    stranger.ask("GET", f"products/{made['id']}/", expect=404)
    near = stranger.ask("GET", f"products/?{NEARBY}&ordering=distance&search=bras%20lamp")
    found = next(one for one in near["results"] if one["id"] == shown["id"])
    check(found["distance_m"] % 100 == 0, f"{found['distance_m']} is too exact.")
    page = stranger.ask("GET", f"products/{shown['id']}/")
    check(page["lat"] is None and page["cell_lat"] != LOBBY["lat"], "The place is too exact.")
    say(
        "A sofa is for sale in Pearl House, seen by neighbours alone; a lamp, found in spite of a"
        f" typing error, for others about {found['distance_m']} metres away."
    )
    return {"sofa": made["id"], "lamp": shown["id"], "house": house}


def talk(seller: Person, buyer: Person, product: str, ear: Listener) -> str:
    """The buyer writes; the seller hears it at once; both agree on what was read."""
    about = {"kind": "product", "product": product}
    opened = buyer.ask("POST", "conversations/", about)["id"]
    path = f"conversations/{opened}/messages/"
    words = {"content": "Does it fit through a narrow door?", "client_id": uuid4().hex}
    first = buyer.ask("POST", path, words, expect=201)
    again = buyer.http.post(
        path, json=words, headers={"Authorization": f"Bearer {buyer.tokens['access_token']}"}
    ).json()
    check(first["id"] == again["id"], "Sent twice, it became two messages.")
    heard = ear.hear("message.created")
    check(heard["message"] == first["id"], "Something else was heard.")
    waiting = seller.ask("GET", "conversations/unread/")
    check(waiting["messages"] >= 1, "Nothing waits for the seller.")
    seller.ask("POST", path, {"content": "The legs come off, then it does."}, expect=201)
    seller.ask("POST", f"conversations/{opened}/read/", {"seq": heard["seq"]})
    sent = buyer.ask("GET", f"messages/{first['id']}/")
    check(sent["is_read"], "It was read, and nobody says so.")
    say("They talk: a message sent twice is one, heard at once, and known to be read.")
    return str(opened)


def bargain(seller: Person, buyer: Person, rival: Person, product: str) -> dict[str, Any]:
    """Two bids, an ask between them, and a reservation that nobody else can have."""
    offer = buyer.post("offers/", {"product": product, "price": "600.00"}, expect=201)
    answer = seller.post(f"offers/{offer['id']}/counter/", {"price": "700.00"}, expect=201)
    buyer.post(f"offers/{answer['id']}/counter/", {"price": "550.00"}, expect=400)
    other = rival.post("offers/", {"product": product, "price": "690.00"}, expect=201)
    buyer.post(f"offers/{answer['id']}/accept/")
    lost = seller.post(f"offers/{other['id']}/accept/", expect=409)
    check(lost["code"] == "already_claimed", f"{lost}")
    sale = buyer.ask("GET", f"transactions/?role=buyer&product={product}")["results"][0]
    say(
        f"They agree on {sale['amount']} {sale['currency']}; {sale['reference']} keeps it for the"
        " buyer, and the other bid waits in vain."
    )
    return dict(sale)


def pay_and_meet(seller: Person, buyer: Person, sale: dict[str, Any]) -> None:
    """The fee is shown first; the money is held; a code in the lobby releases it."""
    body = {"purpose": "sale", "product": sale["product"]["id"]}
    terms = buyer.ask("POST", "payments/fees/", {**body, "amount": sale["amount"]})
    check(terms["platform_fee"] == "0.00", f"Neighbours pay no fee: {terms}")
    path = f"transactions/{sale['id']}"
    begun = buyer.post(f"{path}/pay/")
    buyer.post(f"payments/{begun['payment']}/simulate/", {"outcome": "succeed"})
    paid = buyer.ask("GET", f"{path}/")
    check((paid["status"], paid["release_state"]) == ("completed", "held"), f"{paid}")
    check(paid["meeting_point"]["note"] == "Lobby, by the post boxes", "Where do they meet?")
    code = buyer.post(f"{path}/handover-code/", expect=201)["code"]
    wrong = "000000" if code != "000000" else "111111"
    seller.post(f"{path}/handover/", {"code": wrong}, expect=400)
    done = seller.post(f"{path}/handover/", {"code": code})
    check(done["release_state"] == "released", f"{done['release_state']}")
    for person, stars in ((buyer, 5), (seller, 4)):
        review = {"transaction": sale["id"], "rating": stars, "text": "Gladly again."}
        person.post("reviews/", review, expect=201)
    say("The money is held until the lobby, where his code releases it; both review each other.")


def disagree(seller: Person, buyer: Person, finance: Person, product: str) -> None:
    """Bought at its price, found broken: the money freezes until the staff have decided."""
    sale = buyer.post("transactions/", {"product": product}, expect=201)
    path = f"transactions/{sale['id']}"
    buyer.post(f"payments/{sale['payment']}/simulate/", {"outcome": "succeed"})
    buyer.post(f"{path}/dispute/", {"reason": "The switch does nothing."})
    frozen = seller.post(f"{path}/refund/", {"reason": "goodwill"}, expect=409)
    decision = {"outcome": "split", "refund_amount": "60.00", "note": "A new switch costs 60."}
    finance.post(f"{path}/decide-dispute/", decision)
    settled = buyer.ask("GET", f"{path}/")
    check(settled["release_state"] == "released", f"{settled}")
    month = settled["created_at"][:7].split("-")
    table = seller.ask("GET", f"transactions/statement/?year={month[0]}&month={int(month[1])}")
    check(bool(table), "There is no statement.")
    say(
        f"A broken lamp: while it is disputed nothing moves ({frozen['code']}); the staff give"
        " half of it back and release the rest."
    )


def go_on_air(seller: Person, viewer: Person, things: dict[str, Any]) -> None:
    """A show is announced with a thing pinned in it; somebody waits for it."""
    show = {"title": "Clearing out, live", "category": "furniture", "visibility": "building"}
    show |= {"replay_visibility": "nobody", "building": things["house"]}
    made = seller.ask("POST", "streams/", show, expect=201)
    rug = {"title": "Small rug", "price": "60.00", "category": "home_decor", "condition": "good"}
    rug |= {"feed_type": "community", "building": things["house"], "is_published": True}
    product = seller.ask("POST", "products/", rug, expect=201)["id"]
    place = {"product": product, "x": 0.4, "y": 0.6}
    seller.ask("POST", f"streams/{made['id']}/pins/", place, expect=201)
    seen = viewer.ask("GET", f"streams/{made['id']}/")
    check("stream_key" not in seen and "key" not in str(seen["hls_url"]), "A key is shown.")
    answer = seller.http.post(
        f"streams/{made['id']}/go-live/",
        headers={"Authorization": f"Bearer {seller.tokens['access_token']}"},
    )
    live = answer.status_code == 200
    check(live or answer.json()["code"] == "live_video_off", answer.text[:300])
    if not live:
        seller.ask("POST", f"streams/{made['id']}/cancel/")
    state = "is on air" if live else "is announced (this site has no media server)"
    say(f"A show for Pearl House with a rug pinned in it {state}.")


def report(victim: Person, rude: Person) -> None:
    """Somebody gets a message that they should not get, and says so."""
    other = victim.ask("GET", "auth/me/")["id"]
    talk = rude.ask("POST", "conversations/", {"kind": "direct", "user": other})["id"]
    path = f"conversations/{talk}/messages/"
    said = rude.ask(
        "POST", path, {"content": "Send the money first, to +971 50 123 4567."}, expect=201
    )
    about = {"target_type": "message", "target_id": said["id"], "reason": "scam"}
    made = victim.ask("POST", "reports/", about, expect=201)
    victim.ask("POST", "reports/", about, expect=409)
    check(made["status"] == "open", f"{made}")
    say("A message that asks for money is reported, once.")


def travel(base: str, outbox: Path) -> None:
    """The whole journey."""
    people = [Person(base, outbox) for _ in range(5)]
    names = ("layla", "arjun", "meera", "lucas", "finance")
    for person, name in zip(people, names, strict=True):
        person.sign_in(f"{name}@{DOMAIN}", DEMO_PASSWORD)
    seller, buyer, rival, stranger, finance = people
    things = list_things(seller, buyer, stranger)
    with listening(seller) as ear:
        ear.frame()
        talk(seller, buyer, things["sofa"], ear)
        position = ear.position
    sale = bargain(seller, buyer, rival, things["sofa"])
    with listening(seller, position=position) as ear:
        ear.hear("offer.changed")
    told = seller.ask("GET", f"realtime/events/?position={position}")["results"]
    check(any(one["event"] == "offer.changed" for one in told), "Polling tells less.")
    say("What happened while the seller was away is told when she comes back, and by asking.")
    pay_and_meet(seller, buyer, sale)
    disagree(seller, stranger, finance, things["lamp"])
    go_on_air(seller, buyer, things)
    report(buyer, rival)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--base", default="http://127.0.0.1:8000")
    parser.add_argument("--outbox", type=Path, default=Path(".data/outbox"))
    options = parser.parse_args()
    travel(options.base.rstrip("/"), options.outbox)


if __name__ == "__main__":
    main()
