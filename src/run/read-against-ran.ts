import * as l10n from '@vscode/l10n';
import { claimWords } from '../config/plan/claim';
import type { ConfigPlan } from '../config/planned';
import type { ConfigReading } from '../config/read';
import type { Finding, ReadField, ReadRecipe } from '../config/reading';
import { asTrained } from '../config/plan/as-trained';
import { listed } from '../recipe/listed';
import { byWeight, worstOf, type Caveat } from '../recipe/caveats/caveat';
import { isOne } from '../recipe/compare/ratio';
import { fieldNoun } from '../recipe/field-names';
import { initFacts } from '../recipe/init/facts';
import { numberLabel } from '../recipe/notation';
import { CONSTANT_IDS } from '../recipe/optimizers/constants';
import { rowFor } from '../recipe/optimizers/optimizers';
import { constantIn, decayIn, type Recipe } from '../recipe/recipe';
import { holds, type Recording } from './recording';
import { emptyWords, runReading } from './recipe-of-run';

/** One thing of a recipe, as the file says it and as the run had it; null where the file does not say. */
interface Told {
  field: ReadField;
  read: Value;
  ran: Value;
}
type Value = number | string | boolean | null;

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
  const libraries = ['torch', 'transformers', 'peft', 'trl', 'diffusers'].flatMap((name) =>
    versions[name] === undefined ? [] : [`${name} ${versions[name]}`],
  );
  const ran = steps === 1 ? l10n.t('1 step') : l10n.t`${steps} steps`;
  return [program, ran, ...libraries].join(', ');
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
  let agrees = run.notUnderstood.length === 0;
  let why = run.notUnderstood[0]?.why ?? null;
  const say = (recipe: ReadRecipe, field: ReadField, message: string, isDifference: boolean): void => {
    const stated = recipe.stated[field] ?? recipe.stated.rank;
    const severity = isDifference ? 'warning' : 'info';
    const place = { line: stated?.line ?? null, range: stated?.range ?? null };
    const isSaid = findings.some((one) => one.message === message && one.line === place.line);
    if (!isSaid) findings.push({ code: 'run-differs', severity, message, ...place });
    if (!isDifference) return;
    agrees = false;
    why ??= message;
  };
  for (const read of reading.recipes) {
    const recipe = asTrained(text, reading, read);
    const nearest = run.recipes.toSorted((one, other) => gap(recipe, one) - gap(recipe, other))[0];
    if (!nearest) continue;
    for (const told of toldBy(recipe, nearest)) {
      const noun = fieldNoun(told.field);
      const [mine, its] = [shown(told.read), shown(told.ran)];
      if (told.read === null) {
        // A plan leaves alone what it does not know.
        const isMoving = told.ran !== 0 && told.ran !== null && MOVING.has(told.field);
        say(recipe, told.field, l10n.t`The run had ${its} for ${noun}; this file does not say.`, isMoving);
      } else if (!isEqual(told.read, told.ran)) {
        say(recipe, told.field, l10n.t`${mine} was read for ${noun}, and the run had ${its}.`, true);
      }
    }
    const scheduled = scheduleWords(recipe, recording);
    if (scheduled !== null) say(recipe, 'scheduler', scheduled, true);
  }
  const { others } = recording;
  const known = reading.recipes.some(({ unscaled }) => (unscaled ?? []).length > 0);
  const [first] = reading.recipes;
  if (others.count > 0 && first && !known) {
    const names = `${listed(others.names.slice(0, 3))}${others.count > 3 ? ' …' : ''}`;
    say(first, 'targetModules', l10n.t`The run also trained ${others.count} parameters beside LoRA: ${names}.`, true);
  }
  const agreement = { agrees, why: agrees ? null : why, about, recording };
  const message = agrees
    ? l10n.t`The recording agrees with this file. ${restsOn(agreement)}`
    : l10n.t`The recording differs from this file: ${why ?? ''}`;
  const all: Finding = { code: 'run-differs', severity: agrees ? 'info' : 'warning', message, line: null, range: null };
  return { ...agreement, findings: [...findings, all] };
}

/** How little two recipes have in common: which run of the recording a recipe of the file is. */
function gap(one: Recipe, other: Recipe): number {
  return Number(one.rank !== other.rank) * 2 + Number(!isOne(one.scaling / other.scaling));
}

const MOVING: ReadonlySet<ReadField> = new Set<ReadField>([
  ...(['learningRate', 'loraplusLrRatio', 'weightDecay', 'maxGradNorm', 'maxGradValue'] as const),
  ...CONSTANT_IDS,
]);

