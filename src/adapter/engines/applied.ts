import * as l10n from '@vscode/l10n';
import { numberLabel } from '../../recipe/notation';
import type { Adapter, AdapterModule } from '../adapter';
import { DIFFUSERS_METADATA } from '../config';
import { headerAlpha } from '../scaling';
import type { AlphaFrom, Aspect, Does } from './engine';
import { isExpert } from './parts';

/** Modules that every engine treats alike: the first of them, and what is asked of a module besides. */
export interface Alike {
  readonly module: AdapterModule;
  count: number;
  /** Whether it is of the kind of the adapter's first module. */
  readonly isFirst: boolean;
  /** Attention and CLIP of Stable Diffusion: diffusers' names of their alphas do not match PEFT's modules. */
  readonly losesAlpha: boolean;
}

const LOST_ALPHA = /(?:^|_)to_(?:q|k|v|out_0)$|^text_model_encoder_layers_\d+_self_attn_/;

export function alikeIn({ modules }: Adapter): readonly Alike[] {
  const kind = ({ name }: AdapterModule): string => name.slice(name.lastIndexOf('.') + 1);
  const first = modules[0] && kind(modules[0]);
  const found = new Map<string, Alike>();
  for (const module of modules) {
    const { rank, statedRank, alpha, scaling, alphaTensor, name } = module;
    const [isFirst, losesAlpha] = [kind(module) === first, LOST_ALPHA.test(name)];
    const key = [rank, statedRank, alpha, scaling, alphaTensor !== null, isExpert(module), isFirst, losesAlpha].join();
    const known = found.get(key);
    if (known) known.count++;
    else found.set(key, { module, count: 1, isFirst, losesAlpha });
  }
  return [...found.values()];
}

/** The scaling that an engine applies to modules. */
export interface Applied extends Alike {
  /** Null where it is unknown. */
  readonly is: number | null;
  readonly refused: string | null;
  /** Why `is` is what it is, as far as that is no plain alpha/rank. */
  readonly why: readonly string[];
  readonly aspects: readonly Aspect[];
}

export function appliedTo(alike: Alike, adapter: Adapter, does: Does): Applied {
  const { module } = alike;
  const { config } = adapter;
  const aspects: Aspect[] = [];
  const why: string[] = [];
  const say = (isSo: boolean, sentence: string): number => (isSo ? why.push(sentence) : 0);
  const ends = (is: number | null, refused: string | null = null): Applied => ({ ...alike, is, refused, why, aspects });
  const sees = seesConfig(adapter, does) ? config : null;
  if (config && !sees && config.alpha !== null) why.push(l10n.t`Does not read ${config.from}.`);

  const found = alphaOf(module, adapter, does);
  if (found === 'unclear') {
    aspects.push('stray');
    return ends(null);
  }
  if (found?.from === 'scale') return ends(found.alpha);
  if (!found) {
    aspects.push('missing');
    if (does.missing === 'unknown') return ends(null);
    if (does.missing === 'refused') return ends(null, refusesMissing(adapter, does));
    const isOne = does.missing === 'one';
    why.push(
      isOne ? l10n.t('Finds no alpha, and scales by 1.') : l10n.t`Takes ${does.missing} for the alpha that is missing.`,
    );
    if (isOne) return ends(1);
  }
  let alpha = found?.alpha ?? Number(does.missing);
  if (does.wholeAlpha && !Number.isInteger(alpha)) {
    return ends(null, l10n.t`Refuses alpha ${numberLabel(alpha)}, which is no whole number.`);
  }
  if (alpha === 0) {
    aspects.push('zero');
    say(does.zero === 'one', l10n.t('Takes alpha 0 for a scaling of 1.'));
    if (does.zero === 'refused') return ends(null, l10n.t('Refuses alpha 0.'));
    return ends(does.zero === 'unknown' ? null : Number(does.zero === 'one'));
  }
  const common = found?.from === 'tensor' || !found ? commonAlpha(alike, adapter, does) : null;
  if (common !== null) {
    aspects.push('commonAlpha');
    say(common !== alpha, l10n.t`Takes ${numberLabel(common)}, the most frequent alpha, for attention.`);
    alpha = common;
  }
  const hasPatterns = config !== null && !module.alphaTensor;
  if (hasPatterns && module.alpha !== config.alpha) {
    aspects.push('alphaPattern');
    say(does.alphaPattern === 'ignored', l10n.t('Ignores alpha_pattern.'));
  }
  if (hasPatterns && module.statedRank !== null && module.statedRank !== config.r) {
    aspects.push('rankPattern');
    say(does.rankPattern === 'ignored', l10n.t('Ignores rank_pattern.'));
  }
  const rank = rankOf(alike, adapter, does);
  if (rank === null) return ends(null);
  say(does.rank === 'padded' && rank !== module.rank, l10n.t`Divides by the padded rank ${rank}.`);
  if (!sees?.useRslora) return ends(alpha / rank);
  aspects.push('rslora');
  if (does.rslora === 'unknown') return ends(null);
  const isRoot = does.rslora === 'right' && !(isExpert(module) && does.experts === 'ignored');
  say(!isRoot, l10n.t('Ignores use_rslora.'));
  return ends(alpha / (isRoot ? Math.sqrt(rank) : rank));
}

