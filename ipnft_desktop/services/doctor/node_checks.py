"""The chain node from outside: its port, nodes that were left behind, and the way to it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from urllib.parse import urlsplit

from ipnft_desktop.domain.chain import shown_url
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from ipnft_desktop.domain.people import Permission
from ipnft_desktop.domain.phrases import Phrase, phrase
from ipnft_desktop.services.doctor.aside import aside
from ipnft_desktop.services.doctor.findings import Check, CheckKey, Finding, Level, Remedy
from ipnft_desktop.services.doctor.ports import Computer, Processes, ProcessFacts
from ipnft_desktop.services.node_ports import NodeHost


class NodeChecks:
    """`keep_port` keeps the setting node_port; `rpc_url` names a node of others, empty for one of our own."""

    def __init__(
        self,
        processes: Processes,
        computer: Computer,
        node: NodeHost,
        port: int,
        keep_port: Callable[[int], Awaitable[None]],
        rpc_url: str,
    ) -> None:
        self._processes = processes
        self._computer = computer
        self._node = node
        self._port = port
        self._keep_port = keep_port
        self._rpc_url = rpc_url

    def all(self) -> Sequence[Check]:
        """Those that fit the node in use."""
        if self._rpc_url:
            return (
                Check(CheckKey.NODE_PORT, phrase("Node of others"), self._address),
                Check(CheckKey.LOOPBACK, phrase("Talk on this computer"), self._loopback),
            )
        return (
            Check(CheckKey.NODE_PORT, phrase("Port of the node"), self._port_use),
            Check(CheckKey.ORPHANS, phrase("Nodes left behind"), self._orphans),
            Check(CheckKey.LOOPBACK, phrase("Talk on this computer"), self._loopback),
        )

    async def _address(self) -> Finding:
        where = shown_url(self._rpc_url)
        problem = await aside(lambda: self._computer.node_address_problem(self._rpc_url))
        if not problem:
            return Finding(Level.OK, phrase("{where} takes connections.", where=where))
        return Finding(
            Level.FAIL,
            phrase("{where} takes no connection: {problem}", where=where, problem=problem),
            phrase("Start that node, mend the way to it, or empty the setting rpc_url to use a node of your own."),
        )

    async def _port_use(self) -> Finding:
        status = await self._node.status()
        ours = None if status is None else urlsplit(status.rpc_url).port
        if ours == self._port:
            return Finding(Level.OK, phrase("Our own node answers at port {port}.", port=str(self._port)))
        use = await aside(lambda: self._processes.at_port(self._port))
        if use.is_free:
            if ours is None:
                return Finding(Level.OK, phrase("Port {port} is free.", port=str(self._port)))
            return Finding(
                Level.OK,
                phrase(
                    "Our own node answers at port {ours}; port {port} is free again.",
                    ours=str(ours),
                    port=str(self._port),
                ),
            )
        orphans = await aside(self._processes.orphan_nodes)
        if use.owner is not None and use.owner.pid in {orphan.pid for orphan in orphans}:
            return Finding(
                Level.WARN,
                phrase("Port {port} is held by a node that this program left behind.", port=str(self._port)),
                phrase("End it; until then the node uses another port."),
                remedies=(self._ending((use.owner,)),),
            )
        other = await aside(lambda: self._processes.free_port(self._port))
        return Finding(
            Level.WARN,
            _taken(self._port, use.owner),
            phrase(
                "The node uses any free port instead. For an address that stays, end that program or choose a port."
            ),
            remedies=(
                Remedy(
                    phrase("Use port {port}", port=str(other)),
                    phrase("Keeps port {port} as the setting node_port; the next start uses it.", port=str(other)),
                    apply=partial(self._choose, other),
                    permission=Permission.CHANGE_SETTINGS,
                ),
            ),
        )

    async def _choose(self, port: int) -> Phrase:
        await self._keep_port(port)
        self._node.prefer_port(port)
        self._port = port
        return phrase("The next start of the node uses port {port}.", port=str(port))

    async def _orphans(self) -> Finding:
        orphans = await aside(self._processes.orphan_nodes)
        if not orphans:
            return Finding(Level.OK, phrase("No node of an earlier run is left."))
        return Finding(
            Level.WARN,
            phrase("Nodes of an earlier run still work, although their program is gone: {count}", count=len(orphans)),
            phrase("They hold memory and perhaps the port; nothing uses them any more."),
            more=tuple(map(_named, orphans)),
            remedies=(self._ending(orphans),),
        )

    def _ending(self, orphans: Sequence[ProcessFacts]) -> Remedy:
        pids = ", ".join(str(orphan.pid) for orphan in orphans)
        return Remedy(
            phrase("End it") if len(orphans) == 1 else phrase("End them"),
            phrase(
                "End {name}, PID {pids}? It is a node that this program started; the program is gone.",
                name=orphans[0].name,
                pids=pids,
            ),
            apply=partial(self._end, tuple(orphans)),
            permission=Permission.MANAGE_CHAIN,
            must_ask=True,
        )

    async def _end(self, orphans: Sequence[ProcessFacts]) -> Phrase:
        ended = [orphan for orphan in orphans if await aside(partial(self._processes.end_orphan, orphan))]
        left = await aside(self._processes.orphan_nodes)
        if any(orphan in left for orphan in orphans):
            raise EnvironmentFault(ErrorCode.REMEDY_FAILED, phrase("The process does not end."))
        return phrase("Processes ended: {count}", count=len(ended))

    async def _loopback(self) -> Finding:
        problem = await aside(self._computer.loopback_problem)
        if not problem:
            return Finding(Level.OK, phrase("Programs on this computer reach each other over 127.0.0.1."))
        return Finding(
            Level.FAIL,
            phrase("Programs on this computer do not reach each other over 127.0.0.1: {problem}", problem=problem),
            phrase("Let the firewall or the protection software allow connections to 127.0.0.1."),
        )


def _named(process: ProcessFacts) -> Phrase:
    return phrase(
        "{name}, PID {pid}, user {user}: {command}",
        name=process.name,
        pid=str(process.pid),
        user=process.user or "?",
        command=process.command,
    )


def _taken(port: int, owner: ProcessFacts | None) -> Phrase:
    if owner is None:
        return phrase("Port {port} is used by a program that the system does not name.", port=str(port))
    return phrase(
        "Port {port} is used by {name}, PID {pid}, user {user}: {command}",
        port=str(port),
        name=owner.name,
        pid=str(owner.pid),
        user=owner.user or "?",
        command=owner.command,
    )