/** All that both may say, and that decides the run. */
function toldBy(read: ReadRecipe, ran: ReadRecipe): Told[] {
  const row = read.optimizer.row === ran.optimizer.row ? rowFor(ran.optimizer) : null;
  const told = (field: ReadField, of: (recipe: ReadRecipe) => Value | undefined): Told[] => {
    const [mine = null, its = null] = [of(read), of(ran)];
    return mine === null && its === null ? [] : [{ field, read: mine, ran: its ?? 0 }];
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

function shown(value: Value): string {
  if (value === null) return l10n.t('nothing');
  if (typeof value === 'boolean') return value ? l10n.t('yes') : l10n.t('no');
  return typeof value === 'number' ? numberLabel(value, 6) : value;
}

/** A schedule that the file calls constant, and that moved the rate, or the other way round. */
function scheduleWords({ scheduler, warmup }: ReadRecipe, recording: Recording): string | null {
  const rates = ratesOf(recording);
  const [first] = rates;
  if (first === undefined || rates.length < 2) return null;
  const moved = rates.some((rate) => rate !== first);
  const isConstant = scheduler === 'constant' && !warmup;
  if (isConstant && moved) {
    return l10n.t`A constant learning rate was read, and in the run it moved from ${numberLabel(first, 6)} to ${numberLabel(rates.at(-1) ?? first, 6)}.`;
  }
  const warms = warmup !== null && warmup >= 2;
  const risen = (rates[1] ?? first) > first;
  if (warms && !risen) return l10n.t`A warm-up of ${warmup} steps was read, and in the run the rate did not rise.`;
  return null;
}

/**
 * Two recipes for a comparison, of which one or both were recorded. What a recording has no name for counts as the file
 * says it; two recordings are compared by the course of their rates and by how large A and B started.
 */
export function comparable(
  pair: readonly [ReadRecipe, ReadRecipe],
  [first, second]: readonly [Recording | null, Recording | null],
): { pair: readonly [ReadRecipe, ReadRecipe]; init?: readonly [Sizes, Sizes] } {
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
  return {
    pair: [named(one, first), named(other, second)],
    init: [
      { A: 1, B: 1 },
      { A: size('initA'), B: size('initB') },
    ],
  };
}

type Sizes = Record<'A' | 'B', number>;

/** The rate of LoRA's first group at every step. */
const ratesOf = ({ optimizers }: Recording): readonly number[] =>
  optimizers.flatMap(({ groups }) => groups.filter((group) => holds(group, 'A') || holds(group, 'B')))[0]?.lr ?? [];

/** What a recording does not show, said with every claim that rests on it. */
function restsOn({ about, recording: { steps, ended } }: Omit<Agreement, 'findings'>): string {
  const whole = ended === 'program' ? '' : l10n.t` What happens after step ${steps} was not recorded.`;
  return l10n.t`This rests on a recording (${about}): it holds for that program with these versions.${whole}`;
}

/**
 * A plan of a file whose run was recorded. A recording that agrees closes what was not understood; one that does not
 * takes the plan's claim away.
 */
export function settled(plan: ConfigPlan, agreement: Agreement): ConfigPlan {
  const read = plan.caveats.filter(({ code }) => code !== 'not-understood');
  const { notUnderstood, ...claim } = plan.claim;
  if (!agreement.agrees) {
    const message = l10n.t`The recording differs from this file: ${agreement.why ?? ''}`;
    const differs: Caveat = { code: 'run-differs', message, limits: 'approximate' };
    const limits = { ...claim, notUnderstood, asRead: 'approximate' as const, limit: message };
    return { ...plan, exactness: 'approximate', caveats: byWeight([differs, ...plan.caveats]), claim: limits };
  }
  const moving = notUnderstood.filter(({ mayMove }) => mayMove);
  const lines = listed(moving.map(({ line }) => String(line)));
  const there = moving.length === 0 ? '' : l10n.t` A number of the plan may stand in line ${lines}: change it there.`;
  const record =
    notUnderstood.length === 0
      ? ''
      : l10n.t` What was not understood ran with the old numbers: record the changed file too, and compare both recordings.`;
  const rests: Caveat = { code: 'run-recorded', message: `${restsOn(agreement)}${there}${record}` };
  const caveats = byWeight([...read, rests]);
  const badge = l10n.t`${claimWords({ ...claim, notUnderstood: [] })} for the run recorded`;
  return {
    ...plan,
    exactness: worstOf(claim.asRead, []),
    caveats,
    claim: { ...claim, notUnderstood: [], ...(claim.asRead !== 'approximate' && { badge }) },
  };
}
