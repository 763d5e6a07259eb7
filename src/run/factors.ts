import * as l10n from '@vscode/l10n';
import { argumentOf, groupKeyOf, type OptimizerRule } from '../config/optimizers/word';
import type { ConfigReading } from '../config/read';
import { namedOptimizer } from '../config/understand/fields/named-optimizer';
import { rowUnder } from '../recipe/optimizers/early-steps';
import { rescale, type FactorChanges, type GaugeId } from '../recipe/gauge';
import type { ConstantId } from '../recipe/optimizers/constants';
import { lrPower, type OptimizerRow } from '../recipe/optimizers/optimizer-row';
import { rowFor } from '../recipe/optimizers/optimizers';
import { holds, loraOptimizers } from './recording';
import type { Factors, RecordedOptimizer, Recording, RunPlan } from './recording';
import { knownClass } from './recipe-of-run';

/** A plan that can be applied to the recorded program at run time, or why there is none. */
export type Factored = { plan: RunPlan; row: OptimizerRow; gauge: GaugeId } | { refused: string };

/** Alpha alone: the scaling is multiplied, and nothing makes up for it. */
export const alphaAlone = (k: number): RunPlan => ({ k, A: 1, B: 1, clip: {}, optimizers: 'as-is', scaleInit: false });

/** The gauge that a run can be in: a factor that does not train cannot take its part of k. */
export function gaugeFor({ modules }: Recording, asked?: GaugeId): GaugeId | { refused: string } {
  const trains = (factor: 'A' | 'B'): boolean => modules.some((module) => module.trains[factor]);
  const only = !trains('A') ? 'keep-init' : !trains('B') ? 'keep-b' : null;
  if (only === null || asked === undefined || asked === only) return asked ?? only ?? 'symmetric';
  const frozen = only === 'keep-init' ? 'A' : 'B';
  return { refused: l10n.t`${frozen} is frozen in this run, so only the plan ${only} keeps it.` };
}

/**
 * What makes the recorded run the same at `k` times the scaling, from the rows of its optimizers. DoRA's magnitudes, and
 * what trains beside LoRA, keep their numbers.
 * @param reading of the recording, by `runReading`
 * @throws RecipeError if k is no number above 0
 */
export function factorsFor(recording: Recording, reading: ConfigReading, k: number, asked?: GaugeId): Factored {
  const gauge = gaugeFor(recording, asked);
  if (typeof gauge !== 'string') return gauge;
  const optimizers = [];
  let row: OptimizerRow | null = null;
  for (const optimizer of loraOptimizers(recording)) {
    const found = ruleOf(optimizer, reading, gauge);
    if ('refused' in found) return found;
    row ??= found.row;
    const { a, b } = rescale(found.row, k, gauge);
    // A bias of B is multiplied by the scaling alone, so all of k goes to it.
    const bias = rescale(found.row, k, { p: k, q: 1 }).a;
    const roles = Object.entries({ A: a, B: b, bias }).filter(([role]) =>
      optimizer.groups.some((one) => holds(one, role)),
    );
    // Its estimate of the distance, beside the first guess.
    const distances = ['d0', 'd', 'd_max'].filter((key) => optimizer.groups.some(({ numbers }) => key in numbers));
    const keep = a.constants.d0 ?? 1;
    optimizers.push({
      class: optimizer.class,
      roles: Object.fromEntries(roles.map(([role, changes]) => [role, keyed(changes, found.rule, optimizer)])),
      ...(keep !== 1 && { once: Object.fromEntries(distances.map((key) => [key, keep])) }),
    });
  }
  if (!row) return { refused: l10n.t('No optimizer of LoRA was recorded.') };
  const { maxGradNorm, gauge: split } = rescale(row, k, gauge);
  // A factor that is frozen everywhere does not count in the norm.
  const norm = maxGradNorm ?? (gaugeFor(recording) === gauge ? k : null);
  const clip = { ...(norm !== null && { norm }), ...(split.p === split.q && { value: split.p }) };
  const plan = { k, A: split.p, B: split.q, clip, optimizers, scaleInit: !!recording.precision.scaler };
  return { plan, row, gauge };
}

