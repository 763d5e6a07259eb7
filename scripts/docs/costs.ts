import { cpu } from '../../src/experiment/backends/cpu';
import { movedBy, numbersOf, UNMOVED, type Factors } from '../../src/experiment/variants/numbers';
import { runExperiment } from '../../src/experiment/run';
import type { ExperimentSpec, VariantSpec } from '../../src/experiment/spec';
import { toyFor } from '../../src/experiment/toy/toy';
import { baseOf } from '../../src/experiment/variants/variants';
import { deviationsOf } from '../../src/experiment/verdict/deviations';
import { exactGauge, rescale, type FactorChanges, type GaugeId } from '../../src/recipe/gauge';
import { numberLabel } from '../../src/recipe/notation';
import type { OptimizerRow } from '../../src/recipe/optimizers/optimizer-row';
import type { Constants } from '../../src/recipe/optimizers/constants';
import { scalingOf, type Recipe } from '../../src/recipe/recipe';

/** What it costs to leave something out of the rule, measured. */
export interface Cost {
  /** `alpha alone`, `lr/k`, `weight decay 0.1 left alone` … */
  what: string;
  /** Largest relative deviation of the loss from the original run. */
  deviation: number;
}

export interface Costs {
  /** The rule itself at k = 4, in the symmetric gauge unless A is frozen: 0 = the same bits. */
  rule: number;
  /** The same in LoRA+'s gauge; null where the row does not allow it. */
  keepInit: number | null;
  costs: Cost[];
}

/** All measurements: rank 8, alpha 16 → 64, so k = 4. */
export const STEPS = 100;
export const K = 4;
export const DECAY = 0.1;
/** Values that are not negligible, to see what a constant does whose default is. */
const LARGE: Constants = { eps: 1e-3, initialAccumulator: 0.1, lambd: 0.1, d0: 1e-3 };

/** Trains the row's rule, and the rule with one thing left out at a time, beside the original run. */
export async function costsOf(row: OptimizerRow): Promise<Costs> {
  const plain = recipeOf(row, {});
  const loud = recipeOf(row, { weightDecay: row.decay === 'none' ? null : DECAY });
  const gauge = exactGauge(row);
  const rule = rescale(row, K, gauge);
  const keepInit =
    row.gauges === 'symmetric' ? null : await deviation(loud, row, rescale(row, K, 'keep-init'), 'keep-init');
  const costs: Cost[] = [
    { what: 'alpha alone', deviation: await deviation(plain, row, UNMOVED, null) },
    { what: 'lr/k', deviation: await deviation(plain, row, { ...UNMOVED, ...rates(1 / K) }, gauge) },
  ];
  const without = async (
    what: string,
    recipe: Recipe,
    forget: (moves: FactorChanges) => FactorChanges,
  ): Promise<void> => {
    const factors = { ...rule, a: forget(rule.a), b: forget(rule.b) };
    costs.push({ what, deviation: await deviation(recipe, row, factors, gauge) });
  };
  if (row.early) await without('the first steps’ learning rate', plain, (moves) => ({ ...moves, early: [] }));
  if (row.decay !== 'none') await without(`weight decay ${DECAY}`, loud, (moves) => ({ ...moves, weightDecay: 1 }));
  for (const { constant, default: usual } of row.constants) {
    const forget = (moves: FactorChanges): FactorChanges => ({
      ...moves,
      constants: { ...moves.constants, [constant]: 1 },
    });
    for (const value of new Set([usual, LARGE[constant] ?? usual])) {
      if (value !== 0) await without(`${constant} ${numberLabel(value)}`, recipeOf(row, { [constant]: value }), forget);
    }
  }
  return { rule: await deviation(loud, row, rule, gauge), keepInit, costs };
}

function rates(lr: number): Pick<Factors, 'a' | 'b'> {
  return { a: { ...UNMOVED.a, lr }, b: { ...UNMOVED.b, lr } };
}

/** @param gauge null: the init stays as it is */
async function deviation(recipe: Recipe, row: OptimizerRow, factors: Factors, gauge: GaugeId | null): Promise<number> {
  const numbers = numbersOf(recipe, row);
  const base = baseOf(recipe.scaling, numbers);
  const { gauge: split } = rescale(row, K, gauge ?? 'keep-init');
  const twin: VariantSpec = {
    ...base,
    ...movedBy(numbers, factors),
    name: 'twin',
    role: 'rescaled',
    scaling: recipe.scaling * K,
    init: gauge === null ? base.init : { A: 1 / split.p, B: 1 / split.q },
  };
  const spec: ExperimentSpec = { ...toyFor(recipe, row, { backend: 'cpu', steps: STEPS }), variants: [base, twin] };
  const { losses } = await runExperiment(spec, {
    backends: [cpu],
    assets: '',
    isStopped: () => false,
    pause: () => Promise.resolve(),
    onStart: () => undefined,
    onPoints: () => undefined,
  });
  return Math.max(...deviationsOf(losses[1] ?? [], losses[0] ?? []));
}

function recipeOf(row: OptimizerRow, stated: Constants & { weightDecay?: number | null }): Recipe {
  const { weightDecay = 0, eps = null, ...constants } = stated;
  const [rank, alpha] = [8, 16];
  return {
    name: 'lora',
    rank,
    alpha,
    scalingRule: 'standard',
    scaling: scalingOf('standard', alpha, rank),
    useDora: false,
    learningRate: row.defaults.learningRate,
    lrA: null,
    lrB: null,
    loraplusLrRatio: null,
    optimizer: {
      name: row.id,
      row: row.id,
      betas: null,
      eps,
      weightDecay,
      momentum: null,
      nesterov: null,
      constants,
      options: {},
    },
    maxGradNorm: null,
    scheduler: null,
    warmup: null,
    dropout: null,
    init: null,
    targetModules: null,
  };
}
