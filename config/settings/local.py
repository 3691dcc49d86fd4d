"""A developer's machine: every key has a default, nothing leaves the machine."""

from .environment import env, environment_file

env.development = True
env.read_file(environment_file())

from .base import *  # noqa: E402, F403

DEBUG = env.flag("DEBUG", default=True)
