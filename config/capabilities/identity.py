"""Who people are, how they prove it, and who vouches for them."""

from config.capabilities.table import Vertical, must, should

IDENTITY = Vertical(
    "Identity",
    (
        must(
            "A01",
            "A person signs in with a phone number, kept in E.164 and belonging to one account; an "
            "e-mail address is optional and belongs to one account too.",
        ),
        must(
            "A02",
            "A person may be contractor, society and admin at once, and is served as "
            "`is_contractor`, `is_society` and `is_admin`.",
        ),
        must(
            "A03",
            "Accounts are pending, active, inactive or suspended; whoever is suspended is refused "
            "at their next call, whatever token they hold.",
        ),
        must("A04", "A profile has a name, a picture, a description and a postal address."),
        must(
            "A05",
            "An account shows whether its phone is verified and whether it is active, and when it "
            "was made, changed and last signed in to.",
        ),
        must(
            "A06",
            "A code has six digits and a purpose (sign-in, registration, verification), and knows "
            "when it was sent, when it ends, whether it is used, expired or still good.",
        ),
        must(
            "A07",
            "Only a keyed hash of a code is kept; a code works once, for one purpose and one "
            "address, for five minutes unless set otherwise, and never for more than ten.",
        ),
        must("A08", "Three wrong tries end a code; the right digits no longer help."),
        must(
            "A09",
            "Codes to one address are sent a minute apart, three an hour, ten a day; networks, "
            "ranges of numbers and the whole site have budgets as well.",
        ),
        must("A10", "Known and unknown numbers get the same answer in the same time."),
        must(
            "A11",
            "People register, sign in, verify a code, read themselves and change their profile "
            "under `/api/v1/auth/` and `/api/v1/users/`.",
        ),
        must(
            "A12",
            "The shapes that older clients know (UserCreate, UserLogin, UserResponse, UserUpdate, "
            "OTPRequest, OTPVerify, OTPResponse, Token, TokenData) stand in the OpenAPI schema.",
        ),
        must("A13", "An access token and a refresh token carry a person's roles."),
        must(
            "A14",
            "A new phone or e-mail address takes a fresh sign-in, a code sent to the new one and a "
            "notice sent to the old one.",
        ),
        must(
            "A15",
            "Messages and mail go through exchangeable senders, to the console or a file by "
            "default; in production no code is ever in a log.",
        ),
        must("A16", "A society and a contractor's firm are organizations with members and roles."),
        must(
            "A21",
            "A residency links a person to a home as owner, tenant or family, is vouched for, may "
            "be one of several, and ends on a date.",
        ),
        should(
            "A23",
            "A person may deactivate the account, take everything along, and be erased, while the "
            "history of money stays without their name.",
        ),
        must(
            "A24",
            "Staff find people by the end of a phone number, suspend them with a reason, see which "
            "codes were sent but not the digits, and end sessions.",
        ),
        must(
            "A26",
            "E-mail, username or phone with a password signs in as well, also in the form that "
            "OAuth2 clients send.",
        ),
        must(
            "A27",
            "A second factor is enrolled and confirmed; its secret is sealed, each step counts "
            "once, ten back-up codes are hashed, and resetting a password does not get around it.",
        ),
        must(
            "A28",
            "A refresh token is exchanged at each use and a stolen old one ends the session, while "
            "two honest tabs get the same successor; people list and end their sessions.",
        ),
        must(
            "A29",
            "Guessing locks out the guesser's network before the owner, a lock never grows while "
            "it lasts, and a code to the owner passes it.",
        ),
        must(
            "A30",
            "A forgotten password is reset through a link that works once within an hour, always "
            "on our own address, and unknown addresses get the same answer.",
        ),
        must(
            "A31",
            "Google signs in by the subject it names; a known e-mail address is linked only after "
            "its owner proves the account; what Google hands out is sealed.",
        ),
        should("A32", "Passkeys are registered, used to sign in, named and removed."),
        must(
            "A33",
            "Passwords have 8 to 128 characters of any kind and are none that everybody uses; they "
            "are kept with Argon2id, and imported bcrypt and PBKDF2 hashes are upgraded on use.",
        ),
        must(
            "A34",
            "A contractor's licence and insurance expire: reminders come 30, 7 and 1 days before, "
            "and afterwards nobody quotes or applies as that contractor.",
        ),
        must(
            "A35",
            "Contractors are found by skill, city, verification, rating and distance, on pages "
            "without private data.",
        ),
        must(
            "A36",
            "People follow and block each other, and show how many follow them, whom they follow, "
            "what they sell and how they are rated.",
        ),
        must(
            "A37",
            "Identity papers are sealed, seen by reviewers only and only on the record, and "
            "removed some days after the decision; the person sees state and reason.",
        ),
    ),
)
