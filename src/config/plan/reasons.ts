import * as l10n from '@vscode/l10n';
import { CONSTANTS } from '../../recipe/optimizers/constants';
import { constantOf, type OptimizerRow } from '../../recipe/optimizers/optimizer-row';
import type { Field, Plan } from '../../recipe/plans/plan';

const DECAY: Readonly<Record<OptimizerRow['decay'], string>> = {
  decoupled: l10n.t(
    'Each step shrinks the weights by learning rate × weight decay. The learning rate changes, so the weight decay changes in the opposite direction.',
  ),
  coupled: l10n.t(
    'The optimizer adds weight decay × weights to the gradient, and the units of gradient and weights change in opposite directions.',
  ),
  none: l10n.t('This optimizer has no weight decay.'),
};

/** One sentence for a newcomer: why this number moves in this plan. */
export function reasonFor(field: Field, plan: Plan, row: OptimizerRow): string {
  const { id, shared, grouped } = plan;
  // What the trained factors, and so their gradients, move by.
  const by = shared === 1 || grouped ? 'k' : '√k';
  switch (field) {
    case 'useRslora':
      return l10n.t('The rule you asked for: with rsLoRA the scaling is alpha/√r, without it alpha/r.');
    case 'loraplusLrRatio':
      return id === 'keep-b'
        ? l10n.t(
            'The ratio is the learning rate of B divided by that of A. The learning rate of A changes, and that of B must not.',
          )
        : l10n.t(
            'The ratio is the learning rate of B divided by that of A. A starts as before and keeps its learning rate; only B adapts to the new scaling.',
          );
    case 'rank':
      return '';
    case 'alpha':
      return l10n.t('The alpha you asked for. The scaling is proportional to it.');
    case 'learningRate':
      return rateReason(plan, row);
    case 'weightDecay':
      return DECAY[row.decay];
    case 'maxGradNorm':
      return l10n.t`The gradient norm grows by ${by}. The threshold must grow by the same factor, or clipping starts at another point.`;
    case 'maxGradValue':
      return l10n.t`Every element of the gradient grows by ${by}. The threshold must grow by the same factor, or clipping starts at another point.`;
    case 'init':
      return id === 'symmetric'
        ? l10n.t(
            'The scaling is multiplied by k and the init of A divided by √k, so that gradients and weights match again.',
          )
        : l10n.t`The scaling is multiplied by k and the init of ${id === 'keep-b' ? 'A' : 'B'} divided by k, so that the layer computes the same at the start.`;
    default:
      return CONSTANTS[field].why(by, constantOf(row, field)?.power ?? 1);
  }
}

function rateReason({ id, shared, grouped }: Plan, row: OptimizerRow): string {
  if (row.noRule || id === 'symmetric') return row.why;
  if (id === 'lr-only') return l10n.t('Keeps how fast B·A grows early in training. A itself learns at another pace.');
  if (grouped)
    return l10n.t('Only this factor adapts to the new scaling; all other parameters keep their learning rate.');
  if (shared !== null)
    return l10n.t(
      'Only one of the two factors trains, so its learning rate makes up for the whole change of the scaling.',
    );
  return id === 'keep-init'
    ? l10n.t('This is the learning rate of A, and nothing of A changes.')
    : l10n.t(
        'This is the learning rate of A, whose init is divided by k. B gets its old learning rate back through the LoRA+ ratio.',
      );
}

/** Why another adapter's alpha moves too. */
export const SAME_K = l10n.t(
  'All scalings of the run must change by the same factor, because they share one learning rate.',
);

/** Why a number that is linked to a field moves too. */
export const WHY_ALONG: Partial<Record<Field, string>> = {
  alpha: l10n.t('A copy of this alpha: the trainer stops if the two differ.'),
  learningRate: l10n.t('An absolute learning rate, not a multiple of the main one: it changes by the same factor.'),
  loraplusLrRatio: l10n.t('The ratio of another part of the model: its B adapts to the same new scaling.'),
};
