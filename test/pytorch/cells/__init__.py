"""All cells, a module a subject."""

from cell import Cell
from cells import fooling, fooling_loop, fooling_model, fooling_trainer, optimizers, own_groups, peft_features, scripts, trainer_features, trainers

ALL: list[Cell] = [
    *optimizers.CELLS,
    *peft_features.CELLS,
    *own_groups.CELLS,
    *trainer_features.CELLS,
    *scripts.CELLS,
    *trainers.CELLS,
    *fooling.CELLS,
    *fooling_model.CELLS,
    *fooling_trainer.CELLS,
    *fooling_loop.CELLS,
]

assert len({cell.name for cell in ALL}) == len(ALL), "two cells have one name"
