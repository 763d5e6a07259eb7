import * as l10n from '@vscode/l10n';
import { locate, rangeInFile, type Document } from '../../documents/document';
import { isUsable, type Recipe, scalingOf, USABLE } from '../../../recipe/recipe';
import { numberLabel } from '../../../recipe/notation';
import { constantOf, type OptimizerRow } from '../../../recipe/optimizers/optimizer-row';
import type { ConstantId } from '../../../recipe/optimizers/constants';
import type { InitMethod } from '../../../recipe/init/init-rows';
import { namedOptimizer } from './named-optimizer';
import type { ReadField, ReadRecipe } from '../../reading';
import { entryAt, isDefault, scalarAt, nodeToWrite, type Scalar } from '../../syntax/tree';
import { whyDefault } from './default-words';
import { noteOptimizer } from './optimizer-notes';
import { unscaledParameters } from './beside-lora';
import type { Shared } from './shared-fields';
import type { Layout } from '../../trainers/trainer';
import { writeKey, type Fields, type ReadSoFar, type Default, type Source } from '../../trainers/shared/fields';
import {
  UNUSABLE,
  betasAt,
  booleanAt,
  noteBadValue,
  unresolvedAt,
  namesAt,
  numberAt,
  noteUnresolved,
  statedAt,
  type Context,
  type StatedValue,
} from './values';

/** Reads the fields of one network, or the shared ones, and records which the file sets and which are defaults. */
export class FieldReader {
  readonly stated: ReadRecipe['stated'] = {};
  readonly assumed: ReadRecipe['assumed'] = {};
  readonly unresolved: NonNullable<ReadRecipe['unresolved']> = {};
  private isGood = true;
  private known: ReadSoFar;
  private fields: Fields;

  constructor(
    private readonly document: Document,
    private readonly context: Context,
    private readonly layout: Layout,
  ) {
    this.fields = layout.fields;
    this.known = { root: context.root, rank: null, optimizer: null, row: null };
  }

  shared(): Shared {
    const name = this.words('optimizer', this.layout.fields.optimizer);
    const named = namedOptimizer(this.layout, this.context.root, name);
    const { fields, row, rule, unknown } = named;
    this.fields = fields;
    this.known = { ...this.known, optimizer: name, row };
    noteOptimizer(this.context, this.layout, named);
    const hasMomentum = row?.defaults.momentum !== null;
    const momentum = this.number('momentum') ?? row?.defaults.momentum ?? null;
    const isRslora = this.boolean('useRslora') ?? false;
    const multiplier = this.number('multiplier');
    const values = {
      useDora: this.boolean('useDora') ?? false,
      scalingRule: this.layout.scalingRule ?? (isRslora ? ('rslora' as const) : ('standard' as const)),
      ...(multiplier === null ? {} : { multiplier }),
      learningRate: this.number('learningRate'),
      loraplusLrRatio: this.number('loraplusLrRatio'),
      optimizer: {
        name,
        row: row?.id ?? null,
        ...(unknown === null ? {} : { unknown }),
        ...(rule?.quantized ? { quantized: true } : {}),
        betas: row?.defaults.betas === null ? null : this.betas(),
        eps: row && !constantOf(row, 'eps') ? null : this.number('eps'),
        weightDecay: row?.decay === 'none' ? null : this.number('weightDecay'),
        momentum: hasMomentum ? momentum : null,
        nesterov: hasMomentum ? this.boolean('nesterov') : null,
        constants: this.constants(row),
        options: named.options,
      },
      maxGradNorm: this.number('maxGradNorm'),
      ...(fields.maxGradValue ? { maxGradValue: this.number('maxGradValue') } : {}),
      scheduler: this.words('scheduler', fields.scheduler),
      warmup: this.number('warmup'),
      dropout: this.number('dropout'),
      init: this.words('init', fields.init) as InitMethod | null,
      targetModules: this.targets(),
    };
    const { stated, assumed, unresolved, known, isGood } = this;
    return {
      ...values,
      ...unscaledParameters(this.layout, this.context.root),
      stated,
      assumed,
      unresolved,
      known,
      fields,
      traps: named.traps,
      unread: named.unread,
      isGood,
    };
  }

