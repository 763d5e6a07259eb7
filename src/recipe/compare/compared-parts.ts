import * as l10n from '@vscode/l10n';
import { SIDE_NAMES, type ComparedQuantity, type SettingKey, type SideNames } from './compared';
import { fieldLabel, hasName, type NamedField } from '../field-names';
import { initRow } from '../init/init';
import { adaptsEmbeddings } from '../init/facts';
import { numberLabel } from '../notation';
import type { OptimizerRow } from '../optimizers/optimizer-row';
import { optimizerRow } from '../optimizers/optimizers';
import type { OptimizerSettings, Recipe } from '../recipe';
import { isOne, sharedRow } from './ratio';

/** The settings without a unit, in both recipes; settings that neither states are left out. */
export function comparedParts(first: Recipe, second: Recipe, names: SideNames = SIDE_NAMES): ComparedQuantity[] {
  return [
    part(
      'rank',
      first.rank,
      second.rank,
      l10n.t(
        'Recipes of different rank are never the same run: A starts from other rows. Which learning rate is best then is measured, not computed.',
      ),
    ),
    optimizerPart(first, second, names),
    initPart(first, second),
    ...optimizerParts(first, second),
    statesPart(first, second),
    part(
      'dropout',
      first.dropout,
      second.dropout,
      l10n.t('Other parts of the input are dropped, so the runs differ by chance alone.'),
    ),
    part('scheduler', scheduleOf(first), scheduleOf(second), l10n.t('The learning rate follows another course.')),
    warmupPart(first.warmup, second.warmup),
    part(
      'useDora',
      yesNo(first.useDora),
      yesNo(second.useDora),
      l10n.t('One of them trains magnitudes of its own (DoRA).'),
    ),
    targetsPart(first.targetModules, second.targetModules),
    part('unscaled', wholeOf(first), wholeOf(second), l10n.t('Other modules train whole, beside LoRA.')),
    embeddingsPart(first, second),
    biasPart(first, second),
  ].filter(({ first, second }) => first !== null || second !== null);
}

type Value = number | string | null;

/** What no file has a field for; the others have the label of their field. */
const NAMES: Readonly<Record<Exclude<SettingKey, NamedField>, string>> = {
  stateBits: l10n.t('precision of the states'),
  unscaled: l10n.t('modules trained whole'),
  embeddings: l10n.t('embedding layers'),
  loraBias: l10n.t('bias of B'),
};

type Setting = Pick<ComparedQuantity, 'key' | 'quantity' | 'name'>;

function setting(key: SettingKey): Setting {
  return { key, quantity: null, name: hasName(key) ? fieldLabel(key) : NAMES[key] };
}

function part(key: SettingKey, first: Value, second: Value, why: string): ComparedQuantity {
  return comparedSetting(setting(key), first, second, why);
}

function comparedSetting(own: Setting, first: Value, second: Value, why: string): ComparedQuantity {
  const isNumber = typeof first === 'number' && typeof second === 'number';
  const ratio = isNumber && first !== 0 && second !== 0 ? second / first : null;
  if (first === null || second === null) {
    const lacking = first === null ? l10n.t('The first does not state it.') : l10n.t('The second does not state it.');
    const isKnown = first === second;
    return { ...own, first, second, ratio: null, same: isKnown ? true : null, why: isKnown ? '' : lacking };
  }
  const same = ratio === null ? first === second : isOne(ratio);
  return { ...own, first, second, ratio: same ? 1 : ratio, same, why: same ? '' : why };
}

function optimizerPart(
  { optimizer: first }: Recipe,
  { optimizer: second }: Recipe,
  names: SideNames,
): ComparedQuantity {
  const own = { ...setting('optimizer'), first: first.name ?? first.row, second: second.name ?? second.row };
  const [mine, other] = [optimizerRow(first.row), optimizerRow(second.row)];
  const of = (same: boolean | null, why: string): ComparedQuantity => ({ ...own, ratio: null, same, why });
  if (own.first === null || own.second === null) {
    const isSilent = own.first === own.second;
    return of(
      isSilent ? true : null,
      isSilent ? '' : l10n.t`No optimizer in ${own.first === null ? names.first : names.second}.`,
    );
  }
  if (mine && other) {
    if (mine.id === other.id || sharedRow(first, second)) return of(true, '');
    return of(
      false,
      l10n.t`${mine.title} and ${other.title} take other steps, so no learning rate of one is one of the other.`,
    );
  }
  if (own.first.toLowerCase() === own.second.toLowerCase()) return of(true, '');
  const unknown = mine ? second : first;
  const reason = unknown.unknown ?? l10n.t`No rule is known for ${unknown.name ?? l10n.t('this optimizer')}.`;
  return of(null, l10n.t`${reason} So it cannot be told whether both take the same steps.`);
}

function initPart(first: Recipe, second: Recipe): ComparedQuantity {
  const [mine, other] = [initRow(first.init), initRow(second.init)];
  const both = { first: first.init, second: second.init };
  const isSame = (mine?.sameAs ?? mine?.id ?? first.init) === (other?.sameAs ?? other?.id ?? second.init);
  if (isSame && first.init !== null) return { ...setting('init'), ...both, ratio: null, same: true, why: '' };
  const why =
    mine && other
      ? `${mine.title}: ${mine.says} ${other.title}: ${other.says}`
      : l10n.t('The factors start otherwise.');
  return part('init', first.init, second.init, why);
}

