"""All cells, a module a subject."""

from cell import Cell
from cells import optimizers

ALL: list[Cell] = [*optimizers.CELLS]

assert len({cell.name for cell in ALL}) == len(ALL), "two cells have one name"
