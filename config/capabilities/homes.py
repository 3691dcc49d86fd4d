"""What homes promise, from the first look at a development to the keys."""

from config.capabilities.table import Vertical, must, should

HOMES = Vertical(
    "Homes",
    (
        must(
            "R01",
            "Builders have a page and a company, customers a profile and preferences.",
        ),
        must(
            "R02",
            "Developments are listed with filters and pages, read by everybody, and written by "
            "their builder alone.",
        ),
        must(
            "R03",
            "Units belong to a development, are made by its builder, and are filtered by floor, "
            "bedrooms, price and status.",
        ),
        should(
            "R04",
            "Hundreds of units are made at once from blocks, floors and types, dearer by floor.",
        ),
        should("R05", "One call returns the stacking plan with the status of every unit now."),
        must(
            "R06",
            "At most one claim to a unit is live, by the database's own word; whoever comes second "
            "gets a 409 that says how things stand and when the unit may be free.",
        ),
        must(
            "R07",
            "A hold lasts as long as the development says, ends without any job, and shows its end "
            "and the server's time.",
        ),
        should("R08", "A hold is extended or released; extensions are capped in all."),
        must(
            "R09",
            "Price, plan and terms are frozen when the unit is held; later changes leave them be.",
        ),
        should("R10", "One buyer holds at most so many units of a development at a time."),
        must(
            "R11",
            "Customers book; their bookings are listed for them, for the builder and for staff.",
        ),
        must(
            "R12",
            "Bookings go from held to completed, or are cancelled, expire or are transferred, and "
            "the unit's status follows.",
        ),
        must(
            "R13",
            "A payment plan of amounts and per cents adds up to the price to the last minor unit.",
        ),
        should(
            "R14",
            "An instalment may wait for a phase of construction: completing that makes it due, "
            "with the evidence, and sends the notice.",
        ),
        should(
            "R15",
            "After its days of grace an instalment is overdue; a late fee is fixed or per cent, "
            "once or per period, capped, and shown before it is charged.",
        ),
        must(
            "R16",
            "Payments have a method, a reference and a receipt, may be partial and are made once "
            "however often they are sent; the ledger is never edited, only reversed.",
        ),
        must(
            "R17",
            "Money that comes too late revives the booking while the unit is free, and is given "
            "back otherwise.",
        ),
        should(
            "R18",
            "Cancelling keeps what the policy says for the stage; the refund is computed, and "
            "above a limit a second person approves it.",
        ),
        should(
            "R19",
            "A booking passes to another buyer with its instalments and papers; its history keeps "
            "both.",
        ),
        should(
            "R20",
            "People wait for a unit; when it frees, the first is offered it for some hours.",
        ),
        must(
            "R21",
            "Visits and meetings are asked for, listed, confirmed, moved, cancelled, or missed.",
        ),
        must(
            "R22",
            "Two appointments of one host never overlap, even when both are confirmed at once.",
        ),
        should(
            "R23",
            "Hosts say when they receive, by the clock on their wall, with lead time and buffer; "
            "free slots are listed.",
        ),
        must(
            "R24",
            "Phases have planned and actual dates, a weight and per cents; the development's is "
            "their weighted mean, those not begun included.",
        ),
        should(
            "R25",
            "Per cents never pass 100, and never go back without a written correction.",
        ),
        must(
            "R26",
            "Updates are drafted and published with phase and photographs; followers and buyers "
            "are told once.",
        ),
        must(
            "R27",
            "A change is asked for, reviewed, quoted, approved into an instalment and carried out, "
            "unless its phase has begun.",
        ),
        must(
            "R28",
            "Developments and units have 3D models with format, size, preview, version and order.",
        ),
        must(
            "R32",
            "Errors are uniform, pages say how long lists are, and what has a history is deleted "
            "softly.",
        ),
        must(
            "R35",
            "Files are checked for size, type and pixels, private by default, and served by signed "
            "links.",
        ),
        should(
            "R37",
            "The handover makes the buyer a verified resident and a member of the society.",
        ),
        must(
            "R38",
            "One call of constant cost sums a development up: units by status, value sold, "
            "collected, due and overdue, per cent built.",
        ),
        must(
            "R39",
            "Developments are found within a radius or a box of the map, as a list or as GeoJSON.",
        ),
        should(
            "R40",
            "Units are imported from a file, by command or in the back office, after a preview, "
            "with errors by line, all or nothing.",
        ),
        must(
            "R41",
            "Bookings, instalments and payments are taken away as CSV or XLSX: one's own alone, "
            "streamed, without formulae.",
        ),
    ),
)