  /** The modules that get LoRA: the list, and the modules that switches add. */
  private targets(): Recipe['targetModules'] {
    const source = this.fields.targetModules;
    if (!source) return null;
    const named = namesAt(this.context, source);
    if (named?.stated) this.state('targetModules', named.stated);
    const added = (this.layout.targetSwitches ?? []).flatMap(({ key, modules }) =>
      scalarAt(this.context.root, key.path) === true ? modules : [],
    );
    if (named && added.length === 0) return named.value;
    const all = [...new Set([named?.value ?? [], added].flat())];
    if (all.length > 0) return all.length === 1 && all[0] === 'all-linear' ? 'all-linear' : all;
    const value = this.assume('targetModules', source);
    return typeof value === 'string' ? value : null;
  }

  /** The constants with a unit, except eps, that the file or the trainer sets. */
  private constants(row: OptimizerRow | null): Recipe['optimizer']['constants'] {
    const read: Partial<Record<Exclude<ConstantId, 'eps'>, number>> = {};
    for (const { constant } of row?.constants ?? []) {
      const value = constant === 'eps' ? null : this.number(constant);
      if (constant !== 'eps' && value !== null) read[constant] = value;
    }
    return read;
  }

  network(
    name: string,
    rankSource: Source,
    alphaSource: Source,
    { known, fields, traps: _traps, unread: _unread, isGood: _, ...shared }: Shared,
  ): ReadRecipe | null {
    this.known = known;
    this.fields = fields;
    const rank = this.number('rank', rankSource);
    if (!this.isGood) return null;
    if (rank === null) return this.missing('rank', rankSource, l10n.t('a rank such as 16'));
    this.known = { ...known, rank };
    const ignored = this.layout.alphaIsIgnored?.(this.context.root) ?? null;
    const alpha = ignored === null ? this.number('alpha', alphaSource) : this.ignoredAlpha(rank, alphaSource, ignored);
    if (!this.isGood) return null;
    // If the key holds the scaling itself, the rank is no guide.
    const right = this.layout.scalingRule === 'direct' ? l10n.t('a scaling such as 20') : l10n.t('an alpha such as 16');
    if (alpha === null) return this.missing('alpha', alphaSource, right, rankSource);
    const lrB = this.rateOfB(shared);
    if (lrB === UNUSABLE) return null;
    return {
      name,
      rank,
      alpha,
      scaling: scalingOf(shared.scalingRule, alpha, rank, shared.multiplier),
      lrA: null,
      lrB,
      ...shared,
      stated: { ...shared.stated, ...this.stated },
      assumed: { ...shared.assumed, ...this.assumed },
      unresolved: { ...shared.unresolved, ...this.unresolved },
      ...(ignored === null ? {} : { alphaIsIgnored: ignored }),
    };
  }

  /** B's learning rate with a LoRA+ ratio; it must be valid like every learning rate. */
  private rateOfB({
    loraplusLrRatio,
    learningRate,
  }: Pick<Shared, 'loraplusLrRatio' | 'learningRate'>): number | null | typeof UNUSABLE {
    if (!loraplusLrRatio || learningRate === null) return null;
    const rate = learningRate * loraplusLrRatio;
    if (isUsable(rate)) return rate;
    const stated = this.fields.loraplusLrRatio && statedAt(this.context, this.fields.loraplusLrRatio);
    const right = l10n.t`such that B's learning rate, ${numberLabel(rate)}, is ${USABLE}`;
    return stated ? noteBadValue(this.context, stated, right) : null;
  }

  /** The alpha of a trainer that ignores the alpha of the file: the rank. */
  private ignoredAlpha(rank: number, source: Source, why: string): number {
    const stated = statedAt(this.context, source);
    if (stated) this.state('alpha', stated);
    else this.assumed.alpha = why;
    return rank;
  }

