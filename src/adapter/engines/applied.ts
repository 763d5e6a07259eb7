import * as l10n from '@vscode/l10n';
import { numberLabel } from '../../recipe/notation';
import type { Adapter, AdapterModule } from '../adapter';
import { DIFFUSERS_METADATA } from '../config';
import { headerAlpha } from '../scaling';
import type { AlphaFrom, Aspect, Does } from './engine';
import { isExpert } from './parts';

/** The scaling that an engine applies to a module, and the one that its trainer meant. */
export interface Applied {
  readonly module: string;
  /** Null where it is unknown. */
  readonly is: number | null;
  readonly meant: number | null;
  readonly refused: string | null;
  /** Why `is` is what it is, as far as that is no plain alpha/rank. */
  readonly why: readonly string[];
  readonly aspects: readonly Aspect[];
}

export function appliedTo(module: AdapterModule, adapter: Adapter, does: Does): Applied {
  const { config } = adapter;
  const base = { module: module.name, meant: module.scaling, refused: null };
  const sees = seesConfig(adapter, does);
  const aspects: Aspect[] = [];
  const why: string[] = [];
  if (config && !sees && config.alpha !== null) why.push(l10n.t`Does not read ${config.from}.`);
  const found = alphaOf(module, adapter, does);
  if (found === 'unclear') return { ...base, is: null, why, aspects: ['stray'] };
  if (found?.from === 'scale') return { ...base, is: found.alpha, why, aspects };

  let alpha = found?.alpha ?? null;
  if (alpha === null) {
    aspects.push('missing');
    const { missing } = does;
    if (missing === 'refused') return { ...base, refused: refusesMissing(adapter, does), is: null, why, aspects };
    if (missing === 'unknown') return { ...base, is: null, why, aspects };
    if (missing === 'one')
      return { ...base, is: 1, why: [...why, l10n.t('Finds no alpha, and scales by 1.')], aspects };
    alpha = missing;
    why.push(l10n.t`Takes ${alpha} for the alpha that is missing.`);
  }
  if (does.wholeAlpha && !Number.isInteger(alpha)) {
    return {
      ...base,
      refused: l10n.t`Refuses alpha ${numberLabel(alpha)}, which is no whole number.`,
      is: null,
      why,
      aspects,
    };
  }
  if (alpha === 0) {
    aspects.push('zero');
    if (does.zero === 'unknown') return { ...base, is: null, why, aspects };
    if (does.zero === 'refused') return { ...base, refused: l10n.t('Refuses alpha 0.'), is: null, why, aspects };
    const one = does.zero === 'one';
    return {
      ...base,
      is: one ? 1 : 0,
      why: one ? [...why, l10n.t('Takes alpha 0 for a scaling of 1.')] : why,
      aspects,
    };
  }
  const common = found?.from === 'tensor' || found === null ? commonAlpha(module, adapter, does) : null;
  if (common !== null) {
    aspects.push('commonAlpha');
    if (common !== alpha) why.push(l10n.t`Takes ${numberLabel(common)}, the most frequent alpha, for attention.`);
    alpha = common;
  }
  const pattern = patternsOf(module, adapter, does);
  aspects.push(...pattern.aspects);
  why.push(...pattern.why);
  const rank = rankOf(module, adapter, does);
  if (rank === null) return { ...base, is: null, why, aspects };
  if (does.rank === 'padded' && rank !== module.rank) why.push(l10n.t`Divides by the padded rank ${rank}.`);
  const root = rootOf(module, adapter, does, sees);
  if (config?.useRslora && sees) aspects.push('rslora');
  if (root === 'unknown') return { ...base, is: null, why, aspects };
  if (config?.useRslora && sees && root === 'no') why.push(l10n.t('Ignores use_rslora.'));
  return { ...base, is: alpha / (root === 'yes' ? Math.sqrt(rank) : rank), why, aspects };
}

function refusesMissing({ config, layout }: Adapter, does: Does): string {
  return layout === 'peft' && !config && does.alpha.includes('config')
    ? l10n.t('Needs adapter_config.json.')
    : l10n.t('Refuses an adapter without an alpha.');
}

const seesConfig = ({ config }: Adapter, { alpha }: Does): boolean =>
  config !== null && (config.from === DIFFUSERS_METADATA ? alpha.includes('header') : alpha.includes('config'));

interface FoundAlpha {
  alpha: number;
  from: AlphaFrom;
}

