"""Undoes the compression or framing of an HTTP answer. PURE: small pieces of bytes in and out.

The studio asks for ``identity`` and may get something else nevertheless: a gateway compresses
whatever it sends, and a storage repeats the Content-Encoding that an upload once had
(``aws-chunked``, ``utf-8``) on bytes that are not encoded at all. So the header is a hint,
and the first bytes decide:

* what begins as the caller expects (a film, a picture, JSON) is left as it is;
* gzip, and the frames of ``aws-chunked``, are known by how they begin;
* deflate and Brotli have no mark of their own: they are tried where the header names them.

The caller counts what comes out and stops at a limit, so pieces are small (about ``PIECE``).
"""

import re
import zlib
from collections.abc import Callable, Iterator
from typing import Protocol

import brotli

HEAD = 512  # bytes that are looked at before anything is decided
PIECE = 1 << 16
MOST_LAYERS = 3  # "gzip, aws-chunked" has two

_FRAME = re.compile(rb"([0-9A-Fa-f]{1,16})(;[\x20-\x7e]{0,300})?\r\n")
_LONGEST_LINE = 400
# How films and pictures begin, and those that a vendor might one day send.
_MEDIA = re.compile(
    rb"....(?:ftyp|moov|mdat|wide|free|skip|pnot|jP  |JXL )"  # MP4, MOV, HEIC, AVIF, JPEG 2000 and XL
    rb"|\x1aE\xdf\xa3|RIFF|OggS|FLV\x01|\x00\x00\x01[\xb3\xba]|0&\xb2u|G.{187}G"  # WebM, AVI, WebP, TS, ...
    rb"|\x89PNG|\xff\xd8\xff|\xff\x0a|GIF8|BM|II\*\x00|MM\x00\*",
    re.DOTALL,
)


