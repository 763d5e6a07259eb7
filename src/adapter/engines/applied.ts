import * as l10n from '@vscode/l10n';
import { numberLabel } from '../../recipe/notation';
import type { Adapter, AdapterModule } from '../adapter';
import { DIFFUSERS_METADATA, headerAlpha } from '../config';
import { inGroups, mostFrequent, type Group } from '../groups';
import type { AlphaFrom, Aspect, Does } from './engine';

/** Modules that every engine treats alike. */
export type Alike = Group<AdapterModule>;

export const isExpert = ({ kind, name }: AdapterModule): boolean =>
  kind === 'experts' || /(?:^|\.)experts(?:\.|$)/.test(name);

/** Of Stable Diffusion's attention and CLIP: diffusers' names of their alphas do not match PEFT's modules. */
const losesAlpha = ({ name }: AdapterModule): boolean =>
  /(?:^|_)to_(?:q|k|v|out_0)$|^text_model_encoder_layers_\d+_self_attn_/.test(name);

/** Whether it is of the kind of the adapter's first module. */
function isFirst(module: AdapterModule, { modules }: Adapter): boolean {
  const kindOf = ({ name }: AdapterModule): string => name.slice(name.lastIndexOf('.') + 1);
  return modules[0] !== undefined && kindOf(module) === kindOf(modules[0]);
}

export const alikeIn = (adapter: Adapter): readonly Alike[] =>
  inGroups(adapter.modules, (module) => {
    const { rank, statedRank, alpha, scaling, alphaTensor } = module;
    const asked = [isExpert(module), isFirst(module, adapter), losesAlpha(module)];
    return [rank, statedRank, alpha, scaling, alphaTensor !== null, ...asked].join();
  });

/** The scaling that an engine applies to modules. */
export interface Applied {
  readonly modules: Alike;
  /** Null where it is unknown. */
  readonly is: number | null;
  /** `is` over what the trainer meant; null where one of them is unknown. */
  readonly factor: number | null;
  readonly refused: string | null;
  /** Why `is` is what it is, as far as that is no plain alpha/rank. */
  readonly why: readonly string[];
  readonly aspects: readonly Aspect[];
}

/** Relative. */
const EQUAL = 1e-6;

/** How far off a factor is: no effect, and an effect out of nothing, are furthest. */
export const distance = (factor: number | null): number =>
  factor === null ? Infinity : Math.abs(Math.log(Math.abs(factor)));

export function appliedTo(modules: Alike, adapter: Adapter, does: Does): Applied {
  const [module] = modules;
  const { config, layout } = adapter;
  const { missing, zero } = does;
  const aspects: Aspect[] = [];
  const why: string[] = [];
  const say = (isSo: boolean, sentence: string): void => void (isSo && why.push(sentence));
  /** What the engine does with an aspect decides, and a sentence says so where it is not what the trainer meant. */
  const asks = (aspect: Exclude<Aspect, 'scale'>, sentence: string, isSaid = does[aspect] === 'ignored'): void => {
    aspects.push(aspect);
    say(isSaid, sentence);
  };
  const ends = (is: number | null, refused: string | null = null): Applied => {
    const [now, meant] = [is ?? NaN, module.scaling ?? NaN];
    const isEqual = Math.abs(now - meant) <= EQUAL * Math.max(Math.abs(now), Math.abs(meant));
    const factor = isEqual ? 1 : now / meant;
    return { modules, is, factor: is === null || module.scaling === null ? null : factor, refused, why, aspects };
  };
  const sees = config !== null && does.alpha.includes(config.from === DIFFUSERS_METADATA ? 'header' : 'config');
  say(config !== null && !sees && config.alpha !== null, l10n.t`Does not read ${config?.from ?? ''}.`);

  const found = alphaOf(module, adapter, does);
  if (found?.from === 'scale') return ends(found.alpha);
  if (found?.alpha === null) {
    aspects.push('stray');
    return ends(null);
  }
  if (!found) {
    asks('missing', l10n.t('Finds no alpha, and scales by 1.'), missing === 'one');
    say(typeof missing === 'number', l10n.t`Takes ${missing} for the alpha that is missing.`);
    const noConfig = layout === 'peft' && !config && does.alpha.includes('config');
    const needs = noConfig ? l10n.t('Needs adapter_config.json.') : l10n.t('Refuses an adapter without an alpha.');
    if (typeof missing !== 'number') return ends(missing === 'one' ? 1 : null, missing === 'refused' ? needs : null);
  }
  let alpha = found?.alpha ?? Number(missing);
  if (does.wholeAlpha && !Number.isInteger(alpha)) {
    return ends(null, l10n.t`Refuses alpha ${numberLabel(alpha)}, which is no whole number.`);
  }
  if (alpha === 0) {
    asks('zero', l10n.t('Takes alpha 0 for a scaling of 1.'), zero === 'one');
    if (zero === 'refused') return ends(null, l10n.t('Refuses alpha 0.'));
    return ends(zero === 'unknown' ? null : Number(zero === 'one'));
  }
  const common = !found || found.from === 'tensor' ? commonAlpha(module, adapter, does) : null;
  if (common !== null) {
    const takes = l10n.t`Takes ${numberLabel(common)}, the most frequent alpha, for attention.`;
    asks('commonAlpha', takes, common !== alpha);
    alpha = common;
  }
  const said = module.alphaTensor ? null : config;
  if (said && module.alpha !== said.alpha) asks('alphaPattern', l10n.t('Ignores alpha_pattern.'));
  if (said && (module.statedRank ?? said.r) !== said.r) asks('rankPattern', l10n.t('Ignores rank_pattern.'));
  const rank = rankOf(module, adapter, does);
  if (rank === null) return ends(null);
  say(does.rank === 'padded' && rank !== module.rank, l10n.t`Divides by the padded rank ${rank}.`);
  if (!sees || !config.useRslora) return ends(alpha / rank);
  const isRoot = does.rslora === 'right' && !(isExpert(module) && does.experts === 'ignored');
  asks('rslora', l10n.t('Ignores use_rslora.'), !isRoot && does.rslora !== 'unknown');
  return ends(does.rslora === 'unknown' ? null : alpha / (isRoot ? Math.sqrt(rank) : rank));
}

