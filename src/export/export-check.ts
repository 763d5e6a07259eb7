import * as l10n from '@vscode/l10n';
import { EXPORT_MARK } from '../config/hint';
import { peftCode } from '../config/planned';
import { callIn, type MapNode, nodeAt, scalarAt } from '../config/syntax/tree';
import type { Layout } from '../config/trainers/trainer';
import type { Run } from '../config/understand/run';
import { numberLabel } from '../recipe/notation';
import type { OptimizerRow } from '../recipe/optimizers/optimizer-row';
import type { Recipe } from '../recipe/recipe';
import { text as check } from './python/check.py';
import { text as lion } from './python/lion.py';
import { assignment, docstring, type PythonValue, sectionOf } from './python/literal';
import { text as train } from './python/train.py';
import { text as verdict } from './python/verdict.py';
import { type Exported, exported, exportedRun, type ExportRequest, usesRatio } from './refusal';
import { adapterOf, type PeftAdapter, wholeNumberAt } from './run/adapter';
import { baseRun, isPowerOfFour, plannedRun, proofOf, roundingOf, type RunNumbers } from './run/numbers';
import { pythonOptimizer, type PythonOptimizer, scheduleOf } from './run/optimizer';

/** Whether a text was exported by this version or an earlier one. */
export function isExport(text: string): boolean {
  return text.startsWith(EXPORT_MARK);
}

/** A number as written differs from the exact one by at most this much if it has six digits. */
const SIX_DIGITS = 1e-5;

/** One run of an exported file. */
interface PythonRun {
  /** The terminal's name of the variant: `base`, `rescaled`, `as-written`, `alpha-only`, `proof`. */
  name: string;
  numbers: RunNumbers;
  /** What the plan does to `model` and `optimizer`; null for nothing. */
  code: string | null;
}

/**
 * One Python file that trains baseline, rescaled and alpha alone with torch, transformers and PEFT, and judges them.
 * What it cannot build as the trainer does is refused: it must never call another run the same.
 */
export const exportCheck = (request: ExportRequest): Exported => exported(() => checkFile(request));

function checkFile(request: ExportRequest): string {
  const { recipe, plans, plan, name } = request;
  const { run, peft, row } = exportedRun(
    request,
    (trainer) =>
      l10n.t`Only a run whose adapter PEFT builds can be checked with PyTorch; ${trainer} builds this one differently, or how is unknown.`,
  );
  const { root, layout, trainer } = run;
  const adapter = adapterOf(recipe, root, peft);
  const settings = layout.argumentsAt === undefined ? null : nodeAt(root, [layout.argumentsAt]);
  const optimizer = pythonOptimizer(recipe, row, settings?.kind === 'map' ? settings : null);
  const schedule = scheduleOf(recipe, root);
  const named = peft.models?.map(({ path }) => scalarAt(root, path)).find((value) => value !== undefined);
  const model = typeof named === 'string' ? named : null;
  const runs = runsOf(request, run, row);
  const seed = wholeNumberAt(root, peft.seed.path, 42, 0);
  const batch = wholeNumberAt(root, peft.batch.path, peft.batchDefault);
  const vectorsWithB = usesRatio(request) && layout.loraplus?.vectorsWithB === true;
  const alpha: PythonValue = { tuple: [recipe.alpha, plans.target.alpha] };
  // Why the runs of the user's trainer may differ although those of the file agree.
  const inexact = plan.claim.asRead === 'exact' ? null : (plan.claim.limit ?? l10n.t('This plan is not exact.'));
  const limit = inexact ?? (runs.rounding > SIX_DIGITS ? 'its numbers are written with too few digits' : null);
  const numbers = runs.all.map((each) => [each.name, runOf(each.numbers, recipe.alpha, adapter, optimizer)] as const);
  const blocks = [
    `${docstring(EXPORT_MARK, about(request, run, optimizer.note, runs.all))}\n${sectionOf(check, 'imports')}`,
    [
      assignment('CHECK', { keywords: { config: name, trainer: trainer.name, plan: plan.id, alpha, k: plans.k } }),
      assignment('MODEL', model),
      `SEED, BATCH = ${seed}, ${batch}`,
    ].join('\n'),
    sectionOf(check, 'options'),
    ...(optimizer.path.includes('Lion') ? [sectionOf(lion, 'class')] : []),
    [
      '# Arguments of peft.LoraConfig.',
      assignment('LORA', { keywords: adapter.fields }),
      `OPTIMIZER = ${optimizer.path}`,
      assignment('CONSTANTS', { keywords: optimizer.constants }),
      `NO_DECAY = ${peft.noDecay ? `r"${peft.noDecay.source}"` : 'None'}`,
      assignment('VECTORS_WITH_B', vectorsWithB),
      `SCHEDULE, WARMUP = "${schedule.name}", ${schedule.warmup}`,
      '# What the trainer may do otherwise.',
      assignment('LIMIT', limit),
      '# The numbers that the plan changes. A proof is the same plan at a power of four, where rescaling',
      '# adds no rounding error.',
      assignment('RUNS', { dict: Object.fromEntries(numbers) }),
      codeOf(runs.all),
    ].join('\n'),
    sectionOf(check, 'model'),
    sectionOf(train, 'train'),
    sectionOf(verdict, 'verdict'),
    sectionOf(verdict, 'main'),
  ];
  return `${blocks.join('\n\n\n')}\n`;
}

