import * as l10n from '@vscode/l10n';
import { valueLabel } from '../config/compare/ways';
import { claimWords } from '../config/plan/claim';
import type { ConfigPlan } from '../config/planned';
import type { ConfigReading } from '../config/read';
import type { Finding, ReadField, ReadRecipe } from '../config/reading';
import { asTrained } from '../config/plan/as-trained';
import { listed } from '../recipe/listed';
import { byWeight } from '../recipe/caveats/caveat';
import { largest } from '../experiment/verdict/deviations';
import { isOne } from '../recipe/compare/ratio';
import { fieldNoun } from '../recipe/field-names';
import { roundsNothing } from '../recipe/gauge';
import { initFacts } from '../recipe/init/facts';
import { numberLabel } from '../recipe/notation';
import { CONSTANT_IDS } from '../recipe/optimizers/constants';
import { rowFor } from '../recipe/optimizers/optimizers';
import { constantIn, decayIn, type Recipe } from '../recipe/recipe';
import { holds, type Recording } from './recording';
import { emptyWords, HALVES, runReading } from './recipe-of-run';

type Value = number | string | boolean | null;
/** One thing of a recipe, as the file says it (null if it does not) and as the run had it. */
type Told = readonly [field: ReadField, read: Value, ran: Value];

/** A file held against a recording of its run. */
export interface Agreement {
  /** What differs, and what the recording adds, at the lines of the file. */
  findings: readonly Finding[];
  /** Nothing that was read differs, and every number that a plan moves was read. */
  agrees: boolean;
  /** Why the recording does not stand for the run of this file; null if it agrees. */
  why: string | null;
  /** `train.py, 20 steps, torch 2.13.0, peft 0.21.0` */
  about: string;
  recording: Recording;
}

/** `train.py, 20 steps, torch 2.13.0` */
export function aboutRun({ command, steps, versions }: Recording): string {
  const program = command[0]?.split(/[\\/]/).at(-1) ?? l10n.t('a program');
  const libraries = ['torch', 'transformers', 'peft', 'trl', 'diffusers'].filter((name) => name in versions);
  const ran = steps === 1 ? l10n.t('1 step') : l10n.t`${steps} steps`;
  return [program, ran, ...libraries.map((name) => `${name} ${versions[name] ?? ''}`)].join(', ');
}

/**
 * What a file says, held against what its run did.
 * @param text of the file
 * @param ran the text of the recording
 */
export function readAgainstRan(text: string, reading: ConfigReading, recording: Recording, ran: string): Agreement {
  const run = runReading(ran, recording);
  const about = aboutRun(recording);
  const empty = emptyWords(recording) ?? (run.recipes.length === 0 ? l10n.t('The recording has no recipe.') : null);
  if (empty !== null) return { findings: [], agrees: false, why: empty, about, recording };
  const findings: Finding[] = [];
  const reasons = run.notUnderstood.map(({ why }) => why);
  const say = (recipe: ReadRecipe | undefined, field: ReadField, message: string, isDifference = true): void => {
    const { line, range } = recipe?.stated[field] ?? recipe?.stated.rank ?? { line: null, range: null };
    const finding = { ...findingOf(message, isDifference), line, range };
    if (!findings.some((one) => one.message === message && one.line === line)) findings.push(finding);
    if (isDifference) reasons.push(message);
  };
  const recipes = reading.recipes.map((recipe) => asTrained(text, reading, recipe));
  const [first] = recipes;
  if (!first) reasons.push(l10n.t('This file has no recipe.'));
  for (const recipe of recipes) {
    const [nearest] = run.recipes.toSorted((one, other) => distance(recipe, one) - distance(recipe, other));
    const own = run.recipes.filter((ran) => gap(recipe, ran) === 0 && recipe === nearestTo(ran, recipes));
    for (const [field, read, ran] of [...(nearest ? [nearest] : []), ...own].flatMap((ran) => toldBy(recipe, ran))) {
      const [noun, mine, its] = [fieldNoun(field), shown(read), shown(ran)];
      const filled = l10n.t`The run had ${its} for ${noun}; this file does not say.`;
      if (read === null && ran !== 0) say(recipe, field, filled, field === 'optimizer' || MOVING.has(field));
      else if (read === null) continue;
      else if (!isEqual(read, ran)) say(recipe, field, l10n.t`${mine} was read for ${noun}, and the run had ${its}.`);
    }
    const scheduled = nearest ? scheduleWords(recipe, nearest.learningRate, recording) : null;
    if (scheduled !== null) say(recipe, 'scheduler', scheduled);
  }
  for (const { name, rank, scaling } of run.recipes.filter((ran) => recipes.every((read) => gap(read, ran) > 0))) {
    if (recipes.length < run.recipes.length)
      say(first, 'scaling', l10n.t`The run also had rank ${rank} and scaling ${numberLabel(scaling, 6)}: ${name}.`);
  }
  const { others, precision } = recording;
  if (others.count > 0 && recipes.every(({ unscaled = [] }) => unscaled.length === 0)) {
    const names = listed(others.names, 3, undefined, others.count);
    say(first, 'targetModules', l10n.t`The run also trained ${others.count} parameters beside LoRA: ${names}.`);
  }
  if (run.recipes.some(({ loraBias }) => loraBias) && !first?.loraBias)
    say(first, 'rank', l10n.t('The run also trained biases of B.'));
  if (precision.scaler && !reading.findings.some(({ code }) => code === 'loss-scale')) {
    say(first, 'rank', l10n.t('The run scaled its loss, as float16 needs it.'));
  }
  const [why = null] = reasons;
  const agreement = { agrees: why === null, why, about, recording };
  const message =
    why === null
      ? l10n.t`The recording agrees with this file. ${restsOn(agreement)}`
      : l10n.t`The recording differs from this file: ${why}`;
  return { ...agreement, findings: [...findings, findingOf(message, why !== null)] };
}

