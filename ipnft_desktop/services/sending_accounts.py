"""The accounts from which this program sends what is no mint: its own, the one that pays others on a local chain, and,
while somebody switched impersonation on, any account of a local chain of our own."""

from __future__ import annotations

from collections.abc import Callable

from ipnft_desktop.domain.errors import ErrorCode, UserError
from ipnft_desktop.domain.phrases import phrase
from ipnft_desktop.services.recorded_sending import RecordedSender


class SendingAccounts:
    """Each has a lane of its own, which it keeps: who sends twice from an account sends in order."""

    def __init__(
        self,
        own: RecordedSender,
        bank: RecordedSender | None = None,
        unsigned: Callable[[str], RecordedSender] | None = None,
    ) -> None:
        """`unsigned` makes one that sends as an account whose key nobody here holds; None where no node would take
        it."""
        self.own = own
        self.bank = bank
        self._unsigned = unsigned
        self._made: dict[str, RecordedSender] = {}
        self._impersonates = False

    @property
    def can_impersonate(self) -> bool:
        """Whether the node would take a transaction that its account did not sign."""
        return self._unsigned is not None

    @property
    def impersonates(self) -> bool:
        """Whether new transactions may be made without a signature. Off until somebody switches it on."""
        return self._impersonates

    @impersonates.setter
    def impersonates(self, allowed: bool) -> None:
        self._impersonates = allowed and self.can_impersonate

    def holds_key(self, address: str) -> bool:
        """Whether this account signs itself."""
        return any(one is not None and one.signer.address == address for one in (self.own, self.bank))

    def to_send_from(self, address: str) -> RecordedSender:
        """The one that makes new transactions of an account. Raises UserError IMPERSONATION_OFF."""
        found = self.found_to_send_from(address)
        if found is None:
            what = phrase("nobody here holds the key of {address}", address=address)
            raise UserError(ErrorCode.IMPERSONATION_OFF, what, field="sender")
        return found

    def found_to_send_from(self, address: str) -> RecordedSender | None:
        """The same; None where nobody may."""
        return self._with_key(address) or (self._without_key(address) if self._impersonates else None)

    def to_send_again_from(self, address: str) -> RecordedSender | None:
        """The one that hands over what is recorded of an account already, whatever is switched; None where nobody
        does."""
        return self._with_key(address) or self._without_key(address)

    async def prepare(self) -> None:
        """Make the keys ready aside from the event loop."""
        for sender in (self.own, self.bank):
            if sender is not None:
                await sender.signer.prepare()

    def _with_key(self, address: str) -> RecordedSender | None:
        return next((one for one in (self.own, self.bank) if one is not None and one.signer.address == address), None)

    def _without_key(self, address: str) -> RecordedSender | None:
        if self._unsigned is None:
            return None
        if address not in self._made:
            self._made[address] = self._unsigned(address)
        return self._made[address]
