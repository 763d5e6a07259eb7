import type { ConfigChange } from '../config/plan/changes';
import { outsideChanges, type ConfigPlan, type ConfigPlans } from '../config/planned';
import type { Finding, NotUnderstood, Reading, ReadRecipe } from '../config/reading';
import type { ExperimentSpec, TrainedRun } from '../experiment/spec';
import { variantName } from '../experiment/variants/draws';
import { weightDeviations } from '../experiment/verdict/deviations';
import type { Verdict } from '../experiment/verdict/verdict';
import type { Caveat } from '../recipe/caveats/caveat';
import type { Comparison } from '../recipe/compare/compare-recipes';
import { TOLERANCE } from '../recipe/compare/ratio';
import { valueOf, type Signature } from '../recipe/signature';

// What the terminal, the library and the tools of assistants answer. Spelled out, key by key: this is a contract with other
// people's programs.

/** An experiment that was trained, and its verdict. */
interface Trained {
  spec: ExperimentSpec;
  result: TrainedRun;
  verdict: Verdict;
}

/** One JSON document. Losses that are not finite become null, which is all JSON has for them. */
export function json(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  // Hundreds of losses take one line. JSON strings hold no line ends, so none of them is touched.
  return `${text.replace(/\[\n\s+([^[\]{}"]+?)\n\s+\]/g, (_, items: string) => `[${items.replace(/\n\s+/g, ' ')}]`)}\n`;
}

/**
 * What `read --json` says of one file. Ranges are left out: lines and columns are what people and scripts use.
 * @param signatures of the recipes
 */
export function readingJson(file: string, reading: Reading, signatures: readonly (string | null)[]) {
  const { isLora, trainer, syntax, recipes, findings, source, isGuess, notUnderstood } = reading;
  return {
    ...{ file, isLora, trainer, syntax },
    ...(isGuess && { isGuess }),
    ...(source && { source }),
    recipes: recipes.map((recipe, i) => ({ ...recipeJson(recipe), signature: signatures[i] ?? null })),
    findings: findings.map(findingJson),
    notUnderstood: notUnderstood.map(notUnderstoodJson),
  };
}

export function findingJson({ code, severity, message, line }: Finding) {
  return { code, severity, message, line };
}

/** A part of the file that was not understood. */
export function notUnderstoodJson({ line, source, why }: NotUnderstood) {
  return { line, source, why };
}

function recipeJson(recipe: ReadRecipe) {
  const { name, rank, alpha, scaling, scalingRule, useDora, learningRate, lrA, lrB, loraplusLrRatio } = recipe;
  const { maxGradNorm, maxGradValue, scheduler, warmup, dropout, init, targetModules, assumed, run } = recipe;
  const { row, betas, eps, weightDecay, momentum, nesterov, constants, options, unknown = null } = recipe.optimizer;
  const step = { row, unknown, eps, betas, weightDecay, momentum, nesterov, constants, options };
  const stated = Object.entries(recipe.stated).map(([key, { path, line, column }]) => [key, { path, line, column }]);
  return {
    ...{ name, rank, alpha, scaling, scalingRule, useDora, learningRate, lrA, lrB, loraplusLrRatio },
    optimizer: { name: recipe.optimizer.name, ...step },
    maxGradNorm,
    ...(maxGradValue !== undefined && { maxGradValue }),
    ...{ scheduler, warmup, dropout, init, targetModules },
    ...{ stated: Object.fromEntries(stated), assumed, elsewhere: recipe.unresolved ?? {} },
    ...(run !== undefined && { run }),
  };
}

/**
 * A change as numbers: `from` as it stands (or as the default is), `to` as it would be written, `factor` exact.
 * null where nobody says; a switch is 0 or 1, and its factor is that of the scaling.
 */
export function changeJson({ field, key, from, to, written, exact, factor }: ConfigChange) {
  if (field === 'useRslora') return { key, from: exact === null ? null : 1 - exact, to: written, factor };
  return { key, from: numeric(from) ?? (exact === null ? null : exact / factor), to: written ?? numeric(to), factor };
}

