"""Who subscribes hears each event until it ends that; ending twice takes nobody else along."""

from __future__ import annotations

from uuid import UUID

from ipnft_desktop.domain.events import AssetDeleted, DomainEvent
from ipnft_desktop.services.event_hub import EventHub

EVENT = AssetDeleted(UUID(int=1))


def test_ending_a_subscription_twice_is_harmless() -> None:
    hub = EventHub()
    ended: list[DomainEvent] = []
    staying: list[DomainEvent] = []
    end = hub.subscribe(ended.append)
    hub.subscribe(staying.append)
    end()
    end()
    hub.publish(EVENT)
    assert (ended, staying) == ([], [EVENT])


def test_a_listener_that_raises_keeps_nobody_from_hearing() -> None:
    hub = EventHub()
    heard: list[DomainEvent] = []

    def broken(_event: DomainEvent) -> None:
        raise ValueError

    hub.subscribe(broken)
    hub.subscribe(heard.append)
    hub.publish(EVENT)
    assert heard == [EVENT]
