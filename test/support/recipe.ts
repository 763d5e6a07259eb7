import type { Field, TrainerSupport } from '../../src/recipe/plans/plan';
import type { OptimizerRow } from '../../src/recipe/optimizers/optimizer-row';
import type { Recipe } from '../../src/recipe/recipe';

/** An AdamW recipe with a scaling of 1, but for `fields`. */
export function recipeWith(fields: Partial<Recipe> = {}): Recipe {
  return {
    name: 'lora',
    rank: 16,
    alpha: 16,
    scalingRule: 'standard',
    scaling: 1,
    useDora: false,
    learningRate: 2e-4,
    lrA: null,
    lrB: null,
    loraplusLrRatio: null,
    optimizer: {
      name: 'adamw_torch',
      row: 'adamw',
      betas: [0.9, 0.999],
      eps: 1e-8,
      weightDecay: 0.01,
      momentum: null,
      nesterov: null,
      constants: {},
      options: {},
    },
    maxGradNorm: 1,
    scheduler: 'cosine',
    warmup: 0.03,
    dropout: 0,
    init: 'kaiming-uniform',
    targetModules: null,
    ...fields,
  };
}

/** The optimizer of a row, of which nothing is stated but `fields`. */
export function optimizerOf({ id }: OptimizerRow, fields: Partial<Recipe['optimizer']>): Recipe['optimizer'] {
  const nothing = { betas: null, eps: null, weightDecay: null };
  return { ...recipeWith().optimizer, name: id, row: id, ...nothing, ...fields };
}

/** A trainer that lets its user set everything. */
export const everyKnob: TrainerSupport = {
  settable: new Set<Field>(['alpha', 'learningRate', 'weightDecay', 'eps', 'maxGradNorm']),
};
