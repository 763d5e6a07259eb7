import type { Adapter, AdapterModule } from '../adapter';
import { otherFields, unreadPatterns } from '../config';
import { isBaseCopy } from '../layouts/names';
import type { Does, Handling, PartName } from './engine';

/** Something in an adapter besides A, B, rank and alpha. */
export interface Part {
  readonly aspect: PartName;
  /** As the file or config names it. */
  readonly what: string;
}

export const isExpert = ({ kind, name }: AdapterModule): boolean =>
  kind === 'experts' || /(?:^|\.)experts(?:\.|$)/.test(name);

/** Inits that change the base model's weights, and those that only draw A and B. */
const CHANGES_BASE = /^(?:pissa|olora|corda|loftq)/i;
const DRAWS = /^(?:true|false|gaussian|eva|orthogonal|mica)$/i;

/** The parts of an adapter that an engine may drop or refuse. */
export function partsOf({ config, layout, modules, saved }: Adapter): readonly Part[] {
  const has = (isSo: (module: AdapterModule) => boolean): boolean => modules.some(isSo);
  const isScale = ({ magnitude }: AdapterModule): boolean => magnitude?.key.endsWith('.dora_scale') ?? false;
  const isBias = ({ key }: { key: string }): boolean => key.endsWith('.bias');
  const { bias = 'none', init = 'true', modulesToSave = [] } = config ?? {};
  const whole = saved.filter((tensor) => !isBias(tensor) && !isBaseCopy(tensor)).map(({ key }) => key);
  const named = (modulesToSave.length > 0 ? modulesToSave : whole).slice(0, 3);
  const fields = otherFields(config);
  const unread = config ? unreadPatterns(config) : [];
  const isLycoris = ({ kind, mid }: AdapterModule): boolean => mid !== null || ['loha', 'lokr', 'other'].includes(kind);
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
export function handlingOf({ aspect, what }: Part, adapter: Adapter, does: Does): Handling {
  const handling = does[aspect];
  const init = adapter.config?.init ?? '';
  switch (aspect) {
    case 'init':
      if (does.inits.includes(init)) return 'right';
      return CHANGES_BASE.test(init) || handling === 'refused' ? handling : 'unknown';
    case 'rankPattern':
    case 'experts':
      return handling === 'ignored' ? 'right' : handling;
    case 'misfit':
      return does.rank === 'tensor' ? 'right' : handling;
    case 'alphaPattern':
      return 'unknown';
    case 'other':
      return what.split(', ').every((field) => does.fields.includes(field)) ? 'right' : handling;
    default:
      return handling;
  }
}
