import * as l10n from '@vscode/l10n';
import { numberLabel } from '../../../recipe/notation';
import { constantOf, type OptimizerRow } from '../../../recipe/optimizers/optimizer-row';
import type { InitMethod } from '../../../recipe/init/init-rows';
import { isUsable, type Recipe, scalingOf, USABLE } from '../../../recipe/recipe';
import { locate, rangeInFile } from '../../documents/document';
import type { ReadField, ReadRecipe } from '../../reading';
import { callIn, entryAt, isDefault, nodeToWrite, scalarAt } from '../../syntax/tree';
import { writeKey, type Default, type AdapterSources, type Fields } from '../../trainers/shared/fields';
import type { ReadSoFar, Source } from '../../trainers/shared/fields';
import { furtherWords, shownWords } from '../not-understood';
import { whyDefault } from './default-words';
import { namedOptimizer, noteOptimizer, type NamedOptimizer } from './named-optimizer';
import { betasAt, numberFrom } from './numbers';
import { booleanFrom, namesAt, notedAt, noteBadValue, noteUnresolved, nullsAt, statedAt, unresolvedAt } from './values';
import type { Context, ReadValue, StatedValue } from './values';

interface Shared {
  values: Omit<Recipe, 'name' | 'rank' | 'alpha' | 'scaling' | 'lrA' | 'lrB'>;
  named: NamedOptimizer;
  known: ReadSoFar;
  records: Records;
  isGood: boolean;
}

type Records = Required<Pick<ReadRecipe, 'stated' | 'assumed' | 'unresolved'>>;

/** Reads the fields that all adapters of a run share. */
export function readShared(context: Context): Shared {
  const { root, layout } = context;
  const records: Records = { stated: {}, assumed: {}, unresolved: {} };
  const start = { root, rank: null, optimizer: null, row: null };
  const optimizer = new FieldReader(context, layout.fields, start, records).words('optimizer');
  const named = namedOptimizer(layout, root, optimizer);
  noteOptimizer(context, named);
  const { fields, row, rule, unknown } = named;
  const known = { ...start, optimizer, row };
  const reader = new FieldReader(context, fields, known, records);
  const momentum = reader.number('momentum') ?? row?.defaults.momentum ?? null;
  const hasMomentum = row?.defaults.momentum !== null;
  const isRslora = reader.boolean('useRslora') ?? false;
  const multiplier = reader.number('multiplier');
  // Parameters that train besides A and B without a scaling.
  const unscaled = layout.traps.flatMap(({ unscaled, applies }) => (unscaled && applies(root) ? [unscaled] : []));
  const hasBias = layout.loraBias !== undefined && scalarAt(root, layout.loraBias.path) === true;
  const values: Shared['values'] = {
    useDora: reader.boolean('useDora') ?? false,
    scalingRule: layout.scalingRule ?? (isRslora ? 'rslora' : 'standard'),
    ...(multiplier === null ? {} : { multiplier }),
    learningRate: reader.number('learningRate'),
    loraplusLrRatio: reader.number('loraplusLrRatio'),
    optimizer: {
      name: optimizer,
      row: row?.id ?? null,
      ...(unknown === null ? {} : { unknown }),
      ...(rule?.quantized ? { quantized: true } : {}),
      betas: row?.defaults.betas === null ? null : reader.betas(row),
      eps: row && !constantOf(row, 'eps') ? null : reader.number('eps'),
      weightDecay: row?.decay === 'none' ? null : reader.number('weightDecay'),
      momentum: hasMomentum ? momentum : null,
      nesterov: hasMomentum ? reader.boolean('nesterov') : null,
      constants: reader.constants(row),
      options: named.options,
    },
    maxGradNorm: reader.number('maxGradNorm'),
    ...(fields.maxGradValue ? { maxGradValue: reader.number('maxGradValue') } : {}),
    scheduler: reader.words('scheduler'),
    warmup: reader.number('warmup'),
    dropout: reader.number('dropout'),
    init: reader.words('init') as InitMethod | null,
    targetModules: reader.targets(),
    ...(unscaled.length > 0 ? { unscaled } : {}),
    ...(hasBias ? { loraBias: true } : {}),
  };
  return { values, named, known, records, isGood: reader.isGood };
}

