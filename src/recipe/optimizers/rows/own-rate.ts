import * as l10n from '@vscode/l10n';
import { family, type MovingConstant } from '../optimizer-row';

const EPS: MovingConstant = { constant: 'eps', power: 2, default: 1e-30 };

const WHY = l10n.t(
  'It divides the gradient by its own size, so a step is as long as the learning rate says. It raises and lowers that learning rate itself, from your initial value and within your bounds. All of them change with the init, by √k.',
);

const COMMON = { d: 0, e: 0, decay: 'decoupled', gauges: 'symmetric', why: WHY } as const;

/** Optimizers that change their learning rate as they go, from a start and within bounds that are set. */
export const OWN_RATE_ROWS = family(COMMON, {
  automagic: {
    title: l10n.t('Automagic'),
    constants: [
      EPS,
      { constant: 'rateBump', power: -1, default: 1e-6 },
      { constant: 'minRate', power: -1, default: 1e-7 },
      { constant: 'maxRate', power: -1, default: 1e-3 },
    ],
    exactness: 'exact',
    defaults: { learningRate: 1e-6, betas: null, weightDecay: 0, momentum: null },
    options: { beta2: 0.999, clipThreshold: 1 },
    source: 'https://github.com/ostris/ai-toolkit/blob/main/toolkit/optimizers/automagic.py',
  },
  automagic3: {
    title: l10n.t('Automagic 3'),
    constants: [
      EPS,
      { constant: 'minRate', power: -1, default: 1e-8 },
      { constant: 'maxRate', power: -1, default: 1e3 },
    ],
    exactness: 'exact',
    defaults: { learningRate: 1e-6, betas: null, weightDecay: 0, momentum: null },
    options: { beta2: 0.999, clipThreshold: 1, polarityHistory: 8 },
    source: 'https://github.com/ostris/ai-toolkit/blob/main/toolkit/optimizers/automagic3.py',
  },
});