  private missing(field: 'rank' | 'alpha', source: Source, right: string, near?: Source): null {
    // An unresolved value is set, so it is not missing.
    if (this.unresolved[field] !== undefined) return null;
    const label = (source.write ?? source.keys.at(-1))?.label ?? field;
    const { trainer, notes } = this.context;
    const message = l10n.t`${label} is missing, and ${trainer.name} has no default for it. Set ${label} to ${right}.`;
    const range = near ? (statedAt(this.context, near)?.node.inner ?? null) : null;
    notes.add('error', `${field}-missing`, message, range);
    return null;
  }

  private number(field: ReadField, source = this.fields[field]): number | null {
    if (!source) return null;
    const stated = numberAt(this.context, field, source);
    if (stated === UNUSABLE) return this.bad();
    if (stated) return this.state(field, stated).value;
    const value = this.assume(field, source);
    return typeof value === 'number' ? value : null;
  }

  private boolean(field: ReadField): boolean | null {
    const source = this.fields[field];
    if (!source) return null;
    const stated = booleanAt(this.context, source);
    if (stated === UNUSABLE) return this.bad();
    if (stated) return this.state(field, stated).value;
    const value = this.assume(field, source);
    return typeof value === 'boolean' ? value : null;
  }

  private words(field: ReadField, source: Source | undefined): string | null {
    if (!source) return null;
    const stated = statedAt(this.context, source);
    if (stated) return String(this.state(field, stated).value);
    const value = this.assume(field, source);
    return typeof value === 'string' ? value : null;
  }

  private betas(): readonly [number, number] | null {
    const source = this.fields.betas;
    if (!source) return null;
    const fallback = this.defaultOf('betas', source);
    const pair = Array.isArray(fallback?.value) ? (fallback.value as readonly [number, number]) : null;
    const { row } = this.known;
    // An unknown optimizer may take two or three.
    const counts = row ? [row.options?.beta3 === undefined ? 2 : 3] : [2, 3];
    const read = betasAt(this.context, source, pair, counts);
    if (read === UNUSABLE) return this.bad();
    if (read) {
      this.state('betas', read.stated);
      return read.value;
    }
    if (pair && fallback) this.assumed.betas = this.why('betas', source, fallback);
    return pair;
  }

  private state<T>(field: ReadField, stated: StatedValue<T>): StatedValue<T> {
    const { node, key, value } = stated;
    if (isDefault(node.lock) && (field === 'alpha' || field === 'learningRate')) {
      const message = l10n.t`${key.label} is ${String(value)} here. ${node.lock.message}`;
      this.context.notes.add('info', 'default-may-change', message, nodeToWrite(node).inner);
    }
    const entry = entryAt(this.context.root, stated.key.path);
    this.stated[field] = {
      path: stated.key.label,
      ...locate(this.document, nodeToWrite(node).inner),
      ...(entry ? { key: rangeInFile(this.document, entry.keyRange) } : {}),
    };
    return stated;
  }

  /** The default of a field; null also if the file sets the field to an unresolved value. */
  private defaultOf(field: ReadField, source: Source): Default | null {
    const away = unresolvedAt(this.context, source);
    if (away) {
      this.unresolved[field] = away.expression;
      noteUnresolved(this.context, away);
      return null;
    }
    const { default: own } = source;
    return (typeof own === 'function' ? own(this.known) : own) ?? null;
  }

  private assume(field: ReadField, source: Source): Scalar | readonly [number, number] {
    const fallback = this.defaultOf(field, source);
    if (fallback) this.assumed[field] = this.why(field, source, fallback);
    return fallback?.value ?? null;
  }

  private why(field: ReadField, source: Source, fallback: Default): string {
    return whyDefault(field, fallback, this.layout.owner ?? this.context.trainer.name, writeKey(source) !== null);
  }

  private bad(): null {
    this.isGood = false;
    return null;
  }
}
