import * as l10n from '@vscode/l10n';
import { ALPHA_RANGE, isAlpha, isRank, isUsable, RANK_RANGE, USABLE } from '../../../recipe/recipe';
import { CONSTANT_IDS, type ConstantId } from '../../../recipe/optimizers/constants';
import type { ReadField } from '../../reading';

interface Limit {
  holds: (value: number) => boolean;
  /** What is valid: `a number above 0`. */
  right: string;
}

const atLeastZero: Limit = { holds: isUsable, right: USABLE };

/** The valid numbers of each field. */
export const LIMITS: Partial<Record<ReadField, Limit>> = {
  ...(Object.fromEntries(CONSTANT_IDS.map((id) => [id, atLeastZero])) as Record<ConstantId, Limit>),
  rank: { holds: isRank, right: RANK_RANGE },
  alpha: { holds: isAlpha, right: l10n.t`a number ${ALPHA_RANGE}` },
  multiplier: { holds: isAlpha, right: l10n.t`a number ${ALPHA_RANGE}` },
  learningRate: atLeastZero,
  weightDecay: atLeastZero,
  maxGradNorm: atLeastZero,
  maxGradValue: atLeastZero,
  momentum: { holds: (value) => value >= 0 && value < 1, right: l10n.t('a number from 0 to below 1') },
  warmup: atLeastZero,
  loraplusLrRatio: { holds: (value) => value > 0 && isUsable(value), right: l10n.t('a number above 0') },
  dropout: { holds: (value) => value >= 0 && value < 1, right: l10n.t('a number from 0 to below 1') },
  betas: { holds: (value) => value >= 0 && value < 1, right: l10n.t('numbers from 0 to below 1') },
};