const findingOf = (message: string, isDifference: boolean): Finding => {
  return { code: 'run-differs', severity: isDifference ? 'warning' : 'info', message, line: null, range: null };
};

/** How little two recipes have in common: which run of the recording a recipe of the file is. */
const gap = (one: Recipe, other: Recipe): number =>
  Number(one.rank !== other.rank) * 2 + Number(!isOne(one.scaling / other.scaling));

/** With it, how many things differ: modules and optimizers of one run may have the same rank and scaling. */
const distance = (one: ReadRecipe, other: ReadRecipe): number =>
  100 * gap(one, other) + toldBy(one, other).filter(([, read, ran]) => read !== null && !isEqual(read, ran)).length;

const nearestTo = (ran: ReadRecipe, recipes: readonly ReadRecipe[]): ReadRecipe | undefined =>
  recipes.toSorted((one, other) => distance(one, ran) - distance(other, ran))[0];

/** What a plan leaves alone where the file does not say it; it always changes the learning rate. */
const MOVING: ReadonlySet<ReadField> = new Set<ReadField>([
  ...(['loraplusLrRatio', 'weightDecay', 'maxGradNorm', 'maxGradValue'] as const),
  ...CONSTANT_IDS,
]);

/** All that both may say, and that decides the run. */
function toldBy(read: ReadRecipe, ran: ReadRecipe): Told[] {
  // A file that names no optimizer is planned as AdamW's.
  const row = rowFor(read.optimizer) === rowFor(ran.optimizer) ? rowFor(ran.optimizer) : null;
  const told = (field: ReadField, of: (recipe: ReadRecipe) => Value | undefined): Told[] => {
    const [mine = null, its = null] = [of(read), of(ran)];
    return mine === null && its === null ? [] : [[field, mine, its ?? 0]];
  };
  const ofRow = row && [
    ...(row.decay === 'none' ? [] : told('weightDecay', (recipe) => decayIn(recipe.optimizer, row))),
    ...row.constants.flatMap((one) => told(one.constant, (recipe) => constantIn(recipe.optimizer, one))),
    ...told('betas', ({ optimizer: { betas } }) => betas?.map((one) => numberLabel(one, 6)).join(', ')),
    ...told('momentum', ({ optimizer: { momentum } }) => momentum),
  ];
  return [
    ...(['rank', 'scaling', 'learningRate', 'maxGradNorm', 'useDora'] as const).flatMap((field) =>
      told(field, (recipe) => recipe[field]),
    ),
    ...(ofRow ?? told('optimizer', ({ optimizer: { name, row } }) => name ?? row)),
    ...told('loraplusLrRatio', ({ loraplusLrRatio }) => loraplusLrRatio ?? 1),
    ...told('maxGradValue', ({ maxGradValue }) => maxGradValue ?? 0),
    ...(read.dropout === null ? [] : told('dropout', ({ dropout }) => dropout)),
    ...(ran.init === null ? [] : told('init', startOf)),
  ];
}