/** The first alpha that the engine finds; null as its value where it reads a tensor that nobody here has read. */
function alphaOf(
  { alpha, alphaTensor }: AdapterModule,
  { config, layout, metadata }: Adapter,
  does: Does,
): { alpha: number | null; from: AlphaFrom } | null {
  const said = does.alphaPattern === 'right' && !alphaTensor ? alpha : (config?.alpha ?? null);
  const isHeader = config?.from === DIFFUSERS_METADATA;
  const plain = config ? null : headerAlpha(metadata);
  const isUnread = alphaTensor !== null && layout === 'peft' && config !== null;
  const values: Readonly<Record<AlphaFrom, number | null>> = {
    tensor: alphaTensor && alpha,
    config: config && !isHeader ? said : null,
    header: isHeader ? said : null,
    'plain-header': plain && plain.key !== 'ss_network_alpha' ? plain.alpha : null,
    scale: config && config.scale,
  };
  const from = does.alpha.find((each) => (each === 'tensor' && isUnread) || values[each] !== null);
  return from === undefined ? null : { alpha: from === 'tensor' && isUnread ? null : values[from], from };
}

/** Names of Stable Diffusion's U-Net in kohya's layout. */
const U_NET = /^(?:down_blocks|mid_block|up_blocks|input_blocks|middle_block|output_blocks)_/;

/** The alpha that diffusers takes for this module, the most frequent one of the file. Null where it takes another. */
function commonAlpha(module: AdapterModule, { layout, modules }: Adapter, does: Does): number | null {
  if (!does.commonAlpha || layout === 'peft' || layout === 'diffusers') return null;
  if ((module.alphaTensor && !losesAlpha(module)) || !modules.some(({ name }) => U_NET.test(name))) return null;
  return mostFrequent(modules.flatMap(({ alpha, alphaTensor }) => (alphaTensor && alpha !== null ? [alpha] : [])));
}

/** The rank that kernels of one GPU pad to: 8 up to 8, then multiples of 16. */
export const paddedRank = (rank: number): number => (rank <= 8 ? 8 : Math.ceil(rank / 16) * 16);

function rankOf(module: AdapterModule, adapter: Adapter, { rank, rankPattern }: Does): number | null {
  if (rank === 'none') return 1;
  if (rank === 'tensor') return module.rank;
  const stated = (rankPattern === 'right' ? module.statedRank : null) ?? adapter.config?.r ?? null;
  if (stated === null || rank === 'config' || paddedRank(stated) === stated) return stated;
  return rank === 'perhaps-padded' ? null : isFirst(module, adapter) ? stated : paddedRank(stated);
}
