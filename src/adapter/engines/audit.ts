import * as l10n from '@vscode/l10n';
import { meantOf } from '../../recipe/closest';
import { numberLabel } from '../../recipe/notation';
import type { Adapter, AdapterModule } from '../adapter';
import { otherFields, unreadPatterns } from '../config';
import { isBaseCopy } from '../layouts/names';
import { ENGINES } from './all';
import { alikeIn, appliedTo, distance, isExpert, type Alike, type Applied } from './applied';
import type { Aspect, Does, Engine, Handling, PartName, Range } from './engine';

export type Outcome = 'right' | 'strong' | 'weak' | 'refused' | 'dropped' | 'unknown';

/** What a range of versions of an engine makes of an adapter. */
export interface Audited {
  readonly engine: string;
  readonly name: string;
  readonly version: string;
  readonly since: string | null;
  /** Whether no newer range of the engine is known. */
  readonly isNewest: boolean;
  readonly outcome: Outcome;
  /** Applied over meant, of the module that is furthest off; null where it is no number. */
  readonly factor: number | null;
  /** How many modules this is about. */
  readonly modules: number;
  readonly why: string;
  readonly evidence: 'ran' | 'read';
  readonly source: string;
  readonly date: string;
}

/** A rank that eight GPUs do not pad, if it is a multiple of 16. */
const SURELY_WHOLE = 64;

/**
 * What every engine makes of an adapter, or those that are named: `vllm` (the newest), `vllm@0.31.0`. Without names,
 * engines that do not load files of this layout are left out. What was not looked at is never right.
 */
export function audit(adapter: Adapter, names?: readonly string[]): readonly Audited[] {
  const seen = seenIn(adapter);
  const rowsOf = (engine: Engine, ranges: readonly Range[], version?: string): Audited[] =>
    ranges.map((range) => auditOf(seen, engine, range, version));
  if (!names)
    return ENGINES.flatMap((each) =>
      rowsOf(
        each,
        each.ranges.filter((range) => takes(range, seen)),
      ),
    );
  return names.flatMap((named) => {
    const [id, version] = splitName(named);
    const engine = ENGINES.find((each) => each.id === id);
    const ranges = engine?.ranges.filter((range) => version !== undefined && within(version, range)) ?? [];
    return engine ? rowsOf(engine, ranges.length > 0 ? ranges : engine.ranges.slice(-1), version) : [];
  });
}

/** Names of engines as people give them, `vllm,llama.cpp@0c1e57098`, or what is wrong with one. */
export function enginesNamed(text: string): readonly string[] | { wrong: string } {
  const ids = ENGINES.map(({ id }) => id);
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.map((name) => splitName(name)[0]).find((id) => !ids.includes(id));
  if (unknown === undefined) return names;
  const known = new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(ids);
  return { wrong: `holds "${unknown}"; it must be ${known}.${meantOf(unknown, ids)}` };
}

/** `vllm@0.31.0` → `vllm` and `0.31.0`. */
function splitName(named: string): [id: string, version: string | undefined] {
  const [id = '', ...version] = named.split('@');
  return [id, version.length > 0 ? version.join('@') : undefined];
}

/** `0.6.4.post1` → 0, 6, 4, 1; `2026-07-22` → 2026, 7, 22. None for a commit. */
const numbersIn = (version = ''): readonly number[] =>
  /^v?\d+(?:[.-]\d+)+/.test(version) ? (version.match(/\d+/g) ?? []).map(Number) : [];

/** Whether `one` is older than `other`; false where they cannot be compared, or one is not said. */
function isBefore(one: string | undefined, other: string | undefined): boolean {
  const [left, right] = [numbersIn(one), numbersIn(other)];
  const areDates = [left, right].map(([year = NaN]) => year > 2000);
  if (left.length === 0 || right.length === 0 || areDates[0] !== areDates[1]) return false;
  const at = [...left, ...right].findIndex((_, index) => (left[index] ?? 0) !== (right[index] ?? 0));
  return at >= 0 && (left[at] ?? 0) < (right[at] ?? 0);
}

/** Whether a version may belong to a range: a commit or a date beside a number may belong to any. */
const within = (version: string, { since, until }: Pick<Range, 'since' | 'until'>): boolean =>
  !isBefore(version, since) && !isBefore(until, version);

/** What is the same for every engine. */
interface Seen {
  adapter: Adapter;
  parts: readonly Part[];
  alike: readonly Alike[];
  /** By the names of the modules. */
  isLanguage: boolean;
  isImage: boolean;
}

const LANGUAGE = /(?:^|\.)(?:layers|h|blocks)\.\d+\.(?:self_attn|mlp|attn\.c_|attention\.)/;
const IMAGE = /(?:^|\.)(?:transformer_blocks|single_blocks|double_blocks|down_blocks|up_blocks)\./;

