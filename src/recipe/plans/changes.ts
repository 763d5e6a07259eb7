import * as l10n from '@vscode/l10n';
import type { Gauge } from '../gauge';
import { initFacts, type InitFacts } from '../init/facts';
import { lawOf, roundSignificant } from '../notation';
import { lrPower, type OptimizerRow } from '../optimizers/optimizer-row';
import { constantIn, type Recipe } from '../recipe';
import type { Destination } from '../target';
import type { Change, Field, PlanId, TrainerSupport } from './plan';

/** The input of a plan. */
export interface Situation {
  recipe: Recipe;
  row: OptimizerRow;
  destination: Destination;
  /** New scaling / old scaling. */
  k: number;
  support: TrainerSupport;
  /** Significant digits of written numbers. */
  digits: number;
  init: InitFacts;
  /** The trained factors. */
  trains: 'both' | 'A' | 'B';
}

export function situationOf(
  recipe: Recipe,
  row: OptimizerRow,
  destination: Destination,
  support: TrainerSupport,
  digits: number,
): Situation {
  const init = initFacts(recipe);
  const trains = init.trains ?? (row.frozen === 'A' ? 'B' : 'both');
  return { recipe, row, destination, k: destination.k, support, digits, init, trains };
}

/** Whether one learning rate is right for A and B: the init follows the scaling by itself, or only one factor trains. */
export const isRightForBoth = ({ trains, init }: Pick<Situation, 'trains' | 'init'>): boolean =>
  trains !== 'both' || init.scaling === 'divides';

/** A change by `power` powers of k. */
export function change({ k, digits }: Situation, field: Field, from: number | null, power: number): Change {
  const factor = k ** power;
  const exact = from === null ? null : from * factor;
  const written = exact === null ? null : roundSignificant(exact, digits);
  return { field, from, exact, written, factor, law: lawOf(power) };
}

/** The requested alpha and scaling rule. Alpha is always listed, also if it stays. */
export function targetChanges({ recipe, destination: { alpha, scalingRule }, k }: Situation): Change[] {
  const factor = alpha / recipe.alpha;
  const own = { field: 'alpha', from: recipe.alpha, exact: alpha, written: alpha, factor } as const;
  if (scalingRule === recipe.scalingRule) return [{ ...own, law: lawOf(1) }];
  const on = scalingRule === 'rslora' ? 1 : 0;
  const law = on ? '× √r' : '÷ √r';
  return [
    { field: 'useRslora', from: 1 - on, exact: on, written: on, factor: k / factor, law },
    { ...own, law: factor === 1 ? l10n.t('unchanged') : l10n.t('as asked') },
  ];
}

/**
 * The learning rate, and the LoRA+ ratio (B's rate / A's; default 1) if those of A and B move apart.
 * @param powers the plan's gauge as powers of k
 */
export function rateChanges(situation: Situation, { p, q }: Gauge): Change[] {
  const { trains, row, recipe, support } = situation;
  const rate = lrPower(row) * (trains === 'B' ? q : p);
  const own = row.rate === 'fixed' ? [] : [change(situation, 'learningRate', recipe.learningRate, rate)];
  const apart = lrPower(row) * (q - p);
  if (trains !== 'both' || apart === 0) return own;
  const from = recipe.loraplusLrRatio ?? (support.inScript?.has('loraplusLrRatio') ? null : 1);
  return [...own, change(situation, 'loraplusLrRatio', from, apart)];
}

/** The numbers with a unit beside the learning rate, and the power of c by which each moves. */
function heldNumbers({ recipe, row }: Situation): [field: Field, from: number | null, power: number][] {
  return [
    ['weightDecay', recipe.optimizer.weightDecay, row.decayPower],
    ['maxGradNorm', recipe.maxGradNorm, 1],
    ['maxGradValue', recipe.maxGradValue ?? null, 1],
    ...row.constants.map((moving): [Field, number | null, number] => [
      moving.constant,
      constantIn(recipe.optimizer, moving),
      moving.power,
    ]),
  ];
}

/** Numbers that A and B share: weight decay, max grad norm and value, and constants, if they are on and can be set. */
export function sharedChanges(situation: Situation, power: number): Change[] {
  return heldNumbers(situation)
    .filter(([field, from, own]) => from && own * power !== 0 && situation.support.settable.has(field))
    .map(([field, from, own]) => change(situation, field, from, own * power));
}

/**
 * Whether code gives the changing factor its own numbers. All other parameters then keep theirs: the other factor,
 * DoRA's magnitudes, whole modules, biases.
 */
export const isGrouped = (plan: PlanId, { support, trains }: Pick<Situation, 'support' | 'trains'>): boolean =>
  support.groups !== undefined && trains === 'both' && (plan === 'keep-init' || plan === 'keep-b');

/** The new numbers of the factor that takes all of k. Code multiplies them, so they are not rounded. */
export function groupChanges(situation: Situation, of: 'A' | 'B'): Change[] {
  const { recipe, row, support } = situation;
  const rate = row.rate === 'fixed' ? 0 : lrPower(row);
  return [['learningRate', recipe.learningRate, rate] as const, ...heldNumbers(situation)]
    .filter(([field, from, power]) => power !== 0 && from !== 0 && support.groups?.has(field))
    .map(([field, from, power]) => {
      const own = change(situation, field, from, power);
      return { ...own, of, written: own.exact };
    });
}

/** Whether a plan adds LoRA+ to a run without it, and the trainer would then ignore the recipe's weight decay. */
export function losesDecay(plan: PlanId, situation: Situation): boolean {
  const { trains, row, recipe, support } = situation;
  const addsRatio =
    (plan === 'keep-init' || plan === 'keep-b') &&
    !isGrouped(plan, situation) &&
    trains === 'both' &&
    recipe.loraplusLrRatio === null &&
    lrPower(row) !== 0;
  return addsRatio && support.loraplus?.dropsDecay === true && !!recipe.optimizer.weightDecay;
}
