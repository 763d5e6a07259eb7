import * as l10n from '@vscode/l10n';
import type { Document } from '../config/documents/document';
import { findingsOf } from '../config/findings/findings';
import { dividing, LORA_A_B, LORA_DOWN_UP, PEFT_LIBRARY } from '../config/init-code/divide';
import type { ConfigReading } from '../config/read';
import { parseJson } from '../config/syntax/json/json';
import { listed } from '../recipe/listed';
import { withScalars } from '../config/syntax/tree';
import { SCRIPT_NAMES } from '../config/trainers/python/optimizers';
import { field, torchClass } from '../config/trainers/shared/fields';
import { float16, halfWeights, unscaledInAll } from '../config/trainers/shared/trap';
import type { Layout, Trainer } from '../config/trainers/trainer';
import { interpret, notUnderstoodOf, type Run } from '../config/understand/run';
import { isAlpha } from '../recipe/recipe';
import { holds, loraOptimizers } from './recording';
import type { RecordedGroup, RecordedModule, RecordedOptimizer, Recording } from './recording';

/** The reading of a recording: the config that its run says it had. */
export interface RunReading extends ConfigReading {
  recording: Recording;
}

export const isRun = (reading: ConfigReading): reading is RunReading => 'recording' in reading;

const RUN_TRAINER = 'recorded-run';

/** A recording is written by a run, so nothing in it is edited. */
const RECORDED = {
  code: 'recording',
  message: l10n.t('This is a recording of a run. Write the change into the config or script that was run.'),
};

/** What optimizers and schedules keep in their groups, and switches without a unit. */
const KEPT = `class initial_lr k weight_sum lr_max train_mode scheduled_lr d d_max d_numerator d_denom d_hat
  numerator_weighted numerator_acc_weighted gsq_weighted sksq_weighted sk_l1 max_lr min_lr max_momentum base_momentum
  step t caution weight_lr_power r swa_lr name group_name`;
const IS_KEPT = new Set(KEPT.split(/\s+/));

/**
 * The class as our tables name it: packages hand the classes of their modules on, so `torch.optim.adamw.AdamW` is
 * `torch.optim.AdamW`. A class that no table has keeps its whole path.
 */
export function knownClass(path: string): string {
  const parts = path.split('.');
  const paths = parts.slice(1).map((_, i) => [...parts.slice(0, parts.length - 1 - i), parts.at(-1)].join('.'));
  return paths.find((one) => Object.hasOwn(SCRIPT_NAMES, one)) ?? path;
}

/** A recording as a reading: plans, comparisons and checks take it like any file. @param text of the recording */
export function runReading(text: string, recording: Recording): RunReading {
  const why = emptyWords(recording);
  const runs = why === null ? runsOf(text, recording) : [];
  const recipes = runs.flatMap(({ adapters }) => adapters.map(({ recipe }) => recipe));
  const message = why ?? l10n.t('The scaling of its modules was not found.');
  const empty = { code: 'run-empty', severity: 'error', message, line: null, range: null } as const;
  return {
    ...{ isLora: true, trainer: RUN_TRAINER, trainerName: l10n.t('Recorded run'), syntax: 'json', layout: RUN_TRAINER },
    ...{ recipes, runs, recording, notUnderstood: runs.flatMap(notUnderstoodOf) },
    findings: [...(recipes.length === 0 ? [empty] : []), ...runs.flatMap(findingsOf)],
  };
}

/** Why a recording shows no run of LoRA; null if it does. */
export function emptyWords(recording: Recording): string | null {
  const { refused, steps, modules, reason, notSeen } = recording;
  if (refused !== null) return l10n.t`The recorder refused the plan: ${refused}`;
  if (loraOptimizers(recording).length > 0 && modules.length > 0 && steps > 0) return null;
  return l10n.t`No step of LoRA was seen. ${reason || (notSeen[0]?.why ?? '')}`.trim();
}