const startOf = (recipe: Recipe): string => (initFacts(recipe).zeroB ? l10n.t('B at zero') : l10n.t('B not at zero'));

const isEqual = (one: Value, other: Value): boolean =>
  one === other || (typeof one === 'number' && typeof other === 'number' && other !== 0 && isOne(one / other));

const shown = (value: Value): string =>
  typeof value === 'boolean' ? (value ? l10n.t('yes') : l10n.t('no')) : valueLabel(value);

/** How much of the fall of a schedule is done at which share of its peak, and the way back. */
const FALLS: Readonly<Record<string, readonly [done: (share: number) => number, share: (done: number) => number]>> = {
  constant: [() => 0, () => 1],
  linear: [(share) => 1 - share, (done) => 1 - done],
  cosine: [(share) => Math.acos(2 * share - 1) / Math.PI, (done) => (1 + Math.cos(Math.PI * done)) / 2],
};

/** Schedules whose rate is another one at every step. */
const MOVES = /^(linear|cosine|polynomial|inverse|exponential|onecycle)/i;

/** Rates that another schedule gives may be so near, as a share of the peak. */
const NEAR = 1e-3;
const isNear = (one: number, other: number): boolean => Math.abs(one - other) < NEAR;

/**
 * What the rates of the run say against the schedule of the file, or null: a straight rise to the peak, then its fall.
 * @param start the rate that the optimizer was made with
 */
function scheduleWords({ scheduler }: ReadRecipe, start: number | null, recording: Recording): string | null {
  const rates = ratesOf(recording);
  const peak = largest(rates);
  const [top, last] = [rates.indexOf(peak), rates.length - 1];
  const named = scheduler?.replace('_with_warmup', '') ?? '';
  const shown = (rate: number | undefined): string => numberLabel(rate ?? 0, 6);
  const moved = l10n.t`In the run the learning rate moved from ${shown(rates[0])} to ${shown(rates[last])}`;
  const isConstant = rates.every((rate) => rate === peak);
  const [set, made] = [shown(peak), shown(start ?? peak)];
  // A rise may not have come to its end yet.
  const isOther = isConstant || top < last ? !isNear(peak / (start ?? peak), 1) : peak > (start ?? peak) * (1 + NEAR);
  if (isOther && (isConstant || Object.hasOwn(FALLS, named)))
    return l10n.t`The optimizer was made with the learning rate ${made}, and the run had ${set}.`;
  if (isConstant && rates.length > 2 && MOVES.test(named))
    return l10n.t`In the run the learning rate stayed at ${set}, and this file says ${named}.`;
  if (isConstant) return null;
  if (scheduler === null) return l10n.t`${moved}, and this file names no schedule that may have limits of its own.`;
  const fall = FALLS[named];
  if (!fall) return null;
  const [done, share] = fall;
  const ended = done((rates[last] ?? 0) / peak);
  const [rise, rest] = [rates.slice(0, top), rates.slice(top)].map((all) => all.map((rate) => rate / peak));
  const isRising = [0, 1].some((first) => rise?.every((rate, i) => isNear(rate, (i + first) / (top + first))));
  const isFalling = rest?.every((rate, i) => isNear(rate, share((ended * i) / Math.max(1, last - top))));
  return isRising && isFalling ? null : l10n.t`${moved}, which is not ${scheduler}.`;
}

type InitSizes = readonly [Record<'A' | 'B', number>, Record<'A' | 'B', number>];

/**
 * Two recipes for a comparison, of which one or both were recorded. What a recording has no name for counts as the file
 * says it; two recordings are compared by the course of their rates and by how large A and B started.
 */
