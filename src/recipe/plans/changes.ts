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
  /** Whether A and B can have separate rates, or need none. */
  canSplit: boolean;
}

/** Whether one learning rate is right for A and B: the init follows the scaling by itself, or only one factor trains. */
export function isRightForBoth({ trains, init }: Pick<Situation, 'trains' | 'init'>): boolean {
  return trains !== 'both' || init.scaling === 'divides';
}

export function situationOf(
  recipe: Recipe,
  row: OptimizerRow,
  destination: Destination,
  support: TrainerSupport,
  digits: number,
): Situation {
  const init = initFacts(recipe);
  const hasRates = row.rate !== 'fixed' && (support.settable.has('loraplusLrRatio') || support.groups !== undefined);
  return {
    recipe,
    row,
    destination,
    k: destination.k,
    support,
    digits,
    init,
    trains: init.trains ?? (row.frozen === 'A' ? 'B' : 'both'),
    canSplit: row.gauges !== 'symmetric' && init.scaling !== 'divides' && (lrPower(row) === 0 || hasRates),
  };
}

/** The requested alpha and scaling rule. Alpha is always listed, also if it stays. */
export function targetChanges({ recipe, destination, k }: Situation): Change[] {
  const { alpha, scalingRule } = destination;
  const factor = alpha / recipe.alpha;
  const isSwitched = scalingRule !== recipe.scalingRule;
  const own: Change = {
    field: 'alpha',
    from: recipe.alpha,
    exact: alpha,
    written: alpha,
    factor,
    law: isSwitched ? (factor === 1 ? l10n.t('unchanged') : l10n.t('as asked')) : lawOf(1),
  };
  if (!isSwitched) return [own];
  const on = scalingRule === 'rslora' ? 1 : 0;
  const rule: Change = {
    field: 'useRslora',
    from: 1 - on,
    exact: on,
    written: on,
    factor: k / factor,
    law: on ? '× √r' : '÷ √r',
  };
  return [rule, own];
}

/** @param power of k that c is, for the factor whose rate this is */
export function learningRateChange(situation: Situation, power: number): Change[] {
  const { row, recipe } = situation;
  return row.rate === 'fixed' ? [] : [change(situation, 'learningRate', recipe.learningRate, lrPower(row) * power)];
}

/** The LoRA+ ratio, B's rate / A's; default 1. */
export function ratioChange(situation: Situation, powers: Gauge): Change[] {
  const { trains, row, recipe, support } = situation;
  const power = lrPower(row) * (powers.q - powers.p);
  if (trains !== 'both' || power === 0) return [];
  const from = recipe.loraplusLrRatio ?? (support.inScript?.has('loraplusLrRatio') ? null : 1);
  return [change(situation, 'loraplusLrRatio', from, power)];
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
  return heldNumbers(situation).flatMap(([field, from, own]) => {
    const isMoved = from && own * power !== 0 && situation.support.settable.has(field);
    return isMoved ? [change(situation, field, from, own * power)] : [];
  });
}

/** @param power of k by which the init is divided */
export function initChange(situation: Situation, power: number): Change {
  return change(situation, 'init', 1, -power);
}

function change({ k, digits }: Situation, field: Field, from: number | null, power: number): Change {
  const factor = k ** power;
  const exact = from === null ? null : from * factor;
  const written = exact === null ? null : roundSignificant(exact, digits);
  return { field, from, exact, written, factor, law: lawOf(power) };
}

/**
 * Whether code gives the changing factor its own numbers. All other parameters then keep theirs: the other factor,
 * DoRA's magnitudes, whole modules, biases.
 */
export function isGrouped(plan: PlanId, { support, trains }: Pick<Situation, 'support' | 'trains'>): boolean {
  return support.groups !== undefined && trains === 'both' && (plan === 'keep-init' || plan === 'keep-b');
}

/** The factor that changes while the other one is kept. */
export function movingFactor({ p }: Gauge): 'A' | 'B' {
  return p === 0 ? 'B' : 'A';
}

/**
 * The new numbers of the factor that takes all of k. Code multiplies them, so they are not rounded.
 * @param powers the plan's gauge as powers of k
 */
export function groupChanges(situation: Situation, powers: Gauge): Change[] {
  const { recipe, row, support } = situation;
  const rate = row.rate === 'fixed' ? 0 : lrPower(row);
  const numbers = [['learningRate', recipe.learningRate, rate] as const, ...heldNumbers(situation)];
  return numbers.flatMap(([field, from, power]) => {
    if (power === 0 || from === 0 || !support.groups?.has(field)) return [];
    const own = change(situation, field, from, power);
    return [{ ...own, of: movingFactor(powers), written: own.exact }];
  });
}

/** Whether a plan adds LoRA+ to a run without it. */
function introducesRatio(plan: PlanId, situation: Situation): boolean {
  const { trains, row, recipe } = situation;
  const keepsOne = plan === 'keep-init' || plan === 'keep-b';
  const hasOneRate = trains === 'both' && recipe.loraplusLrRatio === null;
  return keepsOne && !isGrouped(plan, situation) && hasOneRate && lrPower(row) !== 0;
}

/** Whether the trainer would then ignore the recipe's weight decay. */
export function losesDecay(plan: PlanId, situation: Situation): boolean {
  const { support, recipe } = situation;
  const drops = support.loraplus?.dropsDecay === true && introducesRatio(plan, situation);
  return drops && (recipe.optimizer.weightDecay ?? 0) !== 0;
}
