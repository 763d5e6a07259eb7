import type { Adapter, AdapterModule } from '../adapter';
import { otherFields, unreadPatterns } from '../config';
import { isBaseCopy } from '../layouts/names';
import type { Aspect, Does, Handling } from './engine';

/** Something in an adapter besides A, B, rank and alpha, and what an engine does with it. */
export interface Part {
  readonly aspect: Aspect;
  readonly handling: Handling;
  /** As the file or config names it. */
  readonly what: string;
}

/** Inits that change the base model's weights, and those that only draw A and B. */
const CHANGES_BASE = /^(?:pissa|olora|corda|loftq)/i;
const DRAWS = /^(?:true|false|gaussian|eva|orthogonal|mica)$/i;

/** The parts of an adapter that an engine may drop or refuse. */
export function partsOf(adapter: Adapter, does: Does): readonly Part[] {
  const { config, layout, modules, saved } = adapter;
  const found: Part[] = [];
  const add = (isThere: boolean, aspect: Aspect & keyof Does, what: string, handling: Handling): void => {
    if (isThere) found.push({ aspect, handling, what });
  };
  const has = (isSo: (module: AdapterModule) => boolean): boolean => modules.some(isSo);
  const isScale = ({ magnitude }: AdapterModule): boolean => magnitude?.key.endsWith('.dora_scale') ?? false;
  const isBias = ({ key }: { key: string }): boolean => key.endsWith('.bias');
  add(config?.useDora === true || has((m) => m.magnitude !== null && !isScale(m)), 'dora', 'DoRA', does.dora);
  add(has(isScale), 'doraScale', 'dora_scale', does.doraScale);
  const isRefused = does.rslora === 'refused';
  add(config?.useRslora === true && isRefused, 'rslora', 'use_rslora', does.rslora);
  add(config?.loraBias === true || has(({ biasB }) => biasB !== null), 'loraBias', 'lora_B.bias', does.loraBias);
  add((config?.bias ?? 'none') !== 'none' || saved.some(isBias), 'biases', `bias: ${config?.bias ?? ''}`, does.biases);
  const init = config?.init ?? 'true';
  const isLooked = CHANGES_BASE.test(init) || does.init === 'refused';
  const handlingOfInit = does.initsRight?.test(init) ? 'right' : isLooked ? does.init : 'unknown';
  add(!DRAWS.test(init), 'init', `init_lora_weights: ${init}`, handlingOfInit);
  const names = config?.modulesToSave ?? [];
  const whole = saved.filter((tensor) => !isBias(tensor) && !isBaseCopy(tensor)).map(({ key }) => key);
  add(
    names.length + whole.length > 0,
    'saved',
    [...names, ...(names.length > 0 ? [] : whole)].slice(0, 3).join(', '),
    does.saved,
  );
  add(
    has(({ kind }) => kind === 'embedding'),
    'embedding',
    'lora_embedding',
    does.embedding,
  );
  const experts = does.experts === 'ignored' ? 'right' : does.experts;
  add(has(isExpert), 'experts', 'experts', experts);
  add(layout === 'peft' && has(({ alphaTensor }) => alphaTensor !== null), 'stray', '.alpha', does.stray);
  const isLycoris = ({ kind, mid }: AdapterModule): boolean => mid !== null || ['loha', 'lokr', 'other'].includes(kind);
  add(has(isLycoris), 'lycoris', 'LoHa, LoKr, Tucker', does.lycoris);
  const misfits = ({ rank, statedRank }: AdapterModule): boolean => statedRank !== null && statedRank !== rank;
  add(has(misfits), 'misfit', 'rank_pattern, r', does.rank === 'tensor' ? 'right' : does.misfit);
  const fields = otherFields(config);
  add(fields.length > 0, 'other', fields.join(', '), does.other);
  const unread = config ? unreadPatterns(config) : [];
  add(unread.length > 0, 'alphaPattern', unread.join(', '), 'unknown');
  const ranks = new Set([config?.r ?? modules[0]?.rank, ...modules.map(({ rank }) => rank)]);
  add(ranks.size > 1, 'rankPattern', 'rank_pattern', does.rankPattern === 'ignored' ? 'right' : does.rankPattern);
  return found;
}

export const isExpert = ({ kind, name }: AdapterModule): boolean =>
  kind === 'experts' || /(?:^|\.)experts(?:\.|$)/.test(name);
