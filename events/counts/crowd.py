"""Distinct people, as bits: a union of many thousand tallies is a few hundred numbers or-ed together."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from events.counts.tables import PLACES

BYTES = PLACES // 8


@dataclass(slots=True)
class Crowd:
    """blocks: a number for each block, one bit for each student in it, the first place in the highest bit.

    strangers: ids of students who have no place yet; nobody is in both.
    """

    blocks: dict[int, int] = field(default_factory=dict)
    strangers: set[int] = field(default_factory=set)

    def __len__(self) -> int:
        return sum(bits.bit_count() for bits in self.blocks.values()) + len(self.strangers)

    def join(self, other: "Crowd") -> None:
        for block, bits in other.blocks.items():
            self.add_bits(block, bits)
        self.strangers |= other.strangers

    def add_bits(self, block: int, bits: int) -> None:
        self.blocks[block] = self.blocks.get(block, 0) | bits

    def add(self, block: int | None, people: Iterable[int]) -> None:
        """People by their places in the block; without a block, by their ids."""
        if block is None:
            self.strangers.update(people)
        else:
            self.add_bits(block, bits_of(people))


def bits_of(places: Iterable[int]) -> int:
    bits = bytearray(BYTES)
    for place in places:
        bits[place >> 3] |= 0x80 >> (place & 7)
    return int.from_bytes(bits)
