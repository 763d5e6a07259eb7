import * as l10n from '@vscode/l10n';
import { argumentOf, groupKeyOf, type OptimizerRule } from '../config/optimizers/word';
import type { ConfigReading } from '../config/read';
import { namedOptimizer } from '../config/understand/fields/named-optimizer';
import { rowUnder } from '../recipe/optimizers/early-steps';
import { GAUGE_POWERS, rescale, type FactorChanges, type GaugeId } from '../recipe/gauge';
import { lrPower, type OptimizerRow } from '../recipe/optimizers/optimizer-row';
import { rowFor } from '../recipe/optimizers/optimizers';
import { holds, loraOptimizers, type RecordedOptimizer, type Recording, type RunPlan } from './recording';
import { knownClass } from './recipe-of-run';

/** Factors by key of a parameter group; for a pair (Adafactor's eps) one for each item. */
type Factors = Record<string, number | number[]>;

/** The keys that an optimizer's estimate of the distance is kept under, beside its first guess. */
const DISTANCES = ['d0', 'd', 'd_max'];

/** A plan that can be applied to the recorded program at run time, or why there is none. */
export type Factored = { plan: RunPlan; row: OptimizerRow } | { refused: string };

/** Alpha alone: the scaling is multiplied, and nothing makes up for it. */
export const alphaAlone = (k: number): RunPlan => ({ k, A: 1, B: 1, clip: {}, optimizers: 'as-is', scaleInit: false });

/** The gauge that a run can be in: a factor that does not train cannot take its part of k. */
export function gaugeFor({ modules }: Recording, asked: GaugeId | undefined): GaugeId | { refused: string } {
  const trains = (factor: 'A' | 'B'): boolean => modules.some((module) => module.trains[factor]);
  const only = !trains('A') ? 'keep-init' : !trains('B') ? 'keep-b' : null;
  if (only === null || asked === only) return asked ?? 'symmetric';
  if (asked === undefined) return only;
  const frozen = only === 'keep-init' ? 'A' : 'B';
  return { refused: l10n.t`${frozen} is frozen in this run, so only the plan ${only} keeps it.` };
}

/**
 * What makes the recorded run the same at `k` times the scaling, from the rows of its optimizers. DoRA's magnitudes, and
 * what trains beside LoRA, keep their numbers.
 * @param reading of the recording, by `runReading`
 * @throws RecipeError if k is no number above 0
 */
export function factorsFor(recording: Recording, reading: ConfigReading, k: number, gauge: GaugeId): Factored {
  const rows = loraOptimizers(recording).map((optimizer) => ({ optimizer, ...ruleOf(optimizer, reading) }));
  const none = { refused: l10n.t('No optimizer of LoRA was recorded.') };
  const powers = GAUGE_POWERS[gauge];
  const optimizers = [];
  let row: OptimizerRow | null = null;
  for (const { optimizer, rule, row: own, why } of rows) {
    const refused = why ?? (own ? refusal(own, rule, optimizer, gauge) : null);
    if (refused !== null || !own || !rule) return { refused: refused ?? optimizer.class };
    row ??= own;
    const { a, b } = rescale(own, k, gauge);
    // A bias of B is multiplied by the scaling alone, so all of k goes to it.
    const bias = rescale(own, k, { p: k, q: 1 }).a;
    const distances = DISTANCES.filter((key) => optimizer.groups.some(({ numbers }) => key in numbers));
    const keep = a.constants.d0 ?? 1;
    optimizers.push({
      class: optimizer.class,
      roles: {
        A: keyed(a, rule),
        B: keyed(b, rule),
        ...(optimizer.groups.some((group) => holds(group, 'bias')) && { bias: keyed(bias, rule) }),
      },
      ...(keep !== 1 && { once: Object.fromEntries(distances.map((key) => [key, keep])) }),
    });
  }
  if (!row) return none;
  const { maxGradNorm: norm, gauge: split } = rescale(row, k, gauge);
  const clip = { ...(norm !== null && { norm }), ...(powers.p === powers.q && { value: k ** powers.p }) };
  return { plan: { k, A: split.p, B: split.q, clip, optimizers, scaleInit: !!recording.precision.scaler }, row };
}

/** The rule of a recorded class, with the arguments that it was made with. */
function ruleOf(
  { class: path }: RecordedOptimizer,
  { runs }: ConfigReading,
): { rule: OptimizerRule | null; row: OptimizerRow | null; why: string | null } {
  const name = knownClass(path);
  const run = runs.find(({ adapters }) => adapters.some(({ recipe }) => recipe.optimizer.name === name));
  const recipe = run?.adapters[0]?.recipe;
  const unknown = l10n.t`No rule is known for the optimizer ${path}.`;
  if (!run || !recipe) return { rule: null, row: null, why: unknown };
  const { rule, unknown: why } = namedOptimizer(run.layout, run.root, name);
  const row = rowFor(recipe.optimizer) ?? null;
  const { betas } = recipe.optimizer;
  return { rule, row: row && betas ? rowUnder(row, betas) : row, why: why ?? (row ? null : unknown) };
}

/** Why a row cannot be applied at run time, or null. */
function refusal(
  row: OptimizerRow,
  rule: OptimizerRule | null,
  { groups }: RecordedOptimizer,
  gauge: GaugeId,
): string | null {
  const isFixed = row.rate === 'fixed' && lrPower(row) !== 0;
  if (row.noRule || row.early || isFixed) return `${row.title}: ${row.limit?.message ?? ''}`;
  if (row.gauges === 'symmetric' && gauge !== 'symmetric') {
    return l10n.t`${row.title} shares its state among A and B, so only the plan symmetric is exact.`;
  }
  if (row.frozen === 'A' && gauge !== 'keep-init') return l10n.t`${row.title} freezes A: choose the plan keep-init.`;
  // The state is made from this number before a plan can reach it.
  const made = argumentOf(rule ?? undefined, 'initialAccumulator');
  const isMade = row.constants.some(({ constant }) => constant === 'initialAccumulator');
  if (isMade && groups.some(({ numbers }) => numbers[made])) {
    return l10n.t`${row.title} makes its state from ${made} when it is made, before a plan can change it.`;
  }
  return null;
}

/** The factors of one role by the keys of its groups. */
function keyed({ lr, weightDecay, constants }: FactorChanges, rule: OptimizerRule): Factors {
  const all: [string, number][] = [
    ['lr', lr],
    [groupKeyOf(rule, 'weightDecay') ?? 'weight_decay', weightDecay],
    ...Object.entries(constants)
      .filter(([constant]) => constant !== 'd0')
      .map(([constant, factor]): [string, number] => {
        return [groupKeyOf(rule, constant as 'eps') ?? argumentOf(rule, constant), factor];
      }),
  ];
  const factors: Factors = {};
  for (const [key, factor] of all) {
    if (factor === 1) continue;
    const [name = key, item] = key.split('.');
    if (item === undefined) {
      factors[name] = factor;
      continue;
    }
    const pair = Array.isArray(factors[name]) ? factors[name] : [1, 1];
    pair[Number(item)] = factor;
    factors[name] = pair;
  }
  return factors;
}
