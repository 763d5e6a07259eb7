import * as l10n from '@vscode/l10n';
import { numberLabel } from '../../recipe/notation';
import type { Adapter } from '../adapter';
import { ENGINES } from './all';
import { appliedTo, type Applied } from './applied';
import type { Aspect, Does, Engine, Range } from './engine';
import { partsOf } from './parts';
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

/** Relative. */
const EQUAL = 1e-6;

/**
 * What every engine makes of an adapter, or those that are named: `vllm` (the newest), `vllm@0.31.0`. Without names,
 * engines that do not load files of this layout are left out. What was not looked at is never right.
 */
export function audit(adapter: Adapter, names?: readonly string[]): readonly Audited[] {
  if (!names) {
    return ENGINES.flatMap((engine) =>
      engine.ranges.flatMap((range) => (takes(range, adapter) ? [auditOf(adapter, engine, range)] : [])),
    );
  }
  return names.flatMap((named) => {
    const [id, version] = splitName(named);
    const engine = ENGINES.find((each) => each.id === id);
    const newest = engine?.ranges.at(-1);
    if (!engine || !newest) return [];
    if (version === null) return [auditOf(adapter, engine, newest)];
    const ranges = engine.ranges.filter((range) => within(version, range));
    return (ranges.length > 0 ? ranges : [newest]).map((range) => auditOf(adapter, engine, range, version));
  });
}

/** `vllm@0.31.0` → `vllm` and `0.31.0`. */
export function splitName(named: string): [id: string, version: string | null] {
  const at = named.indexOf('@');
  return at < 0 ? [named, null] : [named.slice(0, at), named.slice(at + 1)];
}

const LANGUAGE = /(?:^|\.)(?:layers|h|blocks)\.\d+\.(?:self_attn|mlp|attn\.c_|attention\.)/;
const IMAGE = /(?:^|\.)(?:transformer_blocks|single_blocks|double_blocks|down_blocks|up_blocks)\./;

/** Whether an engine loads such a file. A PEFT folder of a language model is nothing to a program for images. */
function takes({ does }: Range, { layout, modules }: Adapter): boolean {
  const names = { language: IMAGE, image: LANGUAGE };
  const foreign = does.models === 'any' || layout !== 'peft' ? null : names[does.models];
  return does.takes.includes(layout) && !modules.some(({ name }) => foreign?.test(name));
}

interface Found {
  outcome: Outcome;
  factor: number | null;
  modules: number;
  why: readonly string[];
  aspects: readonly Aspect[];
}

function auditOf(adapter: Adapter, engine: Engine, range: Range, version: string | null = null): Audited {
  const found = takes(range, adapter) ? outcomeOf(adapter, range.does) : notTaken(adapter);
  const isUnseen = version !== null && !wasSeen(version, range);
  const isAsked = !isUnseen && found.aspects.length > 0;
  const ran = isAsked && range.ran && found.aspects.every((aspect) => range.ran?.aspects.includes(aspect));
  const unseen = isUnseen ? [l10n.t`Nobody has looked at ${version}; this is ${versionLabel(range)}:`] : [];
  return {
    ...{ engine: engine.id, name: engine.name, version: versionLabel(range), since: range.since ?? null },
    isNewest: engine.ranges.at(-1) === range,
    ...{ outcome: isUnseen ? 'unknown' : found.outcome, factor: found.factor, modules: found.modules },
    why: [...unseen, ...found.why].join(' '),
    evidence: ran ? 'ran' : 'read',
    source: `${engine.repo}: ${engine.files} (${(ran ? range.ran?.version : null) ?? range.read})`,
    date: range.date,
  };
}

const notTaken = ({ modules }: Adapter): Found => ({
  ...{ outcome: 'refused', factor: null, modules: modules.length, aspects: [] },
  why: [l10n.t('Does not load such files.')],
});

function outcomeOf(adapter: Adapter, does: Does): Found {
  const parts = partsOf(adapter, does);
  const applied = adapter.modules.map((module) => appliedTo(module, adapter, does));
  const aspects: Aspect[] = ['scale', ...parts.map(({ aspect }) => aspect), ...applied.flatMap((each) => each.aspects)];
  const handled = (handling: string): readonly string[] =>
    parts.flatMap((part) => (part.handling === handling ? [part.what] : []));
  const count = (modules: number): number => Math.max(modules, 1);
  const refusals = [...new Set(applied.flatMap(({ refused }) => (refused === null ? [] : [refused])))];
  const refused = handled('refused');
  if (refused.length > 0) refusals.unshift(l10n.t`Refuses ${refused.join(', ')}.`);
  const base = { factor: null, aspects };
  if (refusals.length > 0) return { ...base, outcome: 'refused', modules: adapter.modules.length, why: refusals };

  const dropped = [...handled('dropped'), ...handled('ignored')];
  const unknown = handled('unknown');
  const why = [
    ...(dropped.length > 0 ? [l10n.t`Loads without ${dropped.join(', ')}, and reports no error.`] : []),
    ...(unknown.length > 0 ? [l10n.t`Unknown what becomes of ${unknown.join(', ')}.`] : []),
  ];
  const off = applied.filter(({ is, meant }) => is !== null && meant !== null && differs(is, meant));
  const [worst] = [...off].sort((one, other) => distance(other) - distance(one));
  if (worst) {
    const factor = ratio(worst);
    return {
      outcome: Math.abs(factor) > 1 ? 'strong' : 'weak',
      factor: Number.isFinite(factor) ? factor : null,
      ...{ modules: off.length, aspects, why: [...scaleWhy(worst), ...why] },
    };
  }

  const unclear = applied.filter(({ is, meant }) => is === null || meant === null);
  const [first] = unclear;
  if (first) why.push(...unclearWhy(first));
  if (dropped.length > 0) return { ...base, outcome: 'dropped', modules: count(0), why };
  if (does.rank.endsWith('padded') && adapter.modules.some(({ rank }) => rank < SURELY_WHOLE)) {
    why.push(l10n.t('This is on one GPU; on n GPUs a rank up to 8n is padded to 8n.'));
  }
  if (unknown.length > 0 || first) return { ...base, outcome: 'unknown', modules: count(unclear.length), why };
  return { ...base, outcome: 'right', factor: 1, modules: adapter.modules.length, why };
}

const differs = (is: number, meant: number): boolean =>
  Math.abs(is - meant) > EQUAL * Math.max(Math.abs(is), Math.abs(meant));
const ratio = ({ is, meant }: Applied): number => (is ?? NaN) / (meant ?? NaN);
/** No effect, and an effect out of nothing, are furthest. */
const distance = (applied: Applied): number => Math.abs(Math.log(Math.abs(ratio(applied))));

function scaleWhy({ is, meant, module, why }: Applied): readonly string[] {
  return [...why, l10n.t`Applies ${numberLabel(is ?? 0)} in place of ${numberLabel(meant ?? 0)} to ${module}.`];
}

function unclearWhy({ is, why }: Applied): readonly string[] {
  const unsaid = l10n.t('Nothing says which scaling this adapter was trained with.');
  return is === null
    ? [...why, l10n.t('Unknown which scaling it applies.')]
    : [...why, unsaid, l10n.t`Applies ${numberLabel(is)}.`];
}