function optimizerParts({ optimizer: first }: Recipe, { optimizer: second }: Recipe): ComparedQuantity[] {
  const row = sharedRow(first, second);
  const betas = (recipe: Recipe['optimizer']): Value =>
    (recipe.betas ?? row?.defaults.betas)?.map((beta) => numberLabel(beta, 6)).join(', ') ?? null;
  const momentum = (recipe: Recipe['optimizer']): Value => recipe.momentum ?? row?.defaults.momentum ?? null;
  const nesterov = (recipe: Recipe['optimizer']): Value => yesNo(recipe.nesterov ?? row?.defaults.nesterov ?? false);
  const names = new Set([first, second].flatMap(({ options }) => Object.keys({ ...row?.options, ...options })));
  const option = (recipe: Recipe['optimizer'], name: string): Value =>
    recipe.options[name] ?? row?.options?.[name] ?? null;
  const isSaid = [first, second].every(({ name, row }) => name !== null || row !== null);
  if (!isSaid || (first.row !== second.row && !row)) return [];
  return [
    part('betas', betas(first), betas(second), l10n.t('The averages over past gradients reach back another way.')),
    part('momentum', momentum(first), momentum(second), l10n.t('Past gradients count for more or less.')),
    part('nesterov', nesterov(first), nesterov(second), l10n.t('The momentum is applied otherwise (Nesterov).')),
    ...[...names].map((name) => {
      const own = { key: `option ${name}`, quantity: null, name } as const;
      return comparedSetting(own, option(first, name), option(second, name), optionWhy(row));
    }),
  ];
}

function optionWhy(row: OptimizerRow | undefined): string {
  return l10n.t`${row?.title ?? l10n.t('The optimizer')} takes other steps with it.`;
}

/** Maps the trainers' names of a schedule to one: `cosine`, `cosine_with_warmup`, `get_cosine_schedule_with_warmup`. */
function scheduleOf({ scheduler }: Recipe): string | null {
  return scheduler === null
    ? null
    : scheduler
        .toLowerCase()
        .replace(/^get_/, '')
        .replace(/_with_warmup$/, '')
        .replace(/_schedule$/, '');
}

function warmupPart(first: number | null, second: number | null): ComparedQuantity {
  const isShare = (value: number | null): boolean => value !== null && value > 0 && value < 1;
  if (first !== null && second !== null && first !== 0 && second !== 0 && isShare(first) !== isShare(second)) {
    const why = l10n.t(
      'One is a share of the run and the other a number of steps; it depends on how many steps there are.',
    );
    return { ...setting('warmup'), first, second, ratio: null, same: null, why };
  }
  return part('warmup', first, second, l10n.t('The learning rate climbs for another time.'));
}

function statesPart({ optimizer: first }: Recipe, { optimizer: second }: Recipe): ComparedQuantity {
  const bits = ({ name, quantized }: OptimizerSettings): Value =>
    name === null ? null : quantized === true ? l10n.t('8 bits or fewer') : l10n.t('full');
  const why = l10n.t(
    'Both follow one rule, but coarse states round on the way: the runs stay near each other, no more.',
  );
  return part('stateBits', bits(first), bits(second), why);
}

function wholeOf({ unscaled }: Recipe): string {
  return [...(unscaled ?? [])].sort().join(', ') || l10n.t('none');
}

/** Words for every linear layer. */
const ALL_LINEAR: ReadonlySet<string> = new Set(['all', 'all-linear']);

function targetsPart(first: Recipe['targetModules'], second: Recipe['targetModules']): ComparedQuantity {
  const texts = [first, second].map((targets) => {
    if (targets === null) return null;
    const names = typeof targets === 'string' ? targets.split(',') : targets;
    const sorted = [...new Set(names.map((name) => name.trim()))].sort().join(', ');
    return ALL_LINEAR.has(sorted) ? 'all-linear' : sorted;
  });
  const [mine = null, other = null] = texts;
  const compared = part('targetModules', mine, other, l10n.t('Other modules are trained.'));
  const isPattern = (text: string | null): boolean => text === 'all-linear' || /[.*|^$\\]/.test(text ?? '');
  // A pattern and a list may mean the same modules, which depends on the model.
  if (compared.same === false && isPattern(mine) !== isPattern(other)) {
    return {
      ...compared,
      same: null,
      why: l10n.t('One is a pattern and the other a list; whether they name the same modules, only the model tells.'),
    };
  }
  return compared;
}

/**
 * In embedding layers A starts at zero and B at random, so the comparison of A and B does not cover them if the
 * scalings differ.
 */
function embeddingsPart(first: Recipe, second: Recipe): ComparedQuantity {
  const adapted = (recipe: Recipe): Value => (adaptsEmbeddings(recipe) ? 'adapted' : null);
  const own = { ...setting('embeddings'), first: adapted(first), second: adapted(second), ratio: null };
  const isPlain = isOne(second.scaling / first.scaling) || (own.first === null && own.second === null);
  const why = l10n.t(
    'Embedding layers start with A at zero and B at random, so that another scaling moves them otherwise.',
  );
  return isPlain ? { ...own, same: true, why: '' } : { ...own, same: null, why };
}

/** The gradient of B's bias grows with the scaling itself, in every gauge, so the comparison of A and B does not cover it. */
function biasPart(first: Recipe, second: Recipe): ComparedQuantity {
  const trained = ({ loraBias }: Recipe): Value => (loraBias ? l10n.t('trained') : null);
  const own = { ...setting('loraBias'), first: trained(first), second: trained(second), ratio: null };
  if (own.first !== own.second) return { ...own, same: false, why: l10n.t('One of them trains a bias of B.') };
  if (own.first === null || isOne(second.scaling / first.scaling)) return { ...own, same: true, why: '' };
  const why = l10n.t(
    "The gradient of B's bias is proportional to the scaling, and no change of A and B makes up for that.",
  );
  return { ...own, same: null, why };
}

function yesNo(value: boolean): string {
  return value ? l10n.t('yes') : l10n.t('no');
}