export function comparable(
  pair: readonly [ReadRecipe, ReadRecipe],
  [first, second]: readonly [Recording | null, Recording | null],
): { pair: readonly [ReadRecipe, ReadRecipe]; init?: InitSizes } {
  const [one, other] = pair;
  if (!first || !second) {
    const filled = (own: ReadRecipe, file: ReadRecipe): ReadRecipe => {
      const targets = typeof file.targetModules === 'string' ? file.targetModules : own.targetModules;
      const { scheduler, warmup, init } = file;
      const as = { scheduler: own.scheduler ?? scheduler, warmup: own.warmup ?? warmup, init: own.init ?? init };
      return { ...own, ...as, targetModules: targets };
    };
    return { pair: [first ? filled(one, other) : one, second ? filled(other, one) : other] };
  }
  const named = (recipe: ReadRecipe, recording: Recording): ReadRecipe => {
    const rates = ratesOf(recording);
    const course = rates.map((rate) => numberLabel(rate / (recipe.learningRate || 1), 4)).join(' ');
    return { ...recipe, scheduler: `× ${course}`, init: recipe.init ?? 'kaiming-uniform' };
  };
  const size = (key: 'initA' | 'initB'): number => {
    const sizes = second.modules.flatMap((module) => {
      const before = first.modules.find(({ name, adapter }) => name === module.name && adapter === module.adapter);
      const [mine, its] = [before?.[key], module[key]].map((of) => of?.std ?? of?.max ?? 0);
      return mine && its ? [its / mine] : [];
    });
    return sizes.toSorted((x, y) => x - y)[sizes.length >> 1] ?? 1;
  };
  const sizes = { A: size('initA'), B: size('initB') };
  return { pair: [named(one, first), named(other, second)], init: [{ A: 1, B: 1 }, sizes] };
}

/** The rate of LoRA's first group at every step. */
const ratesOf = ({ optimizers }: Recording): readonly number[] =>
  optimizers.flatMap(({ groups }) => groups.filter((group) => holds(group, 'A') || holds(group, 'B')))[0]?.lr ?? [];

/** What neither a recording nor a trial can show: both leave the number in the file alone. */
export const looksAtAlpha = (): string =>
  l10n.t('Code that uses the number alpha itself kept the old one here; only a run of the changed file shows that.');

/** What a recording does not show, said with every claim that rests on it. */
function restsOn({ about, recording: { steps, ended } }: Omit<Agreement, 'findings'>): string {
  const whole = ended === 'program' ? '' : l10n.t` What happens after step ${steps} was not recorded.`;
  return l10n.t`This rests on a recording (${about}): it holds for that program with these versions.${whole} ${looksAtAlpha()}`;
}

/**
 * A plan of a file whose run was recorded. A recording that agrees closes what was not understood; one that does not
 * takes the plan's claim away.
 */
export function settled(plan: ConfigPlan, agreement: Agreement): ConfigPlan {
  const { caveats, claim, gauge } = plan;
  const limited = (code: string, message: string): ConfigPlan => ({
    ...plan,
    exactness: 'approximate',
    caveats: byWeight([{ code, message, limits: 'approximate' }, ...caveats]),
    claim: { ...claim, asRead: 'approximate', limit: message },
  });
  if (!agreement.agrees)
    return limited('run-differs', l10n.t`The recording differs from this file: ${agreement.why ?? ''}`);
  const isHalf = agreement.recording.modules.some(({ dtype }) => dtype.includes('16'));
  if (isHalf && !roundsNothing(gauge)) return limited('half-precision-weights', HALVES);
  const lines = claim.notUnderstood.flatMap(({ line, mayMove }) => (mayMove ? [String(line)] : []));
  const there = l10n.t` A number of the plan may stand in line ${listed(lines)}: change it there.`;
  const open = l10n.t` What was not understood ran with the old numbers: record the changed file too, and compare both recordings.`;
  const also = `${lines.length > 0 ? there : ''}${claim.notUnderstood.length > 0 ? open : ''}`;
  const read = caveats.filter(({ code }) => code !== 'not-understood');
  const closed = { ...claim, notUnderstood: [] };
  const [line] = lines;
  const badge = line
    ? l10n.t`${claimWords(closed)} for the run recorded, but see line ${line}`
    : l10n.t`${claimWords(closed)} for the run recorded`;
  return {
    ...plan,
    exactness: claim.asRead,
    caveats: byWeight([...read, { code: 'run-recorded', message: `${restsOn(agreement)}${also}` }]),
    claim: { ...closed, ...(claim.asRead !== 'approximate' && { badge }) },
  };
}
