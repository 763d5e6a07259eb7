import type { Recipe } from '../../recipe/recipe';
import { BLOCK, TRANSFORMER_SIZES } from '../tasks/transformer/model';
import type { BlockSpec, ExperimentSpec, TaskSizes } from '../spec';
import { targetsOf } from './targets';

/** The sizes of a spec, scaled down from the user's run. */
export type ToySizes = Pick<ExperimentSpec, 'width' | 'batch' | 'batches' | 'rank' | 'loss'> & {
  sizes?: TaskSizes;
  block?: BlockSpec;
};

/** Larger ranks train at this rank with the recipe's scaling. Variants carry the scaling, so nothing else changes. */
const LARGEST_RANK = 8;

export const TRANSFORMER_WIDTH = 16;

/** Number of mini-batches, which are used in turn. */
const BATCHES = 4;

/** Default number of steps. A step of the transformer costs as much as ten of one layer. */
export const STEPS: Readonly<Record<ExperimentSpec['task'], number>> = { linear: 200, mlp: 200, transformer: 100 };

/**
 * THE place where a run is scaled down to a toy. What decides how a change of alpha acts is kept: scaling, optimizer and
 * all its numbers, clip, schedule, dropout, DoRA, LoRA+, the kind of layers LoRA is on. What only decides how long it
 * takes is made small:
 *
 * | of the run       | linear  | mlp               | transformer                          |
 * | ---------------- | ------- | ----------------- | ------------------------------------ |
 * | rank             | up to 8 | up to 8           | up to 8                              |
 * | width            | 8 or 16 | 8 or 16           | 16                                   |
 * | layers           | 1       | 2, hidden 2·width | 1 block, hidden 2·width              |
 * | heads            | –       | –                 | 2                                    |
 * | sequence         | –       | –                 | 8                                    |
 * | vocabulary       | –       | –                 | 16                                   |
 * | rows of a batch  | 16      | 16                | 2 sequences                          |
 * | mini-batches     | 4       | 4                 | 4                                    |
 * | target modules   | –       | all               | the recipe's, by what they are       |
 * | block            | –       | –                 | norm and gate as in models whose layers are called so |
 * | steps            | 200     | 200               | 100                                  |
 *
 * An A has `width` inputs, so ranks above half the width would leave little that is low about them.
 */
export function sizesFor(task: ExperimentSpec['task'], recipe: Pick<Recipe, 'rank' | 'targetModules'>): ToySizes {
  const rank = Math.min(recipe.rank, LARGEST_RANK);
  const width = rank <= 4 ? 8 : 16;
  const layer = { rank, width, batch: 16, batches: BATCHES, loss: 'mse' } as const;
  switch (task) {
    case 'linear':
      return layer;
    case 'mlp':
      return { ...layer, sizes: { hidden: 2 * width, layers: 2 } };
    case 'transformer': {
      const { projections, block } = targetsOf(recipe);
      const { hidden, sequence, heads, vocabulary } = TRANSFORMER_SIZES;
      return {
        rank,
        width: TRANSFORMER_WIDTH,
        batch: 2,
        batches: BATCHES,
        loss: 'ce',
        sizes: { hidden, sequence, heads, vocabulary },
        block: { ...block, targets: projections, pretrainSteps: BLOCK.pretrainSteps },
      };
    }
  }
}