/** The runs of the file, and the largest relative difference of a written number. */
function runsOf(request: ExportRequest, run: Run, row: OptimizerRow): { all: PythonRun[]; rounding: number } {
  const { recipe, plans, plan } = request;
  const base = baseRun(recipe, row);
  const exact = plannedRun(base, plan, 'exact');
  const written = plannedRun(base, plan, 'written');
  const rounding = roundingOf(written, exact);
  const code = peftCode(run, plan, recipe, plans.k);
  const unmoved = { ...plan, init: { A: 1, B: 1 }, needsInitCode: false, grouped: false };
  const own = peftCode(run, unmoved, recipe, 1);
  const proof = isPowerOfFour(plans.k) ? null : proofOf(request, plans.k, plan.id);
  const alphaOnly = { ...base, alpha: exact.alpha, useRslora: exact.useRslora };
  const all: PythonRun[] = [
    { name: 'base', numbers: base, code: own },
    { name: 'rescaled', numbers: exact, code },
    { name: 'alpha-only', numbers: alphaOnly, code: own },
  ];
  if (rounding > 0) all.push({ name: 'as-written', numbers: written, code });
  if (!proof) return { all, rounding };
  const proved = peftCode(run, proof.plan, recipe, proof.k);
  return { all: [...all, { name: 'proof', numbers: plannedRun(base, proof.plan, 'exact'), code: proved }], rounding };
}

/** @param alpha of the baseline; the alphas of patterns move with the run's */
function runOf(numbers: RunNumbers, alpha: number, adapter: PeftAdapter, optimizer: PythonOptimizer): PythonValue {
  const { learningRate: lr, weightDecay, loraplusLrRatio: ratio, maxGradNorm, maxGradValue } = numbers;
  const patterns = Object.entries(adapter.alphaPattern).map(([name, own]) => [name, own * (numbers.alpha / alpha)]);
  const lora: Record<string, PythonValue> = {
    lora_alpha: numbers.alpha,
    ...(numbers.useRslora && { use_rslora: true }),
    ...(patterns.length > 0 && { alpha_pattern: { dict: Object.fromEntries(patterns) } }),
  };
  const own = { lr, weight_decay: weightDecay, ...optimizer.numbers(numbers) };
  const further = { ratio: ratio === 1 ? 0 : ratio, max_norm: maxGradNorm, max_value: maxGradValue };
  const rest = Object.entries(further).filter(([, value]) => value);
  return { keywords: { lora: { keywords: lora }, numbers: { keywords: own }, ...Object.fromEntries(rest) } };
}

/** A number of Python that stands alone, not in a name or a string: `1.5`, `2e-05`. */
const NUMBER = /(?<![\w."])(\d+(?:\.\d+)?(?:e[-+]?\d+)?)(?![\w"])/;

/**
 * The function of the runs' code, and the dictionary of the runs that call it. A plan has the same code at every k but
 * for its numbers: those that differ between the runs become the items of a list.
 */
