import { moveNumbers } from '../../src/experiment/variants/numbers';
import type { MovedNumber, VariantSpec } from '../../src/experiment/spec';
import { isSameRun } from '../../src/experiment/variants/proof';
import { lrPower, type OptimizerRow } from '../../src/recipe/optimizers/optimizer-row';

/** What can be wrong with a plan. */
export const PLANTED = [
  'lr off by 1 %',
  'lr/k',
  'eps forgotten',
  'other constant forgotten',
  'decay forgotten',
  'clip forgotten',
  'init forgotten',
  "DoRA's shared lr",
  'alpha alone',
] as const;

export type Planted = (typeof PLANTED)[number];

interface Setting {
  base: VariantSpec;
  right: VariantSpec;
  row: OptimizerRow;
}

/** Every error that can be planted into the right plan; one that makes no other run is none. */
export function planted(setting: Setting): [Planted, VariantSpec][] {
  return PLANTED.flatMap((error) =>
    PLANT[error](setting)
      .filter((wrong) => !isSameRun(wrong, setting.right))
      .map((wrong): [Planted, VariantSpec] => [error, wrong]),
  );
}

const PLANT: Readonly<Record<Planted, (setting: Setting) => VariantSpec[]>> = {
  'lr off by 1 %': ({ base, right }) => [moveNumbers(base, right, (_, to, what) => (what === 'lr' ? 1.01 * to : to))],
  'lr/k': ({ base, right, row }) => {
    const k = right.scaling / base.scaling;
    // Where the rate is the gradient's, it is right.
    if (lrPower(row) !== -1 || right.gauge.p !== right.gauge.q) return [];
    return [moveNumbers(base, right, (from, to, what, owner) => (what === 'lr' && owner !== 'm' ? from / k : to))];
  },
  'eps forgotten': forgetting('eps'),
  'other constant forgotten': (setting) =>
    setting.row.constants
      .filter(({ constant }) => constant !== 'eps')
      .flatMap(({ constant }) => forgetting(constant)(setting)),
  'decay forgotten': forgetting('weightDecay'),
  'clip forgotten': forgetting('maxGradNorm'),
  'init forgotten': forgetting('init'),
  "DoRA's shared lr": ({ right }) => (right.m ? [{ ...right, m: { ...right.m, lr: right.a.lr } }] : []),
  'alpha alone': ({ base, right }) => [{ ...right, ...moveNumbers(base, right, (from) => from) }],
};

function forgetting(forgotten: MovedNumber): (setting: Setting) => VariantSpec[] {
  return ({ base, right }) => [moveNumbers(base, right, (from, to, what) => (what === forgotten ? from : to))];
}
