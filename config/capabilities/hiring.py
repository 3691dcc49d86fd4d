"""Work: what people say about theirs."""

from config.capabilities.table import Vertical, must, should

HIRING = Vertical(
    "Work",
    (
        must(
            "J02",
            "A person has one profile: headline, location and links; the roles, places and pay "
            "they look for; summary, skills, education and experience.",
        ),
        must("J03", "A person reads and replaces their profile under `/api/v1/profile/`."),
        must(
            "J04",
            "The parts that are JSON follow a published schema: unknown keys are kept, wrong "
            "types are refused.",
        ),
        should(
            "J05",
            "A profile goes out and comes in as JSON Resume without losing any field that both "
            "sides have.",
        ),
    ),
)
