import { isUsable, USABLE } from '../../recipe/check-recipe';
import { CONSTANT_IDS, type ConstantId } from '../../recipe/optimizers/constants';
import { ALPHA_RANGE, isAlpha, isRank, RANK_RANGE } from '../../recipe/recipe';
import type { ReadField } from '../reading';

interface Limit {
  holds: (value: number) => boolean;
  /** What would be right. */
  right: string;
}

const atLeastZero: Limit = { holds: isUsable, right: USABLE };

/** What a field's number may be. */
export const LIMITS: Partial<Record<ReadField, Limit>> = {
  ...(Object.fromEntries(CONSTANT_IDS.map((id) => [id, atLeastZero])) as Record<ConstantId, Limit>),
  rank: { holds: isRank, right: RANK_RANGE },
  alpha: { holds: isAlpha, right: `a number ${ALPHA_RANGE}` },
  multiplier: { holds: isAlpha, right: `a number ${ALPHA_RANGE}` },
  learningRate: atLeastZero,
  weightDecay: atLeastZero,
  maxGradNorm: atLeastZero,
  maxGradValue: atLeastZero,
  momentum: { holds: (value) => value >= 0 && value < 1, right: 'a number from 0 to below 1' },
  warmup: atLeastZero,
  loraplusLrRatio: { holds: (value) => value > 0 && isUsable(value), right: 'a number above 0' },
  dropout: { holds: (value) => value >= 0 && value < 1, right: 'a number from 0 to below 1' },
  betas: { holds: (value) => value >= 0 && value < 1, right: 'numbers from 0 to below 1' },
};
