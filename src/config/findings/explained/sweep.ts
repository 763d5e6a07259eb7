import * as l10n from '@vscode/l10n';
import type { Explanation } from './explanation';

/** Findings about searches for hyperparameters. */
export const SWEEP = {
  'alpha-swept': {
    title: l10n.t('A search varies alpha at one learning rate'),
    text: l10n.t(
      'The scaling is proportional to alpha. Except for the size of the init, a run at k times the alpha is the run at √k times the learning rate under Adam, and at k times under SGD (with weight decay, eps and max grad norm changed as docs/optimizers.md says). So this search varies the learning rate indirectly, in steps as coarse as those of alpha.',
    ),
  },
  'swept-together': {
    title: l10n.t('A search varies alpha and the learning rate together'),
    text: l10n.t(
      'Two runs with the same rank and the same lr·√alpha (under Adam; lr·alpha under SGD) are one run, except for the initial size of A and for weight decay, eps and max grad norm, which would have to change too. A grid over both tries the same runs several times. Keep alpha and vary the learning rate. To try another size of the init, change the init directly.',
    ),
  },
} satisfies Record<string, Explanation>;
