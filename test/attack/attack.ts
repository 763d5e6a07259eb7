import { overDraws, controlsOf } from '../../src/experiment/variants/draws';
import { isSameRun, proofsOf } from '../../src/experiment/variants/proof';
import { ruleVariant } from '../../src/experiment/variants/rule';
import type { RunOptions } from '../../src/experiment/run';
import type { VariantSpec } from '../../src/experiment/spec';
import type { Verdict } from '../../src/experiment/verdict/verdict';
import type { OptimizerRow } from '../../src/recipe/optimizers/optimizer-row';
import { FACTORS, type Case } from './cases';
import { verdicts, type Trial } from './court';
import { planted, type Planted } from './plant';

/** A plan that was judged: the right one, one with a planted error, or one that a wrong rule calls right. */
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
  const judged = await verdicts(on.toy, trials, options);
  return judged.map(({ about, verdict }) => ({ ...about, case: on, verdict }));
}

/** The row as someone might have written it wrongly. */
function wrongRules(row: OptimizerRow): [Planted, OptimizerRow][] {
  const { constants, decayPower, decay } = row;
  const unmoved = (id: 'eps' | 'other'): OptimizerRow => ({
    ...row,
    constants: constants.map((one) => ((one.constant === 'eps') === (id === 'eps') ? { ...one, power: 0 } : one)),
  });
  return [
    ['lr/k', { ...row, d: row.d + 1 }],
    ...(constants.some(({ constant }) => constant === 'eps') ? [['eps forgotten', unmoved('eps')] as const] : []),
    ...(constants.some(({ constant }) => constant !== 'eps')
      ? [['other constant forgotten', unmoved('other')] as const]
      : []),
    ...(decay !== 'none' && decayPower !== 0 ? [['decay forgotten', { ...row, decayPower: 0 }] as const] : []),
  ].map(([error, rule]) => [error, rule] as [Planted, OptimizerRow]);
}
