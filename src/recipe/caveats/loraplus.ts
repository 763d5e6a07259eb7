import type { CaveatRule, Planned } from './rule';

/** Whether the plan brings LoRA+ into a run that had none. */
function introduces({ plan, trains, ratioPower, recipe }: Planned): boolean {
  return (
    (plan === 'keep-init' || plan === 'keep-b') &&
    trains === 'both' &&
    ratioPower !== 0 &&
    recipe.loraplusLrRatio === null
  );
}

/** What a trainer does besides, once it is given a LoRA+ ratio. */
export const LORAPLUS_CAVEATS: readonly CaveatRule[] = [
  {
    code: 'loraplus-drops-decay',
    limits: 'approximate',
    applies: (p) =>
      introduces(p) && p.knobs.loraplus?.dropsDecay === true && (p.recipe.optimizer.weightDecay ?? 0) !== 0,
    message: ({ recipe }) =>
      `With a LoRA+ ratio this trainer does not hand weight decay on, so the decay of ${recipe.optimizer.weightDecay} would be off.`,
  },
  {
    code: 'loraplus-ratio-stays',
    applies: ({ plan, recipe }) => plan === 'symmetric' && recipe.loraplusLrRatio !== null,
    message: () => 'The LoRA+ ratio stays: A and B shrink alike, so their rates move alike.',
  },
  {
    code: 'loraplus-below-one',
    applies: ({ plan, trains, ratioPower, recipe, k }) =>
      plan === 'keep-init' &&
      trains === 'both' &&
      ratioPower !== 0 &&
      (recipe.loraplusLrRatio ?? 1) * k ** ratioPower < 1,
    message: () =>
      'A LoRA+ ratio below 1 is unusual, as B then learns more slowly than A; it is what undoes a larger alpha.',
  },
];
