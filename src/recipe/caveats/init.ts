import * as l10n from '@vscode/l10n';
import { adaptsEmbeddings } from '../init/facts';
import type { CaveatRule } from './caveat-rule';

/** Inits that depend on alpha, or that do not start with A random and B zero. */
export const INIT_CAVEATS: readonly CaveatRule[] = [
  {
    code: 'init-subtracts-scaling',
    limits: 'nearly',
    applies: ({ plan, init }) => init.scaling === 'subtracts' && plan !== 'lr-only',
    message: ({ recipe }) =>
      l10n.t`${recipe.init ?? ''} subtracts scaling·B·A from the frozen weights. The code adds back what the factors lose, up to the rounding of those weights. Quantised weights cannot be corrected, so the plan does not hold for them.`,
  },
  {
    code: 'init-subtracts-scaling-uncoded',
    limits: 'approximate',
    applies: ({ plan, init }) => init.scaling === 'subtracts' && plan === 'lr-only',
    message: ({ recipe }) =>
      l10n.t`${recipe.init ?? ''} subtracts scaling·B·A from the frozen weights, so another alpha gives other frozen weights.`,
  },
  {
    code: 'dora-norms-too-early',
    limits: 'approximate',
    applies: ({ plan, recipe, init }) =>
      plan !== 'lr-only' && recipe.useDora && (recipe.init === 'loftq' || recipe.init === 'random-b') && !init.zeroB,
    message: ({ recipe }) =>
      l10n.t`DoRA computes its magnitudes from the weights plus scaling·B·A, before the code divides the factors. With ${recipe.init ?? ''}, B is not zero, so the magnitudes would have the new scaling.`,
  },
  {
    code: 'init-unknown',
    limits: 'approximate',
    applies: ({ init }) => init.isUnknown === true,
    message: ({ recipe }) =>
      l10n.t`The init ${recipe.init ?? ''} is unknown and may depend on alpha. The code divides both factors after the init.`,
  },
  {
    code: 'frozen-b',
    applies: ({ trains }) => trains === 'A',
    message: () =>
      l10n.t('MiCA freezes B and starts A at zero, so all of k goes to A: its numbers change by k, not by √k.'),
  },
  {
    code: 'frozen-a',
    applies: ({ trains }) => trains === 'B',
    message: () => l10n.t('A is frozen, so all of k goes to B: its numbers change by k, not by √k.'),
  },
  {
    code: 'embedding-init',
    applies: ({ plan, recipe }) => plan === 'symmetric' && adaptsEmbeddings(recipe),
    message: () =>
      l10n.t(
        'In embedding layers A starts at zero and B at random, so there the factor goes on B; the code divides both.',
      ),
  },
  {
    code: 'embedding-split',
    limits: 'approximate',
    applies: ({ plan, recipe, trains, grouped }) =>
      !grouped && (plan === 'keep-init' || plan === 'keep-b') && trains === 'both' && adaptsEmbeddings(recipe),
    message: () =>
      l10n.t(
        'In embedding layers A starts at zero and B at random, and LoRA+ gives both a separate learning rate (default 1e-6), so the plan does not cover them.',
      ),
  },
];
