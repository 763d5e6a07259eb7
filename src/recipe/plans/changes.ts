import * as l10n from '@vscode/l10n';
import type { Gauge } from '../gauge';
import { lawOf, roundSignificant } from '../notation';
import { lrPower, type MovingConstant } from '../optimizers/optimizer-row';
import type { ConstantId } from '../optimizers/constants';
import type { Change, Field } from './plan';
import { statedConstant, type Recipe } from '../recipe';
import type { Situation } from './situation';

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

/** Numbers that A and B share: weight decay, max grad norm and value, and constants, if they are on and can be set. */
export function sharedChanges(situation: Situation, power: number): Change[] {
  const { recipe, row, support } = situation;
  const { weightDecay } = recipe.optimizer;
  const changes = [
    ...(weightDecay ? [change(situation, 'weightDecay', weightDecay, row.decayPower * power)] : []),
    ...(recipe.maxGradNorm ? [change(situation, 'maxGradNorm', recipe.maxGradNorm, power)] : []),
    ...(recipe.maxGradValue ? [change(situation, 'maxGradValue', recipe.maxGradValue, power)] : []),
    ...row.constants.flatMap((moving) => {
      const from = constantNow(recipe, moving);
      return from ? [change(situation, moving.constant, from, moving.power * power)] : [];
    }),
  ];
  return changes.filter(({ field, law }) => law !== lawOf(0) && support.settable.has(field));
}

/** @param power of k by which the init is divided */
export function initChange(situation: Situation, power: number): Change {
  return change(situation, 'init', 1, -power);
}

/** A constant's value: the recipe's, else the implementation's default; null if there is no optimizer. */
export function constantNow(
  { optimizer }: Pick<Recipe, 'optimizer'>,
  { constant, default: usual }: Pick<MovingConstant, 'default'> & { constant: ConstantId },
): number | null {
  return statedConstant(optimizer, constant) ?? (optimizer.row === null ? null : usual);
}

function change({ k, digits }: Situation, field: Field, from: number | null, power: number): Change {
  const factor = k ** power;
  const exact = from === null ? null : from * factor;
  const written = exact === null ? null : roundSignificant(exact, digits);
  return { field, from, exact, written, factor, law: lawOf(power) };
}
