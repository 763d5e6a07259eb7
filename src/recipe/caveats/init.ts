import { adaptsEmbeddings } from '../init/facts';
import type { CaveatRule } from './caveat-rule';

/** Inits that depend on alpha, or that do not start with A random and B zero. */
export const INIT_CAVEATS: readonly CaveatRule[] = [
  {
    code: 'init-subtracts-scaling',
    limits: 'nearly',
    applies: ({ plan, init }) => init.scaling === 'subtracts' && plan !== 'lr-only',
    message: ({ recipe }) =>
      `${recipe.init} takes scaling·B·A out of the frozen weights. The code gives back what the factors lose, to the rounding of those weights; quantised weights cannot take it, and there this plan does not hold.`,
  },
  {
    code: 'init-subtracts-scaling-uncoded',
    limits: 'approximate',
    applies: ({ plan, init }) => init.scaling === 'subtracts' && plan === 'lr-only',
    message: ({ recipe }) =>
      `${recipe.init} takes scaling·B·A out of the frozen weights, so at another alpha it leaves other weights behind.`,
  },
  {
    code: 'dora-norms-too-early',
    limits: 'approximate',
    applies: ({ plan, recipe, init }) =>
      plan !== 'lr-only' && recipe.useDora && (recipe.init === 'loftq' || recipe.init === 'random-b') && !init.zeroB,
    message: ({ recipe }) =>
      `DoRA takes its magnitudes from the weights with scaling·B·A added, before the code divides the factors. ${recipe.init} fills B, so they would be those of the new scaling.`,
  },
  {
    code: 'init-unknown',
    limits: 'approximate',
    applies: ({ init }) => init.isUnknown === true,
    message: ({ recipe }) =>
      `The init ${recipe.init} is not known here: it may look at alpha. The code divides both factors after it ran.`,
  },
  {
    code: 'frozen-b',
    applies: ({ trains }) => trains === 'A',
    message: () => 'MiCA freezes B and starts A at zero, so all of k goes to A: its numbers move by k, not by √k.',
  },
  {
    code: 'frozen-a',
    applies: ({ trains }) => trains === 'B',
    message: () => 'A is frozen, so all of k goes to B: its numbers move by k, not by √k.',
  },
  {
    code: 'embedding-init',
    applies: ({ plan, recipe }) => plan === 'symmetric' && adaptsEmbeddings(recipe),
    message: () =>
      'In embedding layers A starts at zero and B at random, so there the factor goes on B; the code divides both.',
  },
  {
    code: 'embedding-split',
    limits: 'approximate',
    applies: ({ plan, recipe, trains, grouped }) =>
      !grouped && (plan === 'keep-init' || plan === 'keep-b') && trains === 'both' && adaptsEmbeddings(recipe),
    message: () =>
      'In embedding layers A starts at zero and B at random, and LoRA+ gives both one rate of their own (1e-6 unless told otherwise), so they do not follow.',
  },
];