/** The first alpha that the engine finds. `unclear`: it reads a tensor whose value nobody here has read. */
function alphaOf(module: AdapterModule, adapter: Adapter, does: Does): FoundAlpha | 'unclear' | null {
  const { config, layout, metadata } = adapter;
  const own = does.alphaPattern === 'right' && !module.alphaTensor ? module.alpha : (config?.alpha ?? null);
  for (const from of does.alpha) {
    if (from === 'tensor' && module.alphaTensor) {
      if (layout === 'peft' && config) return 'unclear';
      if (module.alpha !== null) return { alpha: module.alpha, from };
    }
    const isHere = from === 'config' || from === 'header';
    const isIts = (from === 'header') === (config?.from === DIFFUSERS_METADATA);
    if (isHere && config && isIts && own !== null) return { alpha: own, from };
    const header = headerAlpha(metadata);
    if (from === 'plain-header' && !config && header && header.key !== 'ss_network_alpha') {
      return { alpha: header.alpha, from };
    }
    if (from === 'scale' && config && config.scale !== null) return { alpha: config.scale, from };
  }
  return null;
}

/** Names of Stable Diffusion's U-Net in kohya's layout. */
const U_NET = /^(?:down_blocks|mid_block|up_blocks|input_blocks|middle_block|output_blocks)_/;

/** The alpha that the engine takes for this module: the most frequent one of the file. Null where it takes another. */
function commonAlpha(module: AdapterModule, adapter: Adapter, does: Does): number | null {
  if (!does.commonAlpha || adapter.layout === 'peft' || adapter.layout === 'diffusers') return null;
  return module.alphaTensor && !does.commonAlpha.test(module.name) ? null : mostFrequent(adapter);
}

/** Counted once for each adapter. */
const frequent = new WeakMap<Adapter, number | null>();
/** Null where no module has a name of Stable Diffusion's U-Net. */
function mostFrequent(adapter: Adapter): number | null {
  const known = frequent.get(adapter);
  if (known !== undefined) return known;
  const counts = new Map<number, number>();
  for (const { alpha, alphaTensor } of adapter.modules) {
    if (alphaTensor && alpha !== null) counts.set(alpha, (counts.get(alpha) ?? 0) + 1);
  }
  const [most] = [...counts].sort(([, one], [, other]) => other - one);
  const made = adapter.modules.some(({ name }) => U_NET.test(name)) ? (most?.[0] ?? null) : null;
  frequent.set(adapter, made);
  return made;
}

function patternsOf(module: AdapterModule, { config }: Adapter, does: Does): { why: string[]; aspects: Aspect[] } {
  const why: string[] = [];
  const aspects: Aspect[] = [];
  if (!config || module.alphaTensor) return { why, aspects };
  if (module.alpha !== config.alpha) {
    aspects.push('alphaPattern');
    if (does.alphaPattern === 'ignored') why.push(l10n.t('Ignores alpha_pattern.'));
  }
  if (module.statedRank !== null && module.statedRank !== config.r) {
    aspects.push('rankPattern');
    if (does.rankPattern === 'ignored') why.push(l10n.t('Ignores rank_pattern.'));
  }
  return { why, aspects };
}

/** 8 up to 8, then multiples of 16: kernels of one GPU. */
const padded = (rank: number): number => (rank <= 8 ? 8 : Math.ceil(rank / 16) * 16);

function rankOf(module: AdapterModule, { config, modules }: Adapter, { rank, rankPattern }: Does): number | null {
  if (rank === 'none') return 1;
  if (rank === 'tensor') return module.rank;
  const stated = rankPattern === 'right' ? (module.statedRank ?? config?.r) : config?.r;
  if (stated === undefined || stated === null) return null;
  if (rank === 'config') return stated;
  if (padded(stated) === stated) return stated;
  const kind = (name: string): string => name.slice(name.lastIndexOf('.') + 1);
  const isFirst = modules[0] !== undefined && kind(modules[0].name) === kind(module.name);
  return rank === 'perhaps-padded' ? null : isFirst ? stated : padded(stated);
}

function rootOf(module: AdapterModule, { config }: Adapter, does: Does, sees: boolean): 'yes' | 'no' | 'unknown' {
  if (!config?.useRslora || !sees) return 'no';
  if (does.rslora === 'unknown') return 'unknown';
  return does.rslora === 'right' && !(isExpert(module) && does.experts === 'ignored') ? 'yes' : 'no';
}