const refusesMissing = ({ config, layout }: Adapter, { alpha }: Does): string =>
  layout === 'peft' && !config && alpha.includes('config')
    ? l10n.t('Needs adapter_config.json.')
    : l10n.t('Refuses an adapter without an alpha.');

const seesConfig = ({ config }: Adapter, { alpha }: Does): boolean =>
  config !== null && alpha.includes(config.from === DIFFUSERS_METADATA ? 'header' : 'config');

interface FoundAlpha {
  alpha: number;
  from: AlphaFrom;
}

/** The first alpha that the engine finds. `unclear`: it reads a tensor whose value nobody here has read. */
function alphaOf(
  module: AdapterModule,
  { config, layout, metadata }: Adapter,
  does: Does,
): FoundAlpha | 'unclear' | null {
  const said = does.alphaPattern === 'right' && !module.alphaTensor ? module.alpha : (config?.alpha ?? null);
  const isHeader = config?.from === DIFFUSERS_METADATA;
  const plain = headerAlpha(metadata);
  const values: Readonly<Record<AlphaFrom, number | null>> = {
    tensor: module.alphaTensor && module.alpha,
    config: config && !isHeader ? said : null,
    header: isHeader ? said : null,
    'plain-header': !config && plain && plain.key !== 'ss_network_alpha' ? plain.alpha : null,
    scale: config && config.scale,
  };
  for (const from of does.alpha) {
    if (from === 'tensor' && module.alphaTensor && layout === 'peft' && config) return 'unclear';
    const alpha = values[from];
    if (alpha !== null) return { alpha, from };
  }
  return null;
}

/** Names of Stable Diffusion's U-Net in kohya's layout. */
const U_NET = /^(?:down_blocks|mid_block|up_blocks|input_blocks|middle_block|output_blocks)_/;

/** The alpha that diffusers takes for this module, the most frequent one of the file. Null where it takes another. */
function commonAlpha({ module, losesAlpha }: Alike, { layout, modules }: Adapter, does: Does): number | null {
  if (!does.commonAlpha || layout === 'peft' || layout === 'diffusers') return null;
  if ((module.alphaTensor && !losesAlpha) || !modules.some(({ name }) => U_NET.test(name))) return null;
  const counts = new Map<number, number>();
  for (const { alpha, alphaTensor } of modules) {
    if (alphaTensor && alpha !== null) counts.set(alpha, (counts.get(alpha) ?? 0) + 1);
  }
  return [...counts].toSorted(([, one], [, other]) => other - one)[0]?.[0] ?? null;
}

/** 8 up to 8, then multiples of 16: kernels of one GPU. */
export const paddedRank = (rank: number): number => (rank <= 8 ? 8 : Math.ceil(rank / 16) * 16);

function rankOf({ module, isFirst }: Alike, { config }: Adapter, { rank, rankPattern }: Does): number | null {
  if (rank === 'none') return 1;
  if (rank === 'tensor') return module.rank;
  const stated = (rankPattern === 'right' ? module.statedRank : null) ?? config?.r ?? null;
  if (stated === null || rank === 'config' || paddedRank(stated) === stated) return stated;
  return rank === 'perhaps-padded' ? null : isFirst ? stated : paddedRank(stated);
}