class Unpackable(Exception):
    """An answer cannot be unpacked to its end. ``reason``: ``encoded`` (broken, or not what its first
    bytes say) or ``cut`` (the end is missing)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def encodings(header: str) -> tuple[str, ...]:
    """Returns the names in a Content-Encoding header, in the order in which they were applied."""
    names = (name.strip().lower() for name in header.split(","))
    return tuple(name for name in names if name not in ("", "identity"))


def is_media(head: bytes) -> bool:
    """Returns whether a film or a picture begins like this."""
    return _MEDIA.match(head) is not None


def is_text(head: bytes) -> bool:
    """Returns whether JSON or a page begins like this."""
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[", b"<", b'"')


class Unpacker:
    """Yields the bytes of one answer as they were before they were packed::

        unpacker = Unpacker(encodings(header), is_media)
        for chunk in answer:
            for piece in unpacker.feed(chunk): ...
        for piece in unpacker.finish(): ...

    ``packed`` is true once something was unpacked: then the length of what came out is no offset
    from which the download could be continued. Both methods raise Unpackable."""

    def __init__(self, names: tuple[str, ...], plain: Callable[[bytes], bool], layers: int = 0) -> None:
        self._names, self._plain, self._layers = names, plain, layers
        self._head: bytes | None = b""  # None: the layer is decided
        self._layer: Layer | None = None
        self._inner: Unpacker | None = None

    @property
    def packed(self) -> bool:
        return self._layer is not None

    def feed(self, data: bytes) -> Iterator[bytes]:
        if self._head is not None:
            self._head += data
            if len(self._head) >= HEAD:
                yield from self._decide()
        else:
            yield from self._through(data)

    def finish(self) -> Iterator[bytes]:
        if self._head is not None:
            yield from self._decide()
        if self._layer is not None and self._inner is not None:
            self._layer.finish()
            yield from self._inner.finish()

    def _decide(self) -> Iterator[bytes]:
        head, self._head = self._head or b"", None
        if self._layers < MOST_LAYERS and not self._plain(head):
            self._layer = _layer(head, self._names, self._plain)
        if self._layer is not None:
            self._inner = Unpacker(self._names, self._plain, self._layers + 1)
        yield from self._through(head)

    def _through(self, data: bytes) -> Iterator[bytes]:
        if self._layer is None or self._inner is None:
            yield data
            return
        for piece in self._layer.feed(data):
            yield from self._inner.feed(piece)


class Layer(Protocol):
    """Undoes one way of packing. ``finish`` raises Unpackable where the end is missing."""

    def feed(self, data: bytes) -> Iterator[bytes]: ...

    def finish(self) -> None: ...


def _layer(head: bytes, names: tuple[str, ...], plain: Callable[[bytes], bool]) -> Layer | None:
    """Returns the layer that undoes the outermost packing of what begins with ``head``; None where it
    is not packed, or in a way that is not known here."""
    if head.startswith(b"\x1f\x8b\x08"):
        return Gzip()
    if (frame := _FRAME.match(head)) and (
        "aws-chunked" in names or b"chunk-signature=" in (frame[2] or b"") or plain(head[frame.end() :])
    ):
        return Frames()
    unmarked: dict[str, type[Layer]] = {"deflate": Deflate, "br": Brotli, "brotli": Brotli}
    for name in reversed(names):
        make = unmarked.get(name)
        if make and _opens(make(), head):
            return make()
    return None


def _opens(layer: Layer, head: bytes) -> bool:
    try:
        return any(True for _piece in layer.feed(head))
    except Unpackable:
        return False


class _Inflating:
    """Unpacks what zlib reads. Bytes behind the end are another member, or are dropped."""

    again = b""  # how another member begins

    def __init__(self) -> None:
        self._zlib = self._new(b"")
        self._begun = False

    def _new(self, head: bytes) -> "zlib._Decompress":
        raise NotImplementedError

    def feed(self, data: bytes) -> Iterator[bytes]:
        if not self._begun and data:
            self._begun, self._zlib = True, self._new(data)
        while data:
            if self._zlib.eof:
                if not self.again or not data.startswith(self.again):
                    return
                self._zlib = self._new(data)
            try:
                piece = self._zlib.decompress(data, PIECE)
            except zlib.error:
                raise Unpackable("encoded") from None
            data = self._zlib.unused_data if self._zlib.eof else self._zlib.unconsumed_tail
            if piece:
                yield piece

    def finish(self) -> None:
        if not self._zlib.eof:
            raise Unpackable("cut")


class Gzip(_Inflating):
    again = b"\x1f\x8b"

    def _new(self, head: bytes) -> "zlib._Decompress":
        return zlib.decompressobj(zlib.MAX_WBITS | 16)


class Deflate(_Inflating):
    """Unpacks deflate with the header of zlib, as HTTP says, or without it, as some servers send it."""

    def _new(self, head: bytes) -> "zlib._Decompress":
        with_header = len(head) > 1 and head[0] & 15 == 8 and not (head[0] << 8 | head[1]) % 31
        return zlib.decompressobj(zlib.MAX_WBITS if with_header else -zlib.MAX_WBITS)


class Brotli:
    def __init__(self) -> None:
        self._brotli = brotli.Decompressor()

    def feed(self, data: bytes) -> Iterator[bytes]:
        if self._brotli.is_finished():
            return
        try:
            piece = self._brotli.process(data, output_buffer_limit=PIECE)
            while piece or not self._brotli.can_accept_more_data():
                yield piece
                if self._brotli.is_finished():
                    return
                piece = self._brotli.process(b"", output_buffer_limit=PIECE)
        except brotli.error:
            raise Unpackable("encoded") from None

    def finish(self) -> None:
        if not self._brotli.is_finished():
            raise Unpackable("cut")


class Frames:
    """Unpacks ``aws-chunked``: a line with the length in hexadecimal and perhaps a signature, so many
    bytes, a line end; a length of zero is the end, and behind it stand checksums."""

    def __init__(self) -> None:
        self._line = b""
        self._left = 0  # bytes of this frame that are still to come
        self._between = False  # the line end behind a frame comes next
        self._over = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        while data and not self._over:
            if self._left:
                piece, data = data[: self._left], data[self._left :]
                self._left -= len(piece)
                self._between = not self._left
                yield piece
            else:
                data = self._next(data)

    def _next(self, data: bytes) -> bytes:
        """Reads the line before a frame; returns the bytes behind it."""
        self._line += data[:_LONGEST_LINE]
        rest = data[_LONGEST_LINE:]
        line = self._line.removeprefix(b"\r\n") if self._between else self._line
        if (frame := _FRAME.match(line)) is None:
            if len(self._line) >= _LONGEST_LINE:
                raise Unpackable("encoded")
            return rest
        self._left, self._line, self._between = int(frame[1], 16), b"", False
        self._over = not self._left
        return line[frame.end() :] + rest

    def finish(self) -> None:
        if not self._over:
            raise Unpackable("cut")
