import * as l10n from '@vscode/l10n';
import { meantOf } from '../../recipe/closest';
import { numberLabel } from '../../recipe/notation';
import type { Adapter } from '../adapter';
import { ENGINES } from './all';
import { alikeIn, appliedTo, type Alike, type Applied } from './applied';
import type { Aspect, Does, Engine, Handling, Range } from './engine';
import { handlingOf, partsOf, type Part } from './parts';
import { versionLabel, wasSeen, within } from './versions';

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
  if (!names) {
    return ENGINES.flatMap((engine) =>
      engine.ranges.flatMap((range) => (takes(range, seen) ? [auditOf(seen, engine, range)] : [])),
    );
  }
  return names.flatMap((named) => {
    const [id, version] = splitName(named);
    const engine = ENGINES.find((each) => each.id === id);
    const newest = engine?.ranges.at(-1);
    if (!engine || !newest) return [];
    const ranges = engine.ranges.filter((range) => version !== null && within(version, range));
    return (ranges.length > 0 ? ranges : [newest]).map((range) => auditOf(seen, engine, range, version));
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
export function splitName(named: string): [id: string, version: string | null] {
  const at = named.indexOf('@');
  return at < 0 ? [named, null] : [named.slice(0, at), named.slice(at + 1)];
}

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

type Found = Pick<Audited, 'outcome' | 'factor' | 'modules'> & { why: readonly string[]; aspects: readonly Aspect[] };

function auditOf(seen: Seen, engine: Engine, range: Range, version: string | null = null): Audited {
  const { outcome, factor, modules, why, aspects } = takes(range, seen) ? outcomeOf(seen, range.does) : notTaken(seen);
  const { ran } = range;
  const isUnseen = version !== null && !wasSeen(version, range);
  const isRun = !isUnseen && aspects.length > 0 && aspects.every((aspect) => ran?.aspects.includes(aspect));
  const unseen = isUnseen ? [l10n.t`Nobody has looked at ${version}; this is ${versionLabel(range)}:`] : [];
  return {
    ...{ engine: engine.id, name: engine.name, version: versionLabel(range), since: range.since ?? null },
    ...{ isNewest: engine.ranges.at(-1) === range, outcome: isUnseen ? 'unknown' : outcome, factor, modules },
    ...{ why: [...unseen, ...why].join(' '), evidence: isRun ? 'ran' : 'read' },
    source: `${engine.repo}: ${engine.files} (${(isRun && ran?.version) || range.read})`,
    date: range.date,
  };
}

const notTaken = ({ adapter: { modules } }: Seen): Found => ({
  ...{ outcome: 'refused', factor: null, modules: modules.length, aspects: [] },
  why: [l10n.t('Does not load such files.')],
});

function outcomeOf({ adapter, parts, alike }: Seen, does: Does): Found {
  // A scaling that is not read is said where it is applied.
  const handled = parts
    .filter(({ aspect }) => aspect !== 'rslora' || does.rslora === 'refused')
    .map((part) => ({ ...part, handling: handlingOf(part, adapter, does) }));
  const named = (handlings: readonly Handling[], sentence: (names: string) => string): string[] => {
    const names = handlings.flatMap((one) => handled.flatMap(({ what, handling }) => (handling === one ? what : [])));
    return names.length > 0 ? [sentence(names.join(', '))] : [];
  };
  const applied = alike.map((each) => appliedTo(each, adapter, does));
  const aspects: Aspect[] = [
    'scale',
    ...handled.map((part) => part.aspect),
    ...applied.flatMap((each) => each.aspects),
  ];
  const base = { factor: null, modules: adapter.modules.length, aspects };
  const refusals = new Set(applied.flatMap(({ refused }) => refused ?? []));
  const refused = [...named(['refused'], (names) => l10n.t`Refuses ${names}.`), ...refusals];
  if (refused.length > 0) return { ...base, outcome: 'refused', why: refused };

  const dropped = named(['dropped', 'ignored'], (names) => l10n.t`Loads without ${names}, and reports no error.`);
  const unknown = named(['unknown'], (names) => l10n.t`Unknown what becomes of ${names}.`);
  const off = applied.filter(({ factor }) => factor !== null && factor !== 1);
  // No effect, and an effect out of nothing, are furthest.
  const distance = ({ factor }: Applied): number => Math.abs(Math.log(Math.abs(factor ?? NaN)));
  const [worst] = off.toSorted((one, other) => distance(other) - distance(one));
  const count = (some: readonly Applied[]): number =>
    Math.max(
      some.reduce((sum, each) => sum + each.modules.length, 0),
      1,
    );
  if (worst) {
    const { is, module, factor } = worst;
    const [now, meant] = [numberLabel(is ?? 0), numberLabel(module.scaling ?? 0)];
    const applies = l10n.t`Applies ${now} in place of ${meant} to ${module.name}.`;
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
  return isKnown
    ? { ...base, outcome: 'right', factor: 1, why }
    : { ...base, outcome: 'unknown', modules: count(unclear), why };
}

function unclearWhy({ is, why }: Applied): readonly string[] {
  if (is === null) return [...why, l10n.t('Unknown which scaling it applies.')];
  const unsaid = l10n.t('Nothing says which scaling this adapter was trained with.');
  return [...why, unsaid, l10n.t`Applies ${numberLabel(is)}.`];
}