/** A run for each optimizer, and each kind of modules. */
function runsOf(file: string, recording: Recording): Run[] {
  const optimizers = alike(loraOptimizers(recording), ({ class: path, groups }) => [path, groups.map(numbersOf)]);
  const kinds = alike(recording.modules, kindOf);
  return optimizers.flatMap(([optimizer]) =>
    kinds.flatMap((modules): Run[] => {
      const [module] = modules;
      const told = module && optimizer && toldBy(recording, optimizer, module, modules);
      if (!told) return [];
      const text = JSON.stringify(told.tree);
      const document: Document = { text, syntax: 'json', file, place: ONE_LINE };
      const parsed = parseJson(text);
      const root = parsed.ok && parsed.roots[0]?.node;
      if (!root || root.kind !== 'map') return [];
      const name = l10n.t`${module.adapter}, rank ${module.rank}, ${module.name} and ${modules.length - 1} more`;
      const of = [...(optimizers.length > 1 ? [optimizer.class] : []), ...(kinds.length > 1 ? [name] : [])].join(', ');
      const layout = layoutOf(recording, module);
      const locked = withScalars(root, (scalar) => ({ ...scalar, lock: RECORDED }));
      const unread = told.unread.map((one, i) => ({ ...one, range: { start: text.length + i, end: text.length + i } }));
      const found = { document, trainer: { ...OF_RUN, layouts: [layout] }, layout, root: locked, unread };
      return [interpret(found, of || null, {})];
    }),
  );
}

/** A recording is one line. Each place of a recipe's text is another range of it. */
const ONE_LINE = { toFile: ({ start }: { start: number }) => ({ start: 0, end: start }), encode: (own: string) => own };

const numbersOf = (group: RecordedGroup): Record<string, unknown> => ({ ...group.numbers, lr: rateOf(group) });

/** Modules that share all of this have one recipe. */
function kindOf(module: RecordedModule): unknown[] {
  const { adapter, rank, scaling, dora, dropout, trains } = module;
  return [adapter, rank, scaling, dora === true, dropout ?? 0, trains.A, trains.B, startsAtZero(module)];
}

/** In an embedding it is A that starts at zero. */
const startsAtZero = ({ embedding, initB }: RecordedModule): boolean => embedding === true || initB.max === 0;

/** The items, those together that have the same. */
function alike<T>(all: readonly T[], of: (one: T) => unknown): T[][] {
  const found = new Map<string, T[]>();
  for (const one of all) found.set(JSON.stringify(of(one)), [...(found.get(JSON.stringify(of(one))) ?? []), one]);
  return [...found.values()];
}

/** What the recording says of one optimizer and the modules of one kind, under the keys of {@link layoutOf}. */
function toldBy(
  recording: Recording,
  { class: path, groups }: RecordedOptimizer,
  module: RecordedModule,
  modules: readonly RecordedModule[],
): { tree: object; unread: { why: string; shown: string }[] } | null {
  const [ofA, ofB] = ['A', 'B'].map((role) => groups.filter((group) => holds(group, role))) as [Groups, Groups];
  const main = ofA[0] ?? ofB[0];
  const alpha = alphaOf(module);
  if (alpha === null || !main) return null;
  const clips = ['norm', 'value'].map((kind) =>
    recording.clips.filter((clip) => clip.kind === kind && clip.over !== 'other' && Number.isFinite(clip.threshold)),
  );
  const [norm, value] = clips.map(([clip]) => clip?.threshold);
  const [rateA, rateB] = [ofA, ofB].map(([group]) => group && rateOf(group));
  const tree = {
    ...{ rank: module.rank, alpha, dtype: module.dtype, dropout: module.dropout ?? 0 },
    ...(module.dora && { use_dora: true }),
    ...(module.bias && { lora_bias: true }),
    // The recording does not say how they were drawn.
    ...(!startsAtZero(module) && { init: 'B not zero' }),
    target_modules: [...new Set(modules.map(({ name }) => name.split('.').at(-1)))],
    optimizer: { ...numbersOf(main), class: knownClass(path) },
    ...(rateA && rateB && rateA !== rateB && { lr_ratio: rateB / rateA }),
    clip: { norm, value },
    ...(recording.precision.scaler && { scaler: 'float16' }),
    ...(recording.others.count > 0 && { others: recording.others.count }),
    ...(main.lr.length > 1 && main.lr.every((rate) => rate === rateOf(main)) && { scheduler: 'constant' }),
  };
  const why = l10n.t('Gradients are clipped at several thresholds; the first is shown.');
  // A loss scaler skips steps after clipping.
  const isOften =
    !recording.precision.scaler &&
    clips.some((all) => all.reduce((sum, { norms }) => sum + norms.length, 0) > recording.steps);
  const differ = clips.some((all) => new Set(all.map(({ threshold }) => threshold)).size > 1);
  return {
    tree,
    unread: [
      ...recording.notSeen.map((one) => ({ why: one.why, shown: one.what })),
      ...[...differing(ofA), ...differing(ofB), ...differing([...ofA.slice(0, 1), ...ofB.slice(0, 1)], 'lr')],
      ...moving([...ofA, ...ofB]),
      ...(differ ? [{ why, shown: 'clip' }] : []),
      ...(isOften ? [{ why: l10n.t('Gradients are clipped more than once in a step.'), shown: 'clip' }] : []),
      ...(module.trains.A && module.trains.B ? [] : [{ why: l10n.t('One factor is frozen.'), shown: 'trains' }]),
    ],
  };
}

