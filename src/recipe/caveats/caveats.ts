import * as l10n from '@vscode/l10n';
import { CONSTANT_CAVEATS } from './constants';
import { INIT_CAVEATS } from './init';
import { LORAPLUS_CAVEATS } from './loraplus';
import { OPTIMIZER_CAVEATS } from './optimizer';
import { byWeight, type Caveat } from './caveat';
import type { CaveatRule, PlanFacts } from './caveat-rule';
import { SHARED_RATE_CAVEATS } from './shared-rate';

/** Worth knowing; limits no plan. */
const WORTH_KNOWING: readonly CaveatRule[] = [
  {
    code: 'never-learns',
    applies: ({ row, init }) => row.stuck !== undefined && init.zeroB,
    message: ({ row }) => row.stuck ?? '',
  },
  {
    code: 'quantized-states',
    applies: ({ plan, recipe }) => plan !== 'lr-only' && recipe.optimizer.quantized === true,
    message: ({ recipe }) =>
      l10n.t`${recipe.optimizer.name ?? ''} stores its states in 8 bits or fewer, relative to the largest value of each block: the plan is exact up to their rounding.`,
  },
  {
    code: 'dropout-unchanged',
    applies: ({ plan, recipe }) => plan !== 'lr-only' && (recipe.dropout ?? 0) !== 0,
    message: () => l10n.t('LoRA dropout stays: it has no unit.'),
  },
];

/** Every rule, by topic. */
const RULES: readonly CaveatRule[] = [
  ...OPTIMIZER_CAVEATS,
  ...SHARED_RATE_CAVEATS,
  ...INIT_CAVEATS,
  ...CONSTANT_CAVEATS,
  ...LORAPLUS_CAVEATS,
  ...WORTH_KNOWING,
];

/** The caveats of a plan, the most limiting first. */
export function caveatsOf(facts: PlanFacts): Caveat[] {
  const all = RULES.filter((rule) => rule.applies(facts)).map(({ code, message, limits }): Caveat => {
    const limit = typeof limits === 'function' ? limits(facts) : limits;
    return {
      code: typeof code === 'string' ? code : code(facts),
      message: message(facts),
      ...(limit ? { limits: limit } : {}),
    };
  });
  return byWeight(all);
}
