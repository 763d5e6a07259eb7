import * as l10n from '@vscode/l10n';
import { numberLabel } from '../../../recipe/notation';
import { constantOf, type OptimizerRow } from '../../../recipe/optimizers/optimizer-row';
import type { ConstantId } from '../../../recipe/optimizers/constants';
import type { InitMethod } from '../../../recipe/init/init-rows';
import { isUsable, type Recipe, scalingOf, USABLE } from '../../../recipe/recipe';
import { locate, rangeInFile, type Document } from '../../documents/document';
import type { ReadField, ReadRecipe } from '../../reading';
import { entryAt, isDefault, nodeToWrite, scalarAt } from '../../syntax/tree';
import { writeKey, type Default, type AdapterSources, type ReadSoFar, type Source } from '../../trainers/shared/fields';
import type { Layout } from '../../trainers/trainer';
import { furtherWords, shownWords } from '../not-understood';
import { whyDefault } from './default-words';
import { namedOptimizer, noteOptimizer, type NamedOptimizer } from './named-optimizer';
import { betasAt, numberFrom } from './numbers';
import { booleanFrom, namesAt, notedAt, noteBadValue, noteUnresolved, statedAt, unresolvedAt } from './values';
import type { Context, ReadValue, StatedValue } from './values';

/** What the adapters of a run share. */
export interface Shared {
  values: Omit<Recipe, 'name' | 'rank' | 'alpha' | 'scaling' | 'lrA' | 'lrB'>;
  named: NamedOptimizer;
  known: ReadSoFar;
  records: Pick<FieldReader, 'stated' | 'assumed' | 'unresolved'>;
  /** False when a shared value cannot be used. */
  isGood: boolean;
}

/** Reads the fields that all adapters of a run share. */
export function readShared(document: Document, context: Context, layout: Layout): Shared {
  const { root } = context;
  const start = { root, rank: null, optimizer: null, row: null };
  const name = new FieldReader(document, context, layout, layout.fields, start);
  const optimizer = name.words('optimizer');
  const named = namedOptimizer(layout, root, optimizer);
  noteOptimizer(context, layout, named);
  const { fields, row, rule, unknown } = named;
  const known = { ...start, optimizer, row };
  const reader = new FieldReader(document, context, layout, fields, known);
  const momentum = reader.number('momentum') ?? row?.defaults.momentum ?? null;
  const hasMomentum = row?.defaults.momentum !== null;
  const isRslora = reader.boolean('useRslora') ?? false;
  const multiplier = reader.number('multiplier');
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
    ...unscaledParameters(layout, context),
  };
  const stated = { ...name.stated, ...reader.stated };
  const assumed = { ...name.assumed, ...reader.assumed };
  const unresolved = { ...name.unresolved, ...reader.unresolved };
  return { values, named, known, records: { stated, assumed, unresolved }, isGood: reader.isGood };
}

/** The parameters that train besides A and B without a scaling, and whether B has a bias. */
function unscaledParameters({ traps, loraBias }: Layout, { root }: Context): Pick<Recipe, 'unscaled' | 'loraBias'> {
  const unscaled = traps.flatMap(({ unscaled, applies }) => (unscaled && applies(root) ? [unscaled] : []));
  const hasBias = loraBias !== undefined && scalarAt(root, loraBias.path) === true;
  return { ...(unscaled.length > 0 ? { unscaled } : {}), ...(hasBias ? { loraBias: true } : {}) };
}

/** The recipe of one adapter; null, with a note, if it has none. */
export function readAdapter(
  document: Document,
  context: Context,
  layout: Layout,
  { name, ...own }: AdapterSources,
  { values, named, known, records, isGood }: Shared,
): ReadRecipe | null {
  const reader = new FieldReader(document, context, layout, { ...named.fields, ...own }, known);
  const rank = reader.number('rank');
  if (!reader.isGood) return null;
  if (rank === null) return reader.missing('rank', l10n.t('a rank such as 16'));
  reader.known = { ...known, rank };
  const ignored = layout.alphaIsIgnored?.(context.root) ?? null;
  const alpha = ignored === null ? reader.number('alpha') : reader.ignoredAlpha(rank, ignored);
  if (!reader.isGood) return null;
  // If the key holds the scaling itself, the rank is no guide.
  const right = layout.scalingRule === 'direct' ? l10n.t('a scaling such as 20') : l10n.t('an alpha such as 16');
  if (alpha === null) return reader.missing('alpha', right, own.rank);
  const { learningRate, loraplusLrRatio, scalingRule, multiplier } = values;
  const lrB = loraplusLrRatio && learningRate !== null ? learningRate * loraplusLrRatio : null;
  if (lrB !== null && !isUsable(lrB)) return reader.badRate(lrB);
  if (!isGood) return null;
  return {
    name,
    rank,
    alpha,
    scaling: scalingOf(scalingRule, alpha, rank, multiplier),
    lrA: null,
    lrB,
    ...values,
    stated: { ...records.stated, ...reader.stated },
    assumed: { ...records.assumed, ...reader.assumed },
    unresolved: { ...records.unresolved, ...reader.unresolved },
    ...(ignored === null ? {} : { alphaIsIgnored: ignored }),
  };
}

const isNumber = (value: unknown): value is number => typeof value === 'number';
const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';
const isText = (value: unknown): value is string => typeof value === 'string';
const isPair = (value: unknown): value is readonly [number, number] => Array.isArray(value);