interface Rule {
  rule: OptimizerRule;
  row: OptimizerRow;
}

/** The rule of a recorded class, with the arguments that it was made with. */
function ruleOf(
  { class: path, groups }: RecordedOptimizer,
  { runs }: ConfigReading,
  gauge: GaugeId,
): Rule | { refused: string } {
  const name = knownClass(path);
  const own = runs.filter(({ adapters }) => adapters.some(({ recipe }) => recipe.optimizer.name === name));
  const rows = new Set(own.map(({ adapters }) => adapters[0]?.recipe.optimizer.row));
  if (rows.size > 1) return { refused: l10n.t`Two optimizers of the class ${path} follow different rules.` };
  const [run] = own;
  const recipe = run?.adapters[0]?.recipe;
  const row = recipe && rowFor(recipe.optimizer);
  const { rule = null, unknown = null } = run ? namedOptimizer(run.layout, run.root, name) : {};
  if (!recipe || !row || !rule) return { refused: unknown ?? l10n.t`No rule is known for the optimizer ${path}.` };
  const { betas } = recipe.optimizer;
  const found = { rule, row: betas ? rowUnder(row, betas) : row };
  const refused = refusal(found, groups, gauge);
  return refused === null ? found : { refused };
}

/** Why a row cannot be applied at run time, or null. */
function refusal({ row, rule }: Rule, groups: RecordedOptimizer['groups'], gauge: GaugeId): string | null {
  const isFixed = row.rate === 'fixed' && lrPower(row) !== 0;
  if (row.noRule || row.early || isFixed) return `${row.title}: ${row.limit?.message ?? ''}`;
  if (row.gauges === 'symmetric' && gauge !== 'symmetric')
    return l10n.t`${row.title} shares its state among A and B, so only the plan symmetric is exact.`;
  if (row.frozen === 'A' && gauge !== 'keep-init') return l10n.t`${row.title} freezes A: choose the plan keep-init.`;
  for (const { constant, power, default: usual } of row.constants) {
    const key = keyOf(constant, rule);
    const values = groups.map(({ numbers }) => numbers[key.split('.')[0] ?? key] ?? null);
    // Its state is made from this number before a plan can reach it.
    if (constant === 'initialAccumulator' && values.some(Boolean))
      return l10n.t`${row.title} makes its state from ${key} when it is made, before a plan can change it.`;
    const isKept = constant !== 'd0' && power !== 0 && usual !== 0 && values.every((value) => value === null);
    if (isKept) return l10n.t`${row.title} does not keep ${key} in its parameter groups, so no plan can change it.`;
  }
  return null;
}

/** What the groups of a class call a number of its row. */
const keyOf = (field: ConstantId | 'weightDecay', rule: OptimizerRule): string =>
  groupKeyOf(rule, field) ?? argumentOf(rule, field);

/** The factors of one role by the keys of its groups, as far as they have them. */
function keyed(
  { lr, weightDecay, constants }: FactorChanges,
  rule: OptimizerRule,
  { groups }: RecordedOptimizer,
): Factors {
  const named = (Object.entries(constants) as [ConstantId, number][]).filter(([constant]) => constant !== 'd0');
  const factors: Factors = {};
  for (const [field, factor] of [...named, ['weightDecay', weightDecay] as const, ['lr', lr] as const]) {
    const [name = '', item] = field === 'lr' ? [field] : keyOf(field, rule).split('.');
    if (factor === 1 || groups.every(({ numbers }) => (numbers[name] ?? null) === null)) continue;
    const pair = [factors[name] ?? [1, 1]].flat();
    if (item !== undefined) pair[Number(item)] = factor;
    factors[name] = item === undefined ? factor : pair;
  }
  return factors;
}
