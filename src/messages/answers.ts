import type { ConfigComparison } from '../config/compare/compare-configs';
import type { ConfigChange } from '../config/plan/changes';
import { claimWords } from '../config/plan/claim';
import { outsideChanges, type ConfigPlan, type ConfigPlans } from '../config/planned';
import type { Finding, NotUnderstood, Reading, ReadRecipe } from '../config/reading';
import type { ExperimentSpec, TrainedRun } from '../experiment/spec';
import { variantName } from '../experiment/variants/draws';
import { weightDeviations } from '../experiment/verdict/deviations';
import type { Verdict } from '../experiment/verdict/verdict';
import { verdictWords } from '../experiment/words/verdict-words';
import type { Caveat } from '../recipe/caveats/caveat';
import { TOLERANCE } from '../recipe/compare/ratio';
import { valueOf, type Signature } from '../recipe/signature';

// What the terminal, the library and the tools of assistants answer. Spelled out, key by key: this is a contract with other
// people's programs.

/** An experiment that was trained, and what came of it. */
export interface TrainedCheck {
  spec: ExperimentSpec;
  result: TrainedRun;
  verdict: Verdict;
  /** What the training assumed, in sentences. */
  assumptions: readonly string[];
}

/** The version of every document, which is raised where a key changes its meaning. Keys are only added. */
export const versioned = (document: object): object => ({ version: 1, ...document });

/** The place of the recipe with this name, or number from 1; the first unless named, -1 if there is none. */
export function recipeNamed(recipes: readonly Pick<ReadRecipe, 'name'>[], name: string | undefined): number {
  if (name === undefined) return 0;
  const named = recipes.findIndex((recipe) => recipe.name === name);
  const index = named < 0 && /^\d+$/.test(name) ? Number(name) - 1 : named;
  return index < recipes.length ? index : -1;
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

/** `plan --json`: the plans, best first. @param ran what a recording of the run says */
export function plansJson(
  { notUnderstood }: Reading,
  { k, target, plans }: ConfigPlans,
  ran: { agrees: boolean; findings: readonly Finding[] } | null = null,
) {
  const said = ran && { run: { agrees: ran.agrees, findings: ran.findings.map(findingJson) } };
  return { k, target, plans: plans.map(planJson), notUnderstood: notUnderstood.map(notUnderstoodJson), ...said };
}

/** The claim in words is less than its exactness, where it rests on a recording. */
function planJson({ id, exactness, claim, configChanges, init, code, caveats }: ConfigPlan) {
  const said = { id, exactness, claim: claimWords(claim) };
  return { ...said, changes: configChanges.map(changeJson), init, code, caveats: caveats.map(caveatJson) };
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

function caveatJson({ code, message }: Caveat) {
  return { code, message };
}

/**
 * `check --json`: the verdict, what was trained, every variant's losses (before each step) and its largest relative
 * deviation; the seed of each where there are several, and the learning rate that fits best where nothing else can be
 * moved: the rate itself and its factor on the base's, how far its curve is from the base's at most, and its losses.
 */
function runJson({ spec, result, verdict }: TrainedCheck, why: string) {
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

/** The verdict and what it assumes on one line. */
export function verdictLine({ spec, result, verdict, assumptions }: TrainedCheck): string {
  const { headline, shown = '', detail, aside } = verdictWords(spec, verdict, result.fit);
  const all = [headline, shown, detail, aside, ...assumptions].filter((text) => text !== '');
  return all.map((text) => (/[.!?]$/.test(text) ? text : `${text}.`)).join(' ');
}

/** `check --json`: as {@link runJson}, and what of the config was not understood. */
export function checkJson({ notUnderstood }: Reading, trained: TrainedCheck) {
  return { ...runJson(trained, verdictLine(trained)), notUnderstood: notUnderstood.map(notUnderstoodJson) };
}

/** `sweep --json`: as {@link runJson}, and the largest relative deviation of the weights at the end (0 = same bits). */
export function sweepJson(check: TrainedCheck, why: string) {
  const { variants } = check.spec;
  const weights = weightDeviations(variants, check.result.weights);
  const counted = weights.filter((_, i) => variants[i]?.role !== 'control');
  return { ...runJson(check, why), weightDeviation: Math.max(0, ...counted) };
}

/** What `compare --json` says. `same` is null where it cannot be told. */
export function comparisonJson(
  { comparison, verdict }: ConfigComparison,
  [first, second]: readonly [Reading, Reading],
) {
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
    verdict,
  };
}

/** The numbers of a signature; null where nobody says. */
function signatureJson({ rank, row, init, isRelative, quantities }: Signature) {
  const unit = isRelative ? 'the size of the init' : null;
  const values = Object.entries(quantities).map(([key, quantity]) => [key, valueOf(quantity)]);
  return { rank, optimizer: row?.id ?? null, init: init?.id ?? null, unit, ...Object.fromEntries(values) };
}