/** Reads fields, and records which the file sets and which are defaults. */
class FieldReader {
  readonly stated: ReadRecipe['stated'] = {};
  readonly assumed: ReadRecipe['assumed'] = {};
  readonly unresolved: NonNullable<ReadRecipe['unresolved']> = {};
  /** False when a value cannot be used. */
  isGood = true;

  constructor(
    private readonly document: Document,
    private readonly context: Context,
    private readonly layout: Layout,
    private readonly fields: Layout['fields'],
    public known: ReadSoFar,
  ) {}

  number(field: ReadField): number | null {
    return this.read(field, numberFrom, isNumber);
  }

  boolean(field: ReadField): boolean | null {
    return this.read(field, booleanFrom, isBoolean);
  }

  words(field: ReadField): string | null {
    return this.read(field, (_, { value }) => String(value), isText);
  }

  private read<T>(field: ReadField, from: ReadValue<T>, is: (value: unknown) => value is T): T | null {
    const source = this.fields[field];
    if (!source) return null;
    const stated = notedAt(this.context, source);
    if (!stated) return this.assume(field, source, is);
    return this.state(field, stated, from(this.context, stated, field));
  }

  betas(row: OptimizerRow | null): readonly [number, number] | null {
    const source = this.fields.betas;
    if (!source) return null;
    const fallback = this.defaultOf('betas', source)?.value;
    // An unknown optimizer may take two or three.
    const counts = row ? [row.options?.beta3 === undefined ? 2 : 3] : [2, 3];
    const found = betasAt(this.context, source, isPair(fallback) ? fallback : null, counts);
    return found ? this.state('betas', found.stated, found.value) : this.assume('betas', source, isPair);
  }

  /** The modules that get LoRA: the list, and the modules that switches add. */
  targets(): Recipe['targetModules'] {
    const source = this.fields.targetModules;
    if (!source) return null;
    const named = namesAt(this.context, source);
    if (named?.stated) this.state('targetModules', named.stated, named.value);
    const added = (this.layout.targetSwitches ?? []).flatMap(({ key, modules }) =>
      scalarAt(this.context.root, key.path) === true ? modules : [],
    );
    if (named && added.length === 0) return named.value;
    const all = [...new Set([named?.value ?? [], added].flat())];
    if (all.length > 0) return all.length === 1 && all[0] === 'all-linear' ? 'all-linear' : all;
    return this.assume('targetModules', source, isText);
  }

  /** The constants with a unit, except eps, that the file or the trainer sets. */
  constants(row: OptimizerRow | null): Recipe['optimizer']['constants'] {
    const read: Partial<Record<Exclude<ConstantId, 'eps'>, number>> = {};
    for (const { constant } of row?.constants ?? []) {
      const value = constant === 'eps' ? null : this.number(constant);
      if (constant !== 'eps' && value !== null) read[constant] = value;
    }
    return read;
  }

  /** The alpha of a trainer that ignores the alpha of the file: the rank. */
  ignoredAlpha(rank: number, why: string): number {
    const stated = this.fields.alpha && notedAt(this.context, this.fields.alpha);
    if (stated) this.state('alpha', stated, stated.value);
    else this.assumed.alpha = this.whyAssumed(this.fields.alpha, why);
    return rank;
  }

  missing(field: 'rank' | 'alpha', right: string, near?: Source): null {
    // An unresolved value is set, so it is not missing.
    if (this.unresolved[field] !== undefined) return null;
    const source = this.fields[field];
    const label = (source?.write ?? source?.keys.at(-1))?.label ?? field;
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
    if (isDefault(node.lock) && (field === 'alpha' || field === 'learningRate')) {
      const message = l10n.t`${key.label} is ${String(value)} here. ${node.lock.message}`;
      this.context.notes.add('info', 'default-may-change', message, nodeToWrite(node).inner);
    }
    const entry = entryAt(this.context.root, key.path);
    this.stated[field] = {
      path: key.label,
      ...locate(this.document, nodeToWrite(node).inner),
      ...(entry ? { key: rangeInFile(this.document, entry.keyRange) } : {}),
    };
    return value;
  }

  /** The default of a field; null also if the file sets the field to an unresolved value. */
  private defaultOf(field: ReadField, source: Source): Default | null {
    const away = unresolvedAt(this.context.root, source);
    if (away) {
      this.unresolved[field] = away.expression;
      noteUnresolved(this.context, away);
      return null;
    }
    const { default: own } = source;
    return (typeof own === 'function' ? own(this.known) : own) ?? null;
  }

  private assume<T>(field: ReadField, source: Source, is: (value: unknown) => value is T): T | null {
    const fallback = this.defaultOf(field, source);
    if (!fallback) return null;
    const owner = this.layout.owner ?? this.context.trainer.name;
    this.assumed[field] = this.whyAssumed(source, whyDefault(field, fallback, owner, writeKey(source) !== null));
    return is(fallback.value) ? fallback.value : null;
  }

  /** A command that may get more flags may get one for this field. */
  private whyAssumed(source: Source | undefined, why: string): string {
    const words = furtherWords(this.context.root);
    const mayBeFlag = words.length > 0 && source !== undefined && source.keys.length > 0;
    return mayBeFlag ? l10n.t`${why} Flags in ${shownWords(words)} may override this default.` : why;
  }
}