/** The recipe of one adapter; null, with a note, if it has none. */
export function readAdapter(context: Context, { name, ...own }: AdapterSources, shared: Shared): ReadRecipe | null {
  const { root, layout } = context;
  const { values, named, known, records, isGood } = shared;
  const { stated, assumed, unresolved } = records;
  const copies = { stated: { ...stated }, assumed: { ...assumed }, unresolved: { ...unresolved } };
  const reader = new FieldReader(context, { ...named.fields, ...own }, known, copies);
  const rank = reader.number('rank');
  if (!reader.isGood) return null;
  if (rank === null) return reader.missing('rank', l10n.t('a rank such as 16'));
  reader.known = { ...known, rank };
  const ignored = layout.alphaIsIgnored?.(root) ?? null;
  const alpha = ignored === null ? reader.number('alpha') : reader.ignoredAlpha(rank, ignored);
  if (!reader.isGood) return null;
  // If the key holds the scaling itself, the rank is no guide.
  const right = layout.scalingRule === 'direct' ? l10n.t('a scaling such as 20') : l10n.t('an alpha such as 16');
  if (alpha === null) return reader.missing('alpha', right, own.rank);
  const { learningRate, loraplusLrRatio, scalingRule, multiplier } = values;
  const lrB = loraplusLrRatio && learningRate !== null ? learningRate * loraplusLrRatio : null;
  if (lrB !== null && !isUsable(lrB)) return reader.badRate(lrB);
  if (!isGood) return null;
  const scaling = scalingOf(scalingRule, alpha, rank, multiplier);
  const ignoring = ignored === null ? {} : { alphaIsIgnored: ignored };
  return { name, rank, alpha, scaling, lrA: null, lrB, ...values, ...copies, ...ignoring };
}

const wordsFrom: ReadValue<string> = (_, { value }) => String(value);
const isNumber = (value: unknown): value is number => typeof value === 'number';
const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';
const isText = (value: unknown): value is string => typeof value === 'string';
const isPair = (value: unknown): value is readonly [number, number] => Array.isArray(value);

/** Reads fields, and records which the file sets and which are defaults. */
class FieldReader {
  /** False when a value cannot be used. */
  isGood = true;

  constructor(
    private readonly context: Context,
    private readonly fields: Fields,
    public known: ReadSoFar,
    private readonly records: Records,
  ) {}

  number = (field: ReadField): number | null => this.read(field, numberFrom, isNumber);
  boolean = (field: ReadField): boolean | null => this.read(field, booleanFrom, isBoolean);
  words = (field: ReadField): string | null => this.read(field, wordsFrom, isText);

  private read<T>(field: ReadField, from: ReadValue<T>, is: (value: unknown) => value is T): T | null {
    const source = this.fields[field];
    if (!source) return null;
    const stated = notedAt(this.context, source);
    return stated ? this.state(field, stated, from(this.context, stated, field)) : this.assume(field, source, is);
  }

  betas(row: OptimizerRow | null): readonly [number, number] | null {
    const source = this.fields.betas;
    if (!source) return null;
    const fallback = this.defaultOf('betas', source)?.value;
    const found = betasAt(this.context, source, isPair(fallback) ? fallback : null, row);
    return found ? this.state('betas', found.stated, found.value) : this.assume('betas', source, isPair);
  }

  /** The modules that get LoRA: the list, and the modules that switches add. */
  targets(): Recipe['targetModules'] {
    const source = this.fields.targetModules;
    if (!source) return null;
    const named = namesAt(this.context, source);
    if (named?.stated) this.state('targetModules', named.stated, named.value);
    const { root, layout } = this.context;
    const on = (layout.targetSwitches ?? []).filter(({ key }) => scalarAt(root, key.path) === true);
    const added = on.flatMap(({ modules }) => modules);
    if (named && added.length === 0) return named.value;
    const all = [...new Set([named?.value ?? [], added].flat())];
    if (all.length === 0) return this.assume('targetModules', source, isText);
    return all.length === 1 && all[0] === 'all-linear' ? 'all-linear' : all;
  }

