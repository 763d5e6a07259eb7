import * as l10n from '@vscode/l10n';
import { family, moving } from '../optimizer-row';

const ADAPTIVE_WHY = l10n.t(
  'It divides the gradient by its own size, so a step does not depend on the scaling: the learning rate changes with the init, by √k. The average it keeps weighs steps by ratios of learning rates, which do not change.',
);

const ADAPTIVE = {
  d: 0,
  decay: 'decoupled',
  constants: [moving('eps', 1, 1e-8)],
  defaults: { learningRate: 2.5e-3, betas: [0.9, 0.999] },
} as const;

/** Optimizers that average their steps in place of a schedule. */
export const SCHEDULE_FREE_ROWS = family({ e: 0, options: { r: 0, weightLrPower: 2 } } as const, {
  'schedule-free-sgd': {
    title: l10n.t('Schedule-free SGD'),
    d: 1,
    decay: 'coupled',
    stride: 0.5,
    why: l10n.t(
      'A step is as large as the gradient, as in SGD, so the learning rate changes by k; the average it keeps weighs steps by ratios of learning rates, which do not change.',
    ),
    defaults: { learningRate: 1, momentum: 0.9 },
    source: 'https://arxiv.org/abs/2405.15682',
  },
  'schedule-free-adamw': {
    ...ADAPTIVE,
    title: l10n.t('Schedule-free AdamW'),
    stride: 0.5,
    why: ADAPTIVE_WHY,
    source: 'https://arxiv.org/abs/2405.15682',
  },
  'schedule-free-radam': {
    ...ADAPTIVE,
    title: l10n.t('Schedule-free RAdam'),
    stride: 0.2,
    why: l10n.t`${ADAPTIVE_WHY} Unlike RAdam it does not move at all in its first steps, so there is nothing to keep.`,
    source: 'https://github.com/facebookresearch/schedule_free',
  },
});