function numeric(text: string | null): number | null {
  const value = text === null || text.trim() === '' ? NaN : Number(text.replace(/^(['"])(.*)\1$/, '$2'));
  return Number.isFinite(value) ? value : null;
}

/** `plan --json`: the plans, best first. */
export function plansJson({ notUnderstood }: Reading, { k, target, plans }: ConfigPlans) {
  return { k, target, plans: plans.map(planJson), notUnderstood: notUnderstood.map(notUnderstoodJson) };
}

export function planJson({ id, exactness, configChanges, init, code, caveats }: ConfigPlan) {
  return { id, exactness, changes: configChanges.map(changeJson), init, code, caveats: caveats.map(caveatJson) };
}

/** `rewrite --json` without the diff. `left`: the numbers that stand in another file. */
export function rewriteJson(file: string, reading: Reading, plan: ConfigPlan) {
  return {
    ...{ file, exactness: plan.exactness, code: plan.code },
    changes: plan.configChanges.map(changeJson),
    left: outsideChanges(plan).map(({ key, factor }) => ({ key, factor })),
    findings: reading.findings.map(findingJson),
    caveats: plan.caveats.map(caveatJson),
    notUnderstood: reading.notUnderstood.map(notUnderstoodJson),
  };
}

export function caveatJson({ code, message }: Caveat) {
  return { code, message };
}

/**
 * `check --json`: the verdict, what was trained, every variant's losses (before each step) and its largest relative
 * deviation; the seed of each where there are several, and the learning rate that fits best where nothing else can be
 * moved: the rate itself and its factor on the base's, how far its curve is from the base's at most, and its losses.
 */
export function runJson({ spec, result, verdict }: Trained, why: string) {
  const { fit, backend, ms } = result;
  const rate = spec.variants.find(({ role }) => role === 'base')?.a.lr;
  const variants = spec.variants.map((variant, i) => ({
    name: variantName(variant),
    ...(spec.seeds.length > 1 && { seed: spec.seeds[variant.draw] }),
    loss: result.losses[i] ?? [],
    maxDeviation: verdict.deviations[i] ?? null,
  }));
  const lr = rate === undefined || !fit ? null : rate * fit.lr;
  return {
    ...{ verdict: verdict.kind, task: spec.task, steps: spec.steps, backend, variants },
    ...(fit && { fit: { lr, factor: fit.lr, maxDeviation: fit.deviation, loss: fit.losses } }),
    proof: verdict.proof && { k: verdict.proof.k, identical: verdict.proof.identical },
    ...{ why, ms },
  };
}

/** `check --json`: as {@link runJson}, and what of the config was not understood. */
export function checkJson({ notUnderstood }: Reading, trained: Trained, why: string) {
  return { ...runJson(trained, why), notUnderstood: notUnderstood.map(notUnderstoodJson) };
}

/** `sweep --json`: as {@link runJson}, and the largest relative deviation of the weights at the end (0 = same bits). */
export function sweepJson(check: Trained, why: string) {
  const { variants } = check.spec;
  const weights = weightDeviations(variants, check.result.weights);
  const counted = weights.filter((_, i) => variants[i]?.role !== 'control');
  return { ...runJson(check, why), weightDeviation: Math.max(0, ...counted) };
}

/** What `compare --json` says. `same` is null where it cannot be told. */
export function comparisonJson(comparison: Comparison, [first, second]: readonly [Reading, Reading]) {
  const { same, meaning, signatures, compared, ways } = comparison;
  const differing = compared.filter((each) => each.same === false);
  return {
    same,
    why: meaning,
    signatureA: signatureJson(signatures[0]),
    signatureB: signatureJson(signatures[1]),
    differences: differing.map(({ key, first, second, ratio, why }) => ({ key, a: first, b: second, ratio, why })),
    unknown: compared.filter((each) => each.same === null).map(({ key, why }) => ({ key, why })),
    ways: ways.map(({ id, changes, init, left }) => ({
      id,
      changes: changes.map(({ field, from, to, factor }) => ({ field, from, to, factor })),
      init,
      left: left.map(({ key }) => key),
    })),
    tolerance: TOLERANCE,
    unsaid: comparison.unsaid,
    notUnderstoodA: first.notUnderstood.map(notUnderstoodJson),
    notUnderstoodB: second.notUnderstood.map(notUnderstoodJson),
  };
}

/** The numbers of a signature; null where nobody says. */
function signatureJson({ rank, row, init, isRelative, quantities }: Signature) {
  const unit = isRelative ? 'the size of the init' : null;
  const values = Object.entries(quantities).map(([key, quantity]) => [key, valueOf(quantity)]);
  return { rank, optimizer: row?.id ?? null, init: init?.id ?? null, unit, ...Object.fromEntries(values) };
}
