"""All cells, a module a subject."""

from cell import Cell
from cells import fooling, fooling_loop, fooling_model, fooling_trainer
from cells import optimizers, peft_features, relatives, scripts, trainer_features, trainers

FOOLING = (fooling, fooling_model, fooling_trainer, fooling_loop)
MODULES = (optimizers, peft_features, trainer_features, scripts, trainers, relatives, *FOOLING)
ALL: list[Cell] = [cell for module in MODULES for cell in module.CELLS]

assert len({cell.name for cell in ALL}) == len(ALL), "two cells have one name"
