import type { CaveatRule } from './caveat-rule';

/** What limits nothing. */
export const WORTH_KNOWING: readonly CaveatRule[] = [
  {
    code: 'never-learns',
    applies: ({ row, init }) => row.stuck !== undefined && init.zeroB,
    message: ({ row }) => row.stuck ?? '',
  },
  {
    code: 'quantized-states',
    applies: ({ plan, recipe }) => plan !== 'lr-only' && recipe.optimizer.quantized === true,
    message: ({ recipe }) =>
      `${recipe.optimizer.name} keeps its states in 8 bits or fewer, each block by its own largest value: the plan is exact up to their rounding.`,
  },
  {
    code: 'dropout-unchanged',
    applies: ({ plan, recipe }) => plan !== 'lr-only' && (recipe.dropout ?? 0) !== 0,
    message: () => 'LoRA dropout stays as it is: it has no unit.',
  },
];
