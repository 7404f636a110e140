"""An IPFS node, Kubo or alike, over its RPC interface (https://docs.ipfs.tech/reference/kubo/rpc/).

Content goes out as a CAR archive of the very blocks that the store keeps: the node has nothing to cut anew, so what it
pins has the addresses that the chain names.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import warnings
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import Event, Thread
from types import MappingProxyType
from typing import Any, Final, Protocol, TypeVar, cast

from ipnft_desktop.adapters.content.kubo_address import KuboAddress, parse_kubo_address
from ipnft_desktop.domain.content import Cid
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from ipnft_desktop.domain.phrases import Phrase, phrase
from ipnft_desktop.domain.publications import PeerInfo

T = TypeVar("T")
Progress = Callable[[int], None]

CONNECT_TIMEOUT_S: Final = 5.0
ANSWER_TIMEOUT_S: Final = 20.0
IMPORT_TIMEOUT_S: Final = 120.0
"""How long the node may take for a step of an import: it writes and pins what it got before it answers."""

_PIECE_BYTES: Final = 256 * 1024
_AS_WE_WRITE_THEM: Final[Mapping[str, str]] = MappingProxyType({"cid-base": "base32"})
_ABSENT: Final = ("not pinned", "not found", "no such block", "timed out", "deadline exceeded")
_DETAIL_MAX_CHARS: Final = 200


class CarSource(Protocol):
    """The store the content comes from."""

    def car_parts(self, root: Cid) -> Iterator[bytes]:
        """The archive of one root, piece by piece; called in a thread."""
        ...


class KuboPeer:
    """Implements the port `IpfsPeer`.

    The client library blocks, so each call has a thread of its own, which does not keep the program from ending: the
    longest wait for a node that does not answer is two minutes. Cancelling a call ends an upload at its next piece.
    """

    def __init__(
        self,
        source: CarSource,
        *,
        answer_timeout_s: float = ANSWER_TIMEOUT_S,
        import_timeout_s: float = IMPORT_TIMEOUT_S,
    ) -> None:
        self._source = source
        self._answer_timeout_s = answer_timeout_s
        self._import_timeout_s = import_timeout_s
        self._address: KuboAddress | None = None
        self._closed = Event()

    @property
    def address(self) -> str:
        """Scheme, host and port; empty where none is set."""
        return self._address.shown if self._address else ""

    def use(self, address: str) -> None:
        """See `IpfsPeer.use`."""
        self._address = parse_kubo_address(address) if address.strip() else None

    async def identify(self) -> PeerInfo:
        """See `IpfsPeer.identify`."""
        return await self._call(self._identify)

    async def publish(self, root: Cid, on_progress: Progress | None = None) -> None:
        """See `IpfsPeer.publish`."""
        loop = asyncio.get_running_loop()

        def tell(done_bytes: int) -> None:
            if on_progress is not None:
                loop.call_soon_threadsafe(on_progress, done_bytes)

        await self._call(lambda client, stopped: self._publish(client, root, stopped, tell))

    async def missing(self, roots: Sequence[Cid]) -> frozenset[Cid]:
        """See `IpfsPeer.missing`."""
        return await self._call(lambda client, stopped: self._missing(client, roots, stopped))

    async def block(self, cid: Cid) -> bytes | None:
        """See `IpfsPeer.block`."""
        return await self._call(lambda client, _stopped: self._block(client, cid))

    async def close(self) -> None:
        """End running uploads at their next piece."""
        self._closed.set()

    def _identify(self, client: Any, _stopped: Event) -> PeerInfo:
        named = _text(client.id(timeout=self._timeout()), "ID")
        return PeerInfo(_text(client.version(timeout=self._timeout()), "Version"), named)

    def _publish(self, client: Any, root: Cid, stopped: Event, tell: Progress) -> None:
        parts = self._until_stopped(self._source.car_parts(root), stopped, tell)
        answers = client.dag.imprt(
            cast("Any", _Pieces(parts)),
            opts={"pin-roots": "true", **_AS_WE_WRITE_THEM},
            timeout=(CONNECT_TIMEOUT_S, self._import_timeout_s),
        )
        _require_imported(root, answers)
        block = client.block.get(root.text, offline=True, timeout=self._timeout())
        if hashlib.sha256(block).digest() != root.digest:
            raise _refused(phrase("the node answers with other bytes than it was given"))
        if self._lacks(client, root):
            raise _refused(phrase("the node took the content and did not pin it"))

    def _missing(self, client: Any, roots: Sequence[Cid], stopped: Event) -> frozenset[Cid]:
        lacking: set[Cid] = set()
        for root in roots:
            if stopped.is_set():
                break
            if self._lacks(client, root):
                lacking.add(root)
        return frozenset(lacking)

    def _lacks(self, client: Any, root: Cid) -> bool:
        from ipfshttpclient.exceptions import ErrorResponse

        try:
            pinned = client.pin.ls(root.text, type="recursive", opts=dict(_AS_WE_WRITE_THEM), timeout=self._timeout())
            # Pinned and lost all the same: not every node looks among its own blocks only, as it is asked to.
            limited = {"timeout": f"{self._answer_timeout_s / 4:g}s", **_AS_WE_WRITE_THEM}
            held = client.block.stat(root.text, opts=limited, offline=True, timeout=self._timeout())
        except ErrorResponse as error:
            if _says_absent(str(error)):
                return True
            raise
        return root.text not in _keys(pinned) or _text(held, "Key") != root.text

    def _block(self, client: Any, cid: Cid) -> bytes | None:
        from ipfshttpclient.exceptions import ErrorResponse

        limited = {"timeout": f"{self._answer_timeout_s / 4:g}s"}
        try:
            return bytes(client.block.get(cid.text, opts=limited, offline=True, timeout=self._timeout()))
        except ErrorResponse as error:
            if _says_absent(str(error)):
                return None
            raise

    def _timeout(self) -> tuple[float, float]:
        return CONNECT_TIMEOUT_S, self._answer_timeout_s

    def _until_stopped(self, parts: Iterable[bytes], stopped: Event, tell: Progress) -> Iterator[bytes]:
        done_bytes = 0
        for part in parts:
            if stopped.is_set() or self._closed.is_set():
                raise _unavailable(phrase("the upload was stopped"))
            yield part
            done_bytes += len(part)
            tell(done_bytes)

    async def _call(self, work: Callable[[Any, Event], T]) -> T:
        """Run `work` with a client in a thread of its own."""
        address = self._address
        if address is None:
            raise _unavailable(phrase("no address is set"))
        if self._closed.is_set():
            raise _unavailable(phrase("the connection was closed"))
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()
        stopped = Event()

        def finish(result: T | None, error: Exception | None) -> None:
            if answer.done():
                return
            if error is None:
                answer.set_result(cast("T", result))
            else:
                answer.set_exception(error)

        def run() -> None:
            result: T | None = None
            error: Exception | None = None
            try:
                with _faults():
                    result = work(_client(address), stopped)
            except Exception as problem:  # noqa: BLE001 - told to whoever waits, in place of the result
                error = problem
            if not loop.is_closed():
                loop.call_soon_threadsafe(finish, result, error)

        Thread(target=run, name="kubo", daemon=True).start()
        try:
            return await answer
        finally:
            stopped.set()


class _Pieces(io.RawIOBase):
    """What the client library reads as a file: an archive that is made while it is read."""

    name = "content.car"

    def __init__(self, parts: Iterator[bytes]) -> None:
        self._parts = parts

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """One part or several small ones; the caller cuts what is longer than it wants."""
        wanted = _PIECE_BYTES if size < 0 else size
        gathered: list[bytes] = []
        gathered_bytes = 0
        while gathered_bytes < wanted and (part := next(self._parts, b"")):
            gathered.append(part)
            gathered_bytes += len(part)
        return b"".join(gathered)


def _client(address: KuboAddress) -> Any:
    # Half a second of imports, once, in a thread.
    import ipfshttpclient

    # Of the library towards the next urllib3; it is not for the person who reads the log.
    warnings.filterwarnings("ignore", "The 'strict' parameter", FutureWarning)
    client: Any = ipfshttpclient.Client(
        address.multiaddr,
        address.base,
        auth=(address.user or "", address.password or "") if address.user or address.password else None,
        timeout=(CONNECT_TIMEOUT_S, ANSWER_TIMEOUT_S),
        username=None,
        password=None,
    )
    if address.is_loopback:
        # A proxy set for the web has no way to this computer, and no reason to see what is said here.
        client._client._session_props["trust_env"] = False
    return client


def _require_imported(root: Cid, answers: Any) -> None:
    for answer in cast("list[Any]", answers) if isinstance(answers, list) else [answers]:
        imported = _mapping(_plain(answer).get("Root"))
        if imported.get("Cid") != {"/": root.text}:
            continue
        if problem := imported.get("PinErrorMsg"):
            raise _refused(phrase("the node could not pin it: {reason}", reason=_shortened(str(problem))))
        return
    raise _refused(phrase("the node did not name the content it was given"))


def _plain(answer: Any) -> Mapping[str, Any]:
    return _mapping(answer.as_json() if hasattr(answer, "as_json") else answer)


def _mapping(value: Any) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}


def _text(answer: Any, name: str) -> str:
    value = _plain(answer).get(name)
    if not isinstance(value, str) or not value:
        raise _refused(phrase("the node's answer lacks {name}", name=name))
    return _shortened(value)


def _keys(answer: Any) -> Mapping[str, Any]:
    """Pins by address: one object, or one for each line of the answer."""
    return _mapping(_plain(answer).get("Keys"))


def _says_absent(message: str) -> bool:
    return any(words in message.lower() for words in _ABSENT)


@contextmanager
def _faults() -> Generator[None, None, None]:
    """Errors of the client library in our words. Theirs may hold the address with what is secret in it."""
    from ipfshttpclient import exceptions

    try:
        yield
    except exceptions.ErrorResponse as error:
        raise _refused(phrase("the node answers: {reason}", reason=_shortened(str(error)))) from None
    except exceptions.TimeoutError:
        raise _unavailable(phrase("the node does not answer in time")) from None
    except exceptions.StatusError as error:
        status = getattr(getattr(error.original, "response", None), "status_code", "")
        raise _refused(phrase("the node answers with HTTP status {status}", status=str(status))) from None
    except exceptions.ConnectionError:
        raise _unavailable(phrase("nothing answers at this address")) from None
    except (exceptions.Error, OSError, ValueError, LookupError, TypeError) as error:
        kind = type(error).__name__
        raise _unavailable(phrase("what answers there is no IPFS node, or it broke off ({kind})", kind=kind)) from None


def _shortened(text: str) -> str:
    shown = "".join(character if character.isprintable() else " " for character in text)
    return shown if len(shown) <= _DETAIL_MAX_CHARS else shown[: _DETAIL_MAX_CHARS - 1] + "…"


def _unavailable(detail: Phrase) -> EnvironmentFault:
    return EnvironmentFault(ErrorCode.KUBO_UNAVAILABLE, detail)


def _refused(detail: Phrase) -> EnvironmentFault:
    return EnvironmentFault(ErrorCode.PUBLISHING_FAILED, detail)
