"""What the market promises: products, offers, sales and streams."""

from config.capabilities.table import Vertical, must, should

MARKET = Vertical(
    "Market",
    (
        must(
            "K01",
            "A product has a title, a price, one of twelve categories, a condition and a feed.",
        ),
        must(
            "K02",
            "There are two feeds: discover for everybody nearby, community for the verified "
            "residents of a building.",
        ),
        must(
            "K03",
            "Products are found within a radius of up to 50 km, with a rounded distance, sorted by "
            "distance, age or price.",
        ),
        must(
            "K04",
            "A stranger never learns a place more exactly than its public cell; the buyer gets the "
            "meeting point after the deal.",
        ),
        must("K05", "Products have photographs, a film with its picture, and tags."),
        must("K06", "A like counts once per person, a view once per person and day."),
        must(
            "K07",
            "A product is active, reserved, then sold; a sold one keeps its page and leaves lists.",
        ),
        must(
            "K08",
            "An offer is pending until it is accepted, declined, countered, withdrawn or expired.",
        ),
        must(
            "K09",
            "A counter-offer is a new offer by the other side; one is open per product and pair, "
            "bids only rise, asks only fall, and after ten moves it is over.",
        ),
        must(
            "K10",
            "Accepting reserves the product for hours and declines nobody else before it is paid; "
            "when that lapses, the product is free again.",
        ),
        must("K11", "Of two who accept or pay at once, one wins."),
        should(
            "K12",
            "A seller's secret thresholds decline low offers and accept high ones at once.",
        ),
        must(
            "K13",
            "The fee is shown before anybody pays: by feed, rounded by a fixed rule.",
        ),
        must(
            "K14",
            "A sale knows its amount, fee, payout, state and what the gateway calls it.",
        ),
        must(
            "K15",
            "Sales are paid through the same gateways as homes; messages are signed and applied "
            "once.",
        ),
        should(
            "K16",
            "Money is held until the handover is confirmed by a code, or released after days.",
        ),
        should("K17", "A dispute freezes the money: neither released nor refunded meanwhile."),
        should("K18", "A refund gives the fee back in proportion, by a written rule."),
        must("K19", "A stream is scheduled, live or ended, live or recorded."),
        must(
            "K20",
            "A stream's key is shown once, kept as a hash, rotated at will, and asked for by the "
            "media server.",
        ),
        should(
            "K21",
            "Some keep one key; a lost connection does not end the show for a minute; replays have "
            "a privacy of their own.",
        ),
        must("K22", "Products and units are pinned at a place and a time, and bought from there."),
        must("K23", "Heartbeats tell how many watch now, and how many have watched at all."),
        should("K24", "A stream for a building is refused to others, its playlist included."),
        should("K36", "Feeds say why each product stands where it does."),
        must(
            "K38",
            "Products are searched by words with weights, with forgiven typing errors and all "
            "filters.",
        ),
        should("K39", "A map shows clusters of products for a box and a zoom."),
        should(
            "K40",
            "A seller gets a statement by month: sales, fees, refunds and payouts, also as CSV.",
        ),
    ),
)