  constants(row: OptimizerRow | null): Recipe['optimizer']['constants'] {
    const read = (row?.constants ?? []).flatMap(({ constant }) => {
      const value = constant === 'eps' ? null : this.number(constant);
      return value === null ? [] : [[constant, value] as const];
    });
    return Object.fromEntries(read);
  }

  /** The alpha of a trainer that ignores the alpha of the file: the rank. */
  ignoredAlpha(rank: number, why: string): number {
    const stated = this.fields.alpha && notedAt(this.context, this.fields.alpha);
    if (stated) this.state('alpha', stated, stated.value);
    else this.records.assumed.alpha = this.whyAssumed(this.fields.alpha, why);
    return rank;
  }

  missing(field: 'rank' | 'alpha', right: string, near?: Source): null {
    // An unresolved value is set, so it is not missing.
    if (this.records.unresolved[field] !== undefined) return null;
    const source = this.fields[field];
    const { label } = (source && writeKey(source)) ?? { label: field };
    const { trainer, notes, root } = this.context;
    const message = l10n.t`${label} is missing, and ${trainer.name} has no default for it. Set ${label} to ${right}.`;
    notes.add('error', `${field}-missing`, message, (near && statedAt(root, near)?.node.inner) ?? null);
    return null;
  }

  /** B's learning rate with a LoRA+ ratio must be valid like every learning rate. */
  badRate(rate: number): null {
    const source = this.fields.loraplusLrRatio;
    const stated = source && statedAt(this.context.root, source);
    const right = l10n.t`such that B's learning rate, ${numberLabel(rate)}, is ${USABLE}`;
    return stated ? noteBadValue(this.context, stated, right) : null;
  }

  private state<T>(field: ReadField, { node, key }: StatedValue, value: T | null): T | null {
    if (value === null) {
      this.isGood = false;
      return null;
    }
    const { inner } = nodeToWrite(node);
    if (isDefault(node.lock) && (field === 'alpha' || field === 'learningRate')) {
      const message = l10n.t`${key.label} is ${String(value)} here. ${node.lock.message}`;
      this.context.notes.add('info', 'default-may-change', message, inner);
    }
    const entry = entryAt(this.context.root, key.path);
    const ofKey = entry ? { key: rangeInFile(this.context.document, entry.keyRange) } : {};
    this.records.stated[field] = { path: key.label, ...locate(this.context.document, inner), ...ofKey };
    return value;
  }

  /** The default of a field; null also if the file sets the field to an unresolved value. */
  private defaultOf(field: ReadField, { keys, default: own }: Source): Default | null {
    const away = unresolvedAt(this.context.root, { keys });
    const [{ path = [], label = '' } = {}] = keys;
    if (!away && path.length === 1 && callIn(this.context.root)?.isParsed) {
      if (field !== 'optimizer') this.records.unresolved[field] = `--${label}`;
      return null;
    }
    if (!away) return (typeof own === 'function' ? own(this.known) : own) ?? null;
    this.records.unresolved[field] = away.expression;
    noteUnresolved(this.context, away);
    return null;
  }

  private assume<T>(field: ReadField, source: Source, is: (value: unknown) => value is T): T | null {
    const fallback = this.defaultOf(field, source);
    if (!fallback) return null;
    const { layout, trainer } = this.context;
    const owner = layout.owner ?? trainer.name;
    if (fallback.value !== null) this.context.unread.push(...nullsAt(this.context, source));
    const why = whyDefault(field, fallback, owner, writeKey(source) !== null);
    this.records.assumed[field] = this.whyAssumed(source, why);
    return is(fallback.value) ? fallback.value : null;
  }

  private whyAssumed(source: Source | undefined, why: string): string {
    const words = furtherWords(this.context.root);
    const mayBeFlag = words.length > 0 && source !== undefined && source.keys.length > 0;
    return mayBeFlag ? l10n.t`${why} Flags in ${shownWords(words)} may override this default.` : why;
  }
}
