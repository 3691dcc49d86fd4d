"""Background work, and what is kept of it."""

from .environment import env

WORKER_CONCURRENCY = env.number("WORKER_CONCURRENCY", default=4, at_least=1, at_most=64)
# How long a worker tries to get its database back before it ends with status 1.
WORKER_GIVE_UP_SECONDS = env.number("WORKER_GIVE_UP_SECONDS", default=300, at_least=1)
JOBS_KEEP_DAYS = env.number("JOBS_KEEP_DAYS", default=7, at_least=1)
JOBS_KEEP_FAILED_DAYS = env.number("JOBS_KEEP_FAILED_DAYS", default=90, at_least=1)
# Days until what is known of a sent message, its address included, is deleted.
OUTBOX_KEEP_DAYS = env.number("OUTBOX_KEEP_DAYS", default=180, at_least=1)

PROCRASTINATE_DATABASE_ALIAS = "default"
# A tick that no worker was there for is made up for within a day: a reminder that is due at six
# is sent at nine when the worker was down in between.
PROCRASTINATE_PERIODIC_DEFAULTS = {"max_delay": 86_400}
