"""A measured figure, and the table that people read."""

from collections.abc import Sequence
from dataclasses import dataclass

LESS_IS_BETTER = frozenset({"s", "ms"})  # units of time; all others count work


@dataclass(frozen=True)
class Figure:
    """`must` is the least that is accepted, `aim` what is wished for; `value` is None when `note` says why."""

    key: str
    value: float | None
    unit: str
    must: float
    aim: float
    note: str = ""

    @property
    def verdict(self) -> str:
        if self.value is None:
            return "not measured"
        if self.reaches(self.aim):
            return "aim"
        return "must" if self.reaches(self.must) else "MISSED"

    def reaches(self, bound: float) -> bool:
        assert self.value is not None
        return self.value <= bound if self.unit in LESS_IS_BETTER else self.value >= bound


def table(figures: Sequence[Figure]) -> str:
    head = ("key", "value", "unit", "must", "aim", "verdict", "")
    lines = [head, *(row_of(each) for each in figures)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join("  ".join(map(str.ljust, line, widths)).rstrip() for line in lines)


def row_of(figure: Figure) -> tuple[str, ...]:
    sign = "≤" if figure.unit in LESS_IS_BETTER else "≥"
    value = "—" if figure.value is None else f"{figure.value:,.{places(figure)}f}"
    bounds = [f"{sign} {bound:,.{places(figure)}f}" for bound in (figure.must, figure.aim)]
    return (figure.key, value, figure.unit, *bounds, figure.verdict, figure.note)


def places(figure: Figure) -> int:
    """Digits after the point: ratios and seconds two, times in ms one, counts none."""
    return {"ratio": 2, "s": 2, "ms": 1}.get(figure.unit, 0)
