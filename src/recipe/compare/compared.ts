import * as l10n from '@vscode/l10n';
import { fieldLabel, hasName, type NamedField } from '../field-names';
import { initRow } from '../init/init-rows';
import { adaptsEmbeddings } from '../init/facts';
import { numberLabel } from '../notation';
import { optimizerRow } from '../optimizers/optimizers';
import { isNamed, type OptimizerSettings, type Recipe, type Surrounding } from '../recipe';
import type { QuantityId, QuantityKey } from '../signature';
import { isOne, sharedRow } from './ratio';
import { comparedSurroundings, lastPart } from './surroundings';

/** How sentences call both recipes. */
export type SideNames = Record<'first' | 'second', string>;

export const SIDE_NAMES: SideNames = { first: l10n.t('the first'), second: l10n.t('the second') };

/** Settings that decide a run and that no gauge changes; an option is one of the optimizer alone. */
export type PartKey = SettingKey | `option ${string}`;

type SettingKey =
  | Extract<NamedField, 'rank' | 'optimizer' | 'init' | 'betas' | 'momentum' | 'nesterov' | 'scheduler'>
  | Extract<NamedField, 'warmup' | 'dropout' | 'useDora' | 'targetModules'>
  | keyof typeof NAMES
  | Surrounding;

/** One setting or quantity that decides a run, in both recipes. */
export interface ComparedQuantity {
  key: QuantityKey | PartKey;
  /** Which number of the signature it is; null for a setting. */
  quantity: QuantityId | null;
  /** `reach of B`, `decay of A`, `target modules`. */
  name: string;
  /** A number comes from the signature, a word from the recipe; null if the recipe does not say. */
  first: number | string | null;
  second: number | string | null;
  /** Second divided by first; null if there is no ratio. */
  ratio: number | null;
  /** Null if the two cannot be compared. */
  same: boolean | null;
  /** What the difference means, or why the two cannot be compared; empty if there is no difference. */
  why: string;
}

/** What no file has a field for; the others have the label of their field. */
const NAMES = {
  stateBits: l10n.t('precision of the states'),
  weights: l10n.t('frozen weights'),
  unscaled: l10n.t('modules trained whole'),
  embeddings: l10n.t('embedding layers'),
  loraBias: l10n.t('bias of B'),
};

type Value = number | string | null;
type Pair = readonly [first: Recipe, second: Recipe];

/** The settings without a unit, in both recipes; settings that neither states are left out. */
export function comparedParts(first: Recipe, second: Recipe, names: SideNames = SIDE_NAMES): ComparedQuantity[] {
  const pair = [first, second] as const;
  const part = (key: SettingKey, of: (recipe: Recipe) => Value, why: string): ComparedQuantity =>
    partOf(key, pair, of, why);
  const isRescaled = !isOne(second.scaling / first.scaling);
  /** A setting that the comparison of A and B does not cover where `isOpen`. */
  const uncovered = (key: SettingKey, of: (recipe: Recipe) => Value, isOpen: boolean, why: string): ComparedQuantity =>
    Object.assign(part(key, of, why), { ratio: null, same: isOpen ? null : true, why: isOpen ? why : '' });
  // The gradient of B's bias grows with the scaling itself, in every gauge.
  const bias = uncovered(
    'loraBias',
    ({ loraBias }) => (loraBias ? l10n.t('trained') : null),
    isRescaled && first.loraBias === true,
    l10n.t("The gradient of B's bias is proportional to the scaling, and no change of A and B makes up for that."),
  );
  const whole = ({ unscaled = [] }: Recipe): string => [...unscaled].sort().join(', ') || l10n.t('none');
  return [
    part(
      'rank',
      ({ rank }) => rank,
      l10n.t(
        'Recipes of different rank are never the same run: A starts from other rows. Which learning rate is best then is measured, not computed.',
      ),
    ),
    optimizerPart(pair, names),
    initPart(pair),
    ...optimizerParts(pair),
    part(
      'stateBits',
      ({ optimizer: { name, quantized } }) =>
        name === null ? null : quantized === true ? l10n.t('8 bits or fewer') : l10n.t('full'),
      l10n.t('Both follow one rule, but coarse states round on the way: the runs stay near each other, no more.'),
    ),
    part(
      'weights',
      ({ weights }) => (weights ? l10n.t`${weights} bits` : pair.some((each) => each.weights) ? l10n.t('full') : null),
      l10n.t('The frozen weights are rounded otherwise, so both train on other weights.'),
    ),
    part(
      'dropout',
      ({ dropout }) => dropout,
      l10n.t('Other parts of the input are dropped, so the runs differ by chance alone.'),
    ),
    part('scheduler', scheduleOf, l10n.t('The learning rate follows another course.')),
    warmupPart(pair),
    part('useDora', ({ useDora }) => yesNo(useDora), l10n.t('One of them trains magnitudes of its own (DoRA).')),
    targetsPart(pair),
    part('unscaled', whole, l10n.t('Other modules train whole, beside LoRA.')),
    uncovered(
      'embeddings',
      (recipe) => (adaptsEmbeddings(recipe) ? 'adapted' : null),
      isRescaled && pair.some(adaptsEmbeddings),
      l10n.t('Embedding layers start with A at zero and B at random, so that another scaling moves them otherwise.'),
    ),
    bias.first === bias.second ? bias : { ...bias, same: false, why: l10n.t('One of them trains a bias of B.') },
    ...comparedSurroundings(first.around, second.around),
  ].filter(({ first, second }) => first !== null || second !== null);
}

