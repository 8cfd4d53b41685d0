"""A small picture of every slice of a series in one answer, from where one looks outwards."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from gateway.access.principal import Circumstances, Principal
from gateway.archive.federation import Federation
from gateway.errors import GatewayError, NotFound
from gateway.services.frames import Frames, StackAddress, TileAddress
from gateway.services.openings import Openings
from gateway.services.stacks import Stacks
from gateway.store.rendition_keys import RenditionKeys

RENDITION = "p256"
# Made ahead of what is sent: as many as there are usually children, so that none of them waits for the line.
AHEAD = 4
# An object that claims a hundred thousand frames and holds one is not asked for them all.
MOST_FAILURES = 32


@dataclass(frozen=True, slots=True)
class Previews:
    """Streams previews under a grant; a grant that ends stops the stream at the next picture."""

    archives: Federation
    stacks: Stacks
    openings: Openings
    frames: Frames
    keys: RenditionKeys

    def outwards(
        self, principal: Principal, address: StackAddress, circumstances: Circumstances
    ) -> Iterator[tuple[int, bytes]]:
        """Number and JPEG of each slice, nearest to `address.n` first; no bytes for one that cannot be shown."""
        study = self.archives.find_study(address.study_instance_uid)
        grant = self.openings.require_or_open(principal, study, circumstances)
        self.openings.require_series(grant, address.series_instance_uid)
        stack = self.stacks.of_series(study.study_instance_uid, address.series_instance_uid, study.version)
        if not stack.frames:
            raise NotFound("The series holds no pictures.")
        key = self.keys.keys_for_series(study.study_instance_uid, address.series_instance_uid, study.version)
        tiles = [
            TileAddress(key.study_key, key.series_key, RENDITION, n)
            for n in nearest_first(len(stack.frames), min(max(address.n, 1), len(stack.frames)))
        ]
        return self._made(principal, tiles)

    def _made(self, principal: Principal, tiles: Iterable[TileAddress]) -> Iterator[tuple[int, bytes]]:
        """Each as it is needed; when nobody listens any more, what was not begun is dropped."""
        upcoming = iter(tiles)
        with ThreadPoolExecutor(AHEAD, thread_name_prefix="previews") as pool:
            failed_in_a_row = 0
            waiting = deque((tile.n, pool.submit(self._one, principal, tile)) for tile in islice(upcoming, AHEAD))
            try:
                while waiting:
                    n, one = waiting.popleft()
                    body = one.result()
                    failed_in_a_row = 0 if body else failed_in_a_row + 1
                    if body is None or failed_in_a_row > MOST_FAILURES:
                        return
                    waiting.extend((tile.n, pool.submit(self._one, principal, tile)) for tile in islice(upcoming, 1))
                    yield n, body
            finally:
                for _, one in waiting:
                    one.cancel()

    def _one(self, principal: Principal, tile: TileAddress) -> bytes | None:
        """The picture's bytes, none where it cannot be shown, None where the grant has ended."""
        try:
            self.openings.require_live(principal)
            found = self.frames.tile(principal, tile)
            return found.read_bytes() if isinstance(found, Path) else found
        except GatewayError as error:
            return None if error.status in (401, 403) else b""
        except OSError:
            return b""


def nearest_first(count: int, current: int) -> list[int]:
    """The numbers 1 to `count` from the current one outwards, the one after before the one before."""
    return sorted(range(1, count + 1), key=lambda n: (abs(n - current), n < current))
