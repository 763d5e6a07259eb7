import { moveNumbers } from '../../src/experiment/variants/numbers';
import type { MovedNumber, VariantSpec } from '../../src/experiment/spec';
import { isSameRun, proofsOf } from '../../src/experiment/variants/proof';
import { lrPower, type OptimizerRow } from '../../src/recipe/optimizers/optimizer-row';
import { overDraws, controlsOf } from '../../src/experiment/variants/draws';
import { ruleVariant } from '../../src/experiment/variants/rule';
import type { RunOptions } from '../../src/experiment/run';
import type { Verdict } from '../../src/experiment/verdict/verdict';
import { FACTORS, type Case } from './cases';
import { verdicts, type Trial } from './trials';

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

/** A plan that was checked: the right one, one with a planted error, or one that a wrong rule calls right. */
export interface Attempt {
  plan: 'right' | Planted;
  /** The error stands in the rule itself, so that the plan is what the rule asks for. */
  inRule: boolean;
  k: number;
}

export type Outcome = Attempt & { case: Case; verdict: Verdict };

/** Everything that can be tried on one problem: every k, the right plan and every error, in the plan and in the rule. */
export async function attack(on: Case, options: RunOptions): Promise<Outcome[]> {
  const { base, row } = on;
  const controls = controlsOf(base);
  const trials = FACTORS.flatMap((k): Trial<Attempt>[] => {
    const right = ruleVariant(base, row, k, on.gauge);
    const alone: VariantSpec = { ...base, name: 'alpha-only', role: 'alpha-only', scaling: right.scaling };
    const trial = (plan: Attempt['plan'], variant: VariantSpec, rule: OptimizerRow, inRule: boolean) => {
      const rescaled: VariantSpec = { ...variant, name: 'rescaled', role: 'rescaled' };
      const once = [base, rescaled, alone, ...proofsOf(base, rescaled, rule), ...controls];
      const variants = overDraws(once, on.toy.seeds, rule);
      return { about: { plan, inRule, k }, variants, row: rule };
    };
    return [
      trial('right', right, row, false),
      ...planted({ base, right, row }).map(([error, wrong]) => trial(error, wrong, row, false)),
      ...wrongRules(row).flatMap(([error, rule]) => {
        const wrong = ruleVariant(base, rule, k, on.gauge);
        return isSameRun(wrong, right) ? [] : [trial(error, wrong, rule, true)];
      }),
    ];
  });
  const found = await verdicts(on.toy, trials, options);
  return found.map(({ about, verdict }) => ({ ...about, case: on, verdict }));
}

/** The row as someone might have written it wrongly; where nothing is there to be wrong, as it is. */
function wrongRules(row: OptimizerRow): [Planted, OptimizerRow][] {
  const unmoved = (isWrong: (constant: string) => boolean): OptimizerRow => {
    const constants = row.constants.map((one) => (isWrong(one.constant) ? { ...one, power: 0 } : one));
    return { ...row, constants };
  };
  return [
    ['lr/k', { ...row, d: row.d + 1 }],
    ['eps forgotten', unmoved((constant) => constant === 'eps')],
    ['other constant forgotten', unmoved((constant) => constant !== 'eps')],
    ['decay forgotten', { ...row, decayPower: 0 }],
  ];
}