function seenIn(adapter: Adapter): Seen {
  const has = (pattern: RegExp): boolean => adapter.modules.some(({ name }) => pattern.test(name));
  const [parts, alike] = [partsOf(adapter), alikeIn(adapter)];
  return { adapter, parts, alike, isLanguage: has(LANGUAGE), isImage: has(IMAGE) };
}

/** Whether an engine loads such a file. A PEFT folder of a language model is nothing to a program for images. */
function takes({ does }: Range, { adapter: { layout }, isLanguage, isImage }: Seen): boolean {
  const isForeign = { language: isImage, image: isLanguage, any: false }[does.models];
  return does.takes.includes(layout) && !(layout === 'peft' && isForeign);
}

interface Found extends Pick<Audited, 'outcome' | 'factor' | 'modules'> {
  why: readonly string[];
  aspects: readonly Aspect[];
}

function auditOf(seen: Seen, engine: Engine, range: Range, version?: string): Audited {
  const { modules: all } = seen.adapter;
  const why = l10n.t('Does not load such files.');
  const refused: Found = { outcome: 'refused', factor: null, modules: all.length, aspects: [], why: [why] };
  const found = takes(range, seen) ? outcomeOf(seen, range.does) : refused;
  const { outcome, factor, modules, aspects } = found;
  const { label, read, does, date, since = read, until = read } = range;
  // Of versions before the first that was read, or after the last, nothing is known.
  const isUnseen = version !== undefined && !within(version, { since, until });
  const isRun = !isUnseen && aspects.length > 0 && aspects.every((aspect) => does.ran.includes(aspect));
  const unseen = isUnseen ? [l10n.t`Nobody has looked at ${version}; this is ${label}:`] : [];
  return {
    ...{ engine: engine.id, name: engine.name, version: label, since: range.since ?? null },
    ...{ isNewest: engine.ranges.at(-1) === range, outcome: isUnseen ? 'unknown' : outcome, factor, modules },
    ...{ why: [...unseen, ...found.why].join(' '), evidence: isRun ? 'ran' : 'read' },
    source: `${engine.repo}: ${engine.files} (${read})`,
    date,
  };
}

function outcomeOf({ adapter, parts, alike }: Seen, does: Does): Found {
  // A scaling that is not read is said where it is applied.
  const handled = parts
    .filter(({ aspect }) => aspect !== 'rslora' || does.rslora === 'refused')
    .map((part) => ({ ...part, handling: handlingOf(part, adapter, does) }));
  const named = (handlings: readonly Handling[], sentence: (names: string) => string): string[] => {
    const names = handlings.flatMap((one) => handled.flatMap(({ what, handling }) => (handling === one ? what : [])));
    return names.length > 0 ? [sentence(names.join(', '))] : [];
  };
  const applied = alike.map((modules) => appliedTo(modules, adapter, does));
  const aspects = [
    'scale' as const,
    ...[...handled.map(({ aspect }) => aspect), ...applied.flatMap((each) => each.aspects)],
  ];
  const count = (some: readonly Applied[]): number => some.reduce((sum, each) => sum + each.modules.length, 0);
  const base = { factor: null, modules: adapter.modules.length, aspects };
  const refusals = new Set(applied.flatMap(({ refused }) => refused ?? []));
  const refused = [...named(['refused'], (names) => l10n.t`Refuses ${names}.`), ...refusals];
  if (refused.length > 0) return { ...base, outcome: 'refused', why: refused };

  const dropped = named(['dropped', 'ignored'], (names) => l10n.t`Loads without ${names}, and reports no error.`);
  const unknown = named(['unknown'], (names) => l10n.t`Unknown what becomes of ${names}.`);
  const off = applied.filter(({ factor }) => factor !== null && factor !== 1);
  const [worst] = off.toSorted((one, other) => distance(other.factor) - distance(one.factor));
  if (worst) {
    const { is, modules, factor } = worst;
    const [now, meant] = [numberLabel(is ?? 0), numberLabel(modules[0].scaling ?? 0)];
    const applies = l10n.t`Applies ${now} in place of ${meant} to ${modules[0].name}.`;
    return {
      outcome: Math.abs(factor ?? NaN) > 1 ? 'strong' : 'weak',
      factor: Number.isFinite(factor) ? factor : null,
      ...{ modules: count(off), aspects, why: [...worst.why, applies, ...dropped, ...unknown] },
    };
  }

  const unclear = applied.filter(({ factor }) => factor === null);
  const why = [...dropped, ...unknown, ...unclear.slice(0, 1).flatMap(unclearWhy)];
  if (dropped.length > 0) return { ...base, outcome: 'dropped', modules: 1, why };
  if (does.rank.endsWith('padded') && adapter.modules.some(({ rank }) => rank < SURELY_WHOLE)) {
    why.push(l10n.t('This is on one GPU; on n GPUs a rank up to 8n is padded to 8n.'));
  }
  const isKnown = unknown.length === 0 && unclear.length === 0;
  if (isKnown) return { ...base, outcome: 'right', factor: 1, why };
  return { ...base, outcome: 'unknown', modules: Math.max(count(unclear), 1), why };
}