type Groups = RecordedGroup[];

/** The rate of a group before its schedule. */
const rateOf = ({ numbers, lr }: RecordedGroup): number | null =>
  [numbers.initial_lr, numbers.lr, lr[0]].find((one) => typeof one === 'number') ?? null;

/** Numbers in which groups differ from the first: a recipe has one for all of them. @param but a key that may differ */
function differing([first, ...more]: readonly RecordedGroup[], but = ''): { why: string; shown: string }[] {
  if (!first) return [];
  const [usual, others] = [numbersOf(first), more.map(numbersOf)];
  const isOther = (key: string): boolean =>
    others.some((numbers) => JSON.stringify(numbers[key]) !== JSON.stringify(usual[key]));
  const keys = Object.keys(usual).filter((key) => !IS_KEPT.has(key) && key !== but && isOther(key));
  const why = l10n.t`Parameter groups of LoRA have different numbers (${keys.join(', ')}); those of the first are shown.`;
  return keys.length > 0 ? [{ why, shown: keys.join(', ') }] : [];
}

/** What moved during the run other than by one schedule for all of LoRA: a plan knows one value of each number. */
function moving(groups: readonly RecordedGroup[]): { why: string; shown: string }[] {
  const keys = [...new Set(groups.flatMap(({ changed }) => changed))].filter((key) => !IS_KEPT.has(key));
  const courses = groups.map((group) => group.lr.map((rate) => (rate / (rateOf(group) || 1)).toPrecision(4)).join());
  const why = l10n.t`Numbers of the optimizer changed during the run (${keys.join(', ')}); the first are shown.`;
  const apart = l10n.t('The learning rates of LoRA move differently in its parameter groups; the first is shown.');
  return [
    ...(keys.length > 0 ? [{ why, shown: keys.join(', ') }] : []),
    ...(new Set(courses).size > 1 ? [{ why: apart, shown: 'lr' }] : []),
  ];
}

/** Alpha by the rule alpha / rank, as a recording has the scaling alone. Null where no plan can start from it. */
export function alphaOf({ rank, scaling }: RecordedModule): number | null {
  const alpha = (scaling ?? 0) * rank;
  return isAlpha(alpha) ? alpha : null;
}

export const HALVES = l10n.t(
  'The factors are kept in 16 bits, so dividing them by anything but a power of two is rounded.',
);

function layoutOf({ others }: Recording, { kind }: RecordedModule): Layout {
  const isKohya = /lycoris|network|toolkit/i.test(kind);
  const library = kind.startsWith('peft.') ? PEFT_LIBRARY : isKohya ? LORA_DOWN_UP : LORA_A_B;
  const where = ['# When the adapter is made, before its optimizer is. `lora-alpha try` does the same at run time.'];
  return {
    id: RUN_TRAINER,
    recognise: () => true,
    fields: {
      ...{ rank: field('rank'), alpha: field('alpha'), useDora: field('use_dora'), dropout: field('dropout') },
      ...{ optimizer: field('optimizer.class'), ...torchClass('optimizer') },
      ...{ loraplusLrRatio: field('lr_ratio'), maxGradValue: field('clip.value') },
      maxGradNorm: field('clip.norm', { value: 0, why: l10n.t('No clipping by norm was seen.') }),
      ...{ scheduler: field('scheduler'), init: field('init'), targetModules: field('target_modules') },
    },
    optimizers: SCRIPT_NAMES,
    argumentsAt: 'optimizer',
    loraBias: { path: ['lora_bias'], label: 'lora_bias' },
    known: { '': 'lora_bias dtype scaler others optimizer clip', optimizer: `${KEPT} decoupled_weight_decay` },
    groups: { where, library },
    traps: [
      unscaledInAll('others', listed(others.names, 3, undefined, others.count)),
      halfWeights('dtype', /16/, HALVES),
      float16('scaler', /./),
    ],
    float16: null,
    initCode: dividing(library, where),
  };
}

const OF_RUN: Omit<Trainer, 'layouts'> = {
  id: RUN_TRAINER,
  name: l10n.t('The recorded run'),
  syntaxes: ['json'],
  hint: /"lora-alpha-run\//,
};