function partOf(key: PartKey, [a, b]: Pair, of: (recipe: Recipe) => Value, why: string): ComparedQuantity {
  const label = key.startsWith('option ') ? key.slice('option '.length) : NAMES[key as keyof typeof NAMES];
  const name = hasName(key) ? fieldLabel(key) : label;
  const [first, second] = [of(a), of(b)];
  const own = { key, quantity: null, name, first, second };
  if (first === null || second === null) {
    if (first === second) return { ...own, ratio: null, same: true, why: '' };
    const lacking = first === null ? l10n.t('The first does not state it.') : l10n.t('The second does not state it.');
    return { ...own, ratio: null, same: null, why: lacking };
  }
  const ratio = typeof first === 'number' && typeof second === 'number' && first && second ? second / first : null;
  const same = ratio === null ? first === second : isOne(ratio);
  return { ...own, ratio: same ? 1 : ratio, same, why: same ? '' : why };
}

function optimizerPart([a, b]: Pair, names: SideNames): ComparedQuantity {
  const own = partOf('optimizer', [a, b], ({ optimizer: { name, row } }) => name ?? row, '');
  const [first, second] = [a.optimizer, b.optimizer];
  const [mine, other] = [optimizerRow(first.row), optimizerRow(second.row)];
  const of = (same: boolean | null, why = ''): ComparedQuantity => ({ ...own, ratio: null, same, why });
  if (own.first === null || own.second === null) {
    if (own.first === own.second) return of(true);
    return of(null, l10n.t`No optimizer in ${own.first === null ? names.first : names.second}.`);
  }
  if (mine && other) {
    const why = l10n.t`${mine.title} and ${other.title} take other steps, so no learning rate of one is one of the other.`;
    return mine.id === other.id || sharedRow(first, second) ? of(true) : of(false, why);
  }
  if (String(own.first).toLowerCase() === String(own.second).toLowerCase()) return of(true);
  const unknown = mine ? second : first;
  const reason = unknown.unknown ?? l10n.t`No rule is known for ${unknown.name ?? l10n.t('this optimizer')}.`;
  return of(null, l10n.t`${reason} So it cannot be told whether both take the same steps.`);
}

function initPart(pair: Pair): ComparedQuantity {
  const [mine, other] = pair.map(({ init }) => initRow(init));
  const isSame = mine && other && (mine.sameAs ?? mine.id) === (other.sameAs ?? other.id);
  const why = mine && other ? `${mine.title}: ${mine.says} ${other.title}: ${other.says}` : '';
  const own = partOf('init', pair, ({ init }) => init, why || l10n.t('The factors start otherwise.'));
  return isSame ? { ...own, ratio: null, same: true, why: '' } : own;
}

/** Options that only some implementations of a row have: MLX's Adam leaves the bias correction out. */
const USUAL: Readonly<Record<string, number>> = { biasCorrection: 1 };