function unclearWhy({ is, why }: Applied): readonly string[] {
  if (is === null) return [...why, l10n.t('Unknown which scaling it applies.')];
  const unsaid = l10n.t('Nothing says which scaling this adapter was trained with.');
  return [...why, unsaid, l10n.t`Applies ${numberLabel(is)}.`];
}

/** Something in an adapter besides A, B, rank and alpha. */
interface Part {
  readonly aspect: PartName;
  /** As the file or config names it. */
  readonly what: string;
}

/** Inits that change the base model's weights, and those that only draw A and B. */
const CHANGES_BASE = /^(?:pissa|olora|corda|loftq)/i;
const DRAWS = /^(?:true|false|gaussian|eva|orthogonal|mica)$/i;

/** The parts of an adapter that an engine may drop or refuse. */
function partsOf({ config, layout, modules, saved }: Adapter): readonly Part[] {
  const has = (isSo: (module: AdapterModule) => boolean): boolean => modules.some(isSo);
  const isScale = ({ magnitude }: AdapterModule): boolean => magnitude?.key.endsWith('.dora_scale') ?? false;
  const isBias = ({ key }: { key: string }): boolean => key.endsWith('.bias');
  const { bias = 'none', init = 'true', modulesToSave = [] } = config ?? {};
  const whole = saved.filter((tensor) => !isBias(tensor) && !isBaseCopy(tensor)).map(({ key }) => key);
  const named = (modulesToSave.length > 0 ? modulesToSave : whole).slice(0, 3);
  const fields = otherFields(config);
  const unread = config ? unreadPatterns(config) : [];
  const isLycoris = ({ kind, mid }: AdapterModule): boolean => mid !== null || kind === 'loha' || kind === 'lokr';
  const ranks = new Set([config?.r ?? modules[0]?.rank, ...modules.map(({ rank }) => rank)]);
  const found: readonly (readonly [aspect: PartName, isThere: boolean, what: string])[] = [
    ['dora', config?.useDora === true || has((m) => m.magnitude !== null && !isScale(m)), 'DoRA'],
    ['doraScale', has(isScale), 'dora_scale'],
    ['rslora', config?.useRslora === true, 'use_rslora'],
    ['loraBias', config?.loraBias === true || has(({ biasB }) => biasB !== null), 'lora_B.bias'],
    ['biases', bias !== 'none' || saved.some(isBias), `bias: ${config?.bias ?? ''}`],
    ['init', !DRAWS.test(init), `init_lora_weights: ${init}`],
    ['saved', named.length > 0, named.join(', ')],
    ['embedding', has(({ kind }) => kind === 'embedding'), 'lora_embedding'],
    ['experts', has(isExpert), 'experts'],
    ['stray', layout === 'peft' && has(({ alphaTensor }) => alphaTensor !== null), '.alpha'],
    ['lycoris', has(isLycoris), 'LoHa, LoKr, Tucker'],
    ['misfit', has(({ rank, statedRank }) => statedRank !== null && statedRank !== rank), 'rank_pattern, r'],
    ['other', fields.length > 0, fields.join(', ')],
    ['alphaPattern', unread.length > 0, unread.join(', ')],
    ['rankPattern', ranks.size > 1, 'rank_pattern'],
  ];
  return found.flatMap(([aspect, isThere, what]) => (isThere ? [{ aspect, what }] : []));
}

/** What an engine does with a part; of a scaling that it does not read, {@link appliedTo} says what comes of it. */
function handlingOf({ aspect, what }: Part, { config }: Adapter, does: Does): Handling {
  const handling = does[aspect];
  const init = config?.init ?? '';
  const isRight =
    (aspect === 'init' && does.inits.includes(init)) ||
    ((aspect === 'rankPattern' || aspect === 'experts') && handling === 'ignored') ||
    (aspect === 'misfit' && does.rank === 'tensor') ||
    (aspect === 'other' && what.split(', ').every((field) => does.fields.includes(field)));
  const isNovel = aspect === 'init' && handling !== 'refused' && !CHANGES_BASE.test(init);
  return isRight ? 'right' : isNovel || aspect === 'alphaPattern' ? 'unknown' : handling;
}
