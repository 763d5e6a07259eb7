import * as l10n from '@vscode/l10n';
import { family } from '../optimizer-row';

const COMMON = { noRule: true } as const;

/** Optimizers that can be trained and measured here, but for which no power of the scaling gives the same run. */
export const NO_RULE_ROWS = family(COMMON, {
  'dadapt-lion': {
    title: l10n.t('D-Adaptation (Lion)'),
    d: 0,
    e: 0,
    decay: 'decoupled',
    constants: [{ constant: 'd0', power: 0, default: 1e-6 }],
    exactness: 'approximate',
    limit: {
      code: 'no-rule',
      message: l10n.t(
        'It takes the sign of a sum of the gradient, which grows with the scaling, and an average that is in units of the step, which does not. How much each counts, and so the sign, changes with the scaling by no power of it.',
      ),
    },
    gauges: 'symmetric',
    why: l10n.t(
      'No rule is known. While its steps are small, the average hardly counts, and it is close to Lion with a learning rate that it finds itself. A step then has the same length whatever the gradient, so the learning rate that keeps the effect of B changes by k. The growth of that learning rate does not change by k.',
    ),
    defaults: { learningRate: 1, betas: [0.9, 0.99], weightDecay: 0, momentum: null },
    source: 'https://github.com/facebookresearch/dadaptation/blob/main/dadaptation/dadapt_lion.py',
  },
});
