"""What happens in higher apps in the same transaction, without this app knowing them.

A higher app registers its functions in its ``AppConfig.ready``; each is called by name of its
arguments, inside the transaction of the change. A function that raises undoes the change.
"""

from collections.abc import Callable
from typing import Any

Function = Callable[..., Any]


class Hook:
    """Functions that are called at one point of a service, in the order of registration."""

    def __init__(self, purpose: str) -> None:
        self.purpose = purpose
        self._functions: list[Function] = []

    def register(self, function: Function) -> Function:
        """Have ``function`` called, once however often it is registered."""
        if function not in self._functions:
            self._functions.append(function)
        return function

    def __call__(self, **arguments: Any) -> list[Any]:
        """Call every function and return what each returned."""
        return [function(**arguments) for function in self._functions]


# phase, actor, now: the phase is locked and has just been completed.
phase_completed = Hook("a phase of construction was completed")
# phase, actor, now, reason: a completed phase turned out not to be.
phase_reopened = Hook("the completion of a phase was taken back")
# development, actor, now: what waits for the handover is owed from here on.
development_ready = Hook("a development is ready to be handed over")
# unit, now: the unit is locked; whatever of its claims has lapsed is ended, before one decides.
settle_unit = Hook("claims to a unit that have lapsed are ended")
# development: returns sentences that say what stands against putting it away.
archive_obstacles = Hook("reasons why a development cannot be archived")
# product, now: the product is locked; a reservation of it that has lapsed is ended.
settle_product = Hook("a reservation of a product that has lapsed is ended")
# product, actor, now, reason: the product is locked and about to be removed; what is open about it
# ends, and whatever was paid already makes it raise.
withdraw_product = Hook("what was agreed about a product ends with it")
