import { specFor, type PreparedSpec } from '../../src/experiment/spec-for';
import type { BackendId } from '../../src/experiment/spec';
import { plansFor, type Field } from '../../src/recipe/plans';
import type { Recipe } from '../../src/recipe/recipe';

const recipe: Recipe = {
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
  },
  maxGradNorm: 1,
  scheduler: 'cosine',
  warmup: 0.03,
  dropout: 0.05,
  init: 'kaiming-uniform',
  targetModules: null,
};

/** The usual check: an AdamW recipe at three times its alpha, with every kind of variant. */
export function checkSpec(backend: BackendId): PreparedSpec {
  const settable = new Set<Field>(['alpha', 'learningRate', 'weightDecay', 'eps', 'maxGradNorm']);
  return specFor(recipe, plansFor(recipe, 3 * recipe.alpha, { settable }), 'symmetric', { backend });
}
