import { isUsable, USABLE } from '../recipe/check-recipe';
import { CONSTANT_IDS, type ConstantId } from '../recipe/optimizers/constants';
import type { ReadField } from './reading';

interface Limit {
  holds: (value: number) => boolean;
  /** What would be right. */
  right: string;
}

const atLeastZero: Limit = { holds: isUsable, right: USABLE };

/** What a field's number may be. The bounds of rank and alpha are those of the scaling (recipe/recipe.ts). */
export const LIMITS: Partial<Record<ReadField, Limit>> = {
  ...(Object.fromEntries(CONSTANT_IDS.map((id) => [id, atLeastZero])) as Record<ConstantId, Limit>),
  rank: {
    holds: (value) => Number.isInteger(value) && value >= 1 && value <= 65536,
    right: 'a whole number from 1 to 65536',
  },
  alpha: { holds: (value) => value >= 1e-6 && value <= 1e6, right: 'a number above 0, from 1e-6 to 1e6' },
  multiplier: { holds: (value) => value >= 1e-6 && value <= 1e6, right: 'a number above 0, from 1e-6 to 1e6' },
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
