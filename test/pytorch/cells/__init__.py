"""All cells, a module a subject."""

from cell import Cell
from cells import fooling, optimizers, options, own_groups, peft_features, scripts, trainer_features, trainers

ALL: list[Cell] = [
    *optimizers.CELLS,
    *peft_features.CELLS,
    *own_groups.CELLS,
    *trainer_features.CELLS,
    *scripts.CELLS,
    *options.CELLS,
    *trainers.CELLS,
    *fooling.CELLS,
]

assert len({cell.name for cell in ALL}) == len(ALL), "two cells have one name"