function optimizerParts(pair: Pair): ComparedQuantity[] {
  const [first, second] = [pair[0].optimizer, pair[1].optimizer];
  const row = sharedRow(first, second);
  if (!isNamed(first) || !isNamed(second) || (first.row !== second.row && !row)) return [];
  const part = (key: PartKey, of: (optimizer: OptimizerSettings) => Value, why: string): ComparedQuantity =>
    partOf(key, pair, ({ optimizer }) => of(optimizer), why);
  const { defaults } = row ?? {};
  const options = Object.keys({ ...row?.options, ...first.options, ...second.options });
  return [
    part(
      'betas',
      ({ betas }) => (betas ?? defaults?.betas)?.map((beta) => numberLabel(beta, 6)).join(', ') ?? null,
      l10n.t('The averages over past gradients reach back another way.'),
    ),
    part(
      'momentum',
      ({ momentum }) => momentum ?? defaults?.momentum ?? null,
      l10n.t('Past gradients count for more or less.'),
    ),
    part(
      'nesterov',
      ({ nesterov }) => yesNo(nesterov ?? defaults?.nesterov ?? false),
      l10n.t('The momentum is applied otherwise (Nesterov).'),
    ),
    ...options.map((name) => {
      const why = l10n.t`${row?.title ?? l10n.t('The optimizer')} takes other steps with it.`;
      return part(`option ${name}`, ({ options }) => options[name] ?? row?.options?.[name] ?? USUAL[name] ?? null, why);
    }),
  ];
}

/** Maps the trainers' names of a schedule to one: `cosine`, `cosine_with_warmup`, `get_cosine_schedule_with_warmup`. */
function scheduleOf({ scheduler }: Recipe): string | null {
  return scheduler?.toLowerCase().replace(/^get_|(?:_schedule)?_with_warmup$|_schedule$/g, '') ?? null;
}

function warmupPart(pair: Pair): ComparedQuantity {
  const own = partOf('warmup', pair, ({ warmup }) => warmup, l10n.t('The learning rate climbs for another time.'));
  const isShare = (value: Value): boolean => Number(value) > 0 && Number(value) < 1;
  if (!own.first || !own.second || isShare(own.first) === isShare(own.second)) return own;
  const why = l10n.t(
    'One is a share of the run and the other a number of steps; it depends on how many steps there are.',
  );
  return { ...own, ratio: null, same: null, why };
}

function targetsOf({ targetModules: targets }: Recipe): string | null {
  if (targets === null) return null;
  const names = typeof targets === 'string' ? targets.split(',') : targets;
  const sorted = [...new Set(names.map((name) => name.trim()))].sort().join(', ');
  return sorted === 'all' ? 'all-linear' : sorted;
}

/** All linear layers of Llama and what is built like it, but the head, which `all-linear` leaves out. */
const SEVEN = 'down_proj, gate_proj, k_proj, o_proj, q_proj, up_proj, v_proj';
/**
 * Language models with these layers alone: no vision tower, no experts.
 * @see https://github.com/huggingface/transformers (models/llama, mistral, qwen2, qwen3: modeling_*.py)
 */
const SEVEN_LINEAR =
  /^(?:(?:meta-)?llama-[23](?:\.[123])?-\d+b|tinyllama-1\.1b|mistral-7b|qwen(?:2|2\.5|3)-[\d.]+b)(?!-a\d|.*(?:vision|vl|omni|audio|moe))/;

function targetsPart(pair: Pair): ComparedQuantity {
  const own = partOf('targetModules', pair, targetsOf, l10n.t('Other modules are trained.'));
  const isPattern = (text: Value): boolean => text === 'all-linear' || /[.*|^$\\]/.test(String(text ?? ''));
  // A pattern and a list may mean the same modules, which depends on the model.
  if (own.same !== false || isPattern(own.first) === isPattern(own.second)) return own;
  const [mine, other] = pair.map(({ around }) => lastPart(around?.model ?? ''));
  const isAllOf =
    mine === other &&
    SEVEN_LINEAR.test(mine ?? '') &&
    [own.first, own.second].every((one) => one === 'all-linear' || one === SEVEN);
  if (isAllOf) return { ...own, same: true, why: '' };
  const why = l10n.t(
    'One is a pattern and the other a list; whether they name the same modules, only the model tells.',
  );
  return { ...own, same: null, why };
}

const yesNo = (value: boolean): string => (value ? l10n.t('yes') : l10n.t('no'));