export function codeOf(runs: readonly Pick<PythonRun, 'name' | 'code'>[]): string {
  const coded = runs.flatMap(({ name, code }) =>
    code === null ? [] : [{ name, pieces: code.trimEnd().split(NUMBER) }],
  );
  const first = coded[0]?.pieces;
  if (!first) return 'CODE = {}';
  const differing = first.map((_, i) => i).filter((i) => coded.some(({ pieces }) => pieces[i] !== first[i]));
  const text = first.map((piece, i) => (differing.includes(i) ? `by[${differing.indexOf(i)}]` : piece)).join('');
  const calls = coded.map(({ name, pieces }) => `"${name}": [${differing.map((i) => pieces[i] ?? '').join(', ')}]`);
  const flat = `CODE = {${calls.join(', ')}}`;
  return [
    flat.length <= 100 ? flat : `CODE = {\n${calls.map((call) => `    ${call},\n`).join('')}}`,
    '\n',
    'def rescale(model, optimizer, by):',
    '    """What the plan does when the optimizer is made."""',
    ...text.split('\n').flatMap((line) => short(line === '' ? '' : `    ${line}`)),
  ].join('\n');
}

/** A line of a plan's code within the width of the file: a comment or a tuple may be longer. */
function short(line: string): string[] {
  const [, indent = '', comment] = /^( *)# (.*)/.exec(line) ?? [];
  if (line.length <= 100) return [line];
  if (comment !== undefined) {
    const at = comment.lastIndexOf(' ', 98 - indent.length);
    return [`${indent}# ${comment.slice(0, at)}`, ...short(`${indent}# ${comment.slice(at + 1)}`)];
  }
  const [, lead = '', items] = /^( *\w+ = )\((.*)\)$/.exec(line) ?? [];
  if (items === undefined) return [line];
  const room = lead.slice(0, lead.search(/\S/));
  return [`${lead}(`, ...items.split(', ').map((item) => `${room}    ${item},`), `${room})`];
}

/** `alpha 64`, `alpha 16 with rsLoRA` */
export function alphaWords({ alpha, scalingRule }: Pick<Recipe, 'alpha' | 'scalingRule'>): string {
  return `alpha ${numberLabel(alpha, 6)}${scalingRule === 'rslora' ? ' with rsLoRA' : ''}`;
}

/**
 * The text at the top of an exported file: what is checked, and what of the config is not in the file.
 * @param note what the optimizer says of itself, or null
 */
function about(
  { name, recipe, plans: { target }, plan }: ExportRequest,
  { root, layout, trainer }: Run,
  note: string | null,
  [base, rescaled]: readonly PythonRun[],
): string[] {
  const [from, to] = [recipe, target].map(alphaWords);
  const script = layout.peft?.call === undefined ? '' : ', what the script itself freezes, hooks or averages';
  const keys = leftOut(root, layout);
  const norm = base?.numbers.maxGradNorm ?? 0;
  const guard = norm === 0 ? 0 : (1e-6 * Math.abs(1 - norm / (rescaled?.numbers.maxGradNorm ?? norm))) / norm;
  const clipped = `in the trainer, not here, this changes a step by up to ${numberLabel(guard, 1)}`;
  const sentences = [
    'It trains the base model of the config, or with --tiny a small random one, which needs no download.',
    `Not in this file: data (random tokens, or --data), loss and precision of the trainer${script}${keys}.`,
    ...((recipe.warmup ?? 0) >= 1 ? ['A tenth of the steps warms up, instead of the number in the config.'] : []),
    ...(guard > 0 ? [`torch adds 1e-6 to a norm that it clips: ${clipped}.`] : []),
    ...(note === null ? [] : [note]),
  ];
  const title = `${name} (${trainer.name}), ${to} against ${from}: plan ${plan.id}, k = ${numberLabel(target.k, 6)}.`;
  return [title, sentences.join(' ')];
}

/** More names than this do not fit into a comment that is read. */
const MOST = 16;

/**
 * The keys of a config that the exported file does not follow: the first few by name, and the number of all others.
 * In a script these are its training arguments.
 */
function leftOut(root: MapNode, { fields, peft, schedule }: Layout): string {
  const sources = Object.values(fields).flatMap(({ keys }) => keys);
  const own = peft ? [...Object.values(peft.fields), peft.seed, peft.batch, ...(peft.models ?? [])] : [];
  const used = new Set([...[...sources, ...own].map(({ path }) => path[0]), schedule?.at]);
  const isPart = ({ value }: MapNode['entries'][number]): boolean => value.kind === 'map' && callIn(value) !== null;
  const entries = root.entries.filter((entry) => {
    return !used.has(entry.key) && !entry.isSpread && !isPart(entry) && !/^\d+$/.test(entry.key);
  });
  const names = [...new Set(entries.map(({ key }) => key))];
  const more = names.length - MOST;
  return [...names.slice(0, MOST), ...(more > 0 ? [`${more} more keys`] : [])].map((key) => `, ${key}`).join('');
}
