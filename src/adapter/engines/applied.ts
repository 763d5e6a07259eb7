import * as l10n from '@vscode/l10n';
import { numberLabel } from '../../recipe/notation';
import type { Adapter, AdapterModule } from '../adapter';
import { DIFFUSERS_METADATA } from '../config';
import { mostFrequent, paddedRank } from '../numbers';
import { headerAlpha } from '../scaling';
import type { AlphaFrom, Aspect, Does } from './engine';
import { isExpert } from './parts';

/** Modules that every engine treats alike, the first of them, and what engines ask of a module besides. */
export interface Alike {
  readonly module: AdapterModule;
  readonly modules: AdapterModule[];
  /** Whether it is of the kind of the adapter's first module. */
  readonly isFirst: boolean;
  /** Attention and CLIP of Stable Diffusion: diffusers' names of their alphas do not match PEFT's modules. */
  readonly losesAlpha: boolean;
}

const LOST_ALPHA = /(?:^|_)to_(?:q|k|v|out_0)$|^text_model_encoder_layers_\d+_self_attn_/;

export function alikeIn({ modules }: Adapter): readonly Alike[] {
  const kindOf = (module: AdapterModule | undefined): string | undefined => module?.name.split('.').at(-1);
  const first = kindOf(modules[0]);
  const found = new Map<string, Alike>();
  for (const module of modules) {
    const { rank, statedRank, alpha, scaling, alphaTensor } = module;
    const asked = { isFirst: kindOf(module) === first, losesAlpha: LOST_ALPHA.test(module.name) };
    const said = [rank, statedRank, alpha, scaling, alphaTensor !== null, isExpert(module), ...Object.values(asked)];
    const known = found.get(said.join());
    if (known) known.modules.push(module);
    else found.set(said.join(), { module, modules: [module], ...asked });
  }
  return [...found.values()];
}

/** The scaling that an engine applies to modules. */
export interface Applied extends Alike {
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

function factorOf(is: number | null, meant: number | null): number | null {
  if (is === null || meant === null) return null;
  return Math.abs(is - meant) <= EQUAL * Math.max(Math.abs(is), Math.abs(meant)) ? 1 : is / meant;
}

export function appliedTo(alike: Alike, adapter: Adapter, does: Does): Applied {
  const { module } = alike;
  const { config, layout } = adapter;
  const aspects: Aspect[] = [];
  const why: string[] = [];
  const say = (isSo: boolean, sentence: string): void => void (isSo && why.push(sentence));
  const ends = (is: number | null, refused: string | null = null): Applied => {
    return { ...alike, is, factor: factorOf(is, module.scaling), refused, why, aspects };
  };
  const sees = config !== null && does.alpha.includes(config.from === DIFFUSERS_METADATA ? 'header' : 'config');
  if (config && !sees && config.alpha !== null) why.push(l10n.t`Does not read ${config.from}.`);

  const found = alphaOf(module, adapter, does);
  if (found?.from === 'scale') return ends(found.alpha);
  if (found?.alpha === null) {
    aspects.push('stray');
    return ends(null);
  }
  const { missing, zero } = does;
  if (!found) {
    aspects.push('missing');
    say(missing === 'one', l10n.t('Finds no alpha, and scales by 1.'));
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
    aspects.push('zero');
    say(zero === 'one', l10n.t('Takes alpha 0 for a scaling of 1.'));
    if (zero === 'refused') return ends(null, l10n.t('Refuses alpha 0.'));
    return ends(zero === 'unknown' ? null : Number(zero === 'one'));
  }
  const common = !found || found.from === 'tensor' ? commonAlpha(alike, adapter, does) : null;
  if (common !== null) {
    aspects.push('commonAlpha');
    say(common !== alpha, l10n.t`Takes ${numberLabel(common)}, the most frequent alpha, for attention.`);
    alpha = common;
  }
  const said = module.alphaTensor ? null : config;
  const patterns = [
    ['alphaPattern', said && module.alpha !== said.alpha, l10n.t('Ignores alpha_pattern.')],
    ['rankPattern', said && (module.statedRank ?? said.r) !== said.r, l10n.t('Ignores rank_pattern.')],
  ] as const;
  for (const [aspect, isOther, sentence] of patterns) {
    if (isOther) aspects.push(aspect);
    say(isOther === true && does[aspect] === 'ignored', sentence);
  }
  const rank = rankOf(alike, adapter, does);
  if (rank === null) return ends(null);
  say(does.rank === 'padded' && rank !== module.rank, l10n.t`Divides by the padded rank ${rank}.`);
  if (!sees || !config.useRslora) return ends(alpha / rank);
  aspects.push('rslora');
  if (does.rslora === 'unknown') return ends(null);
  const isRoot = does.rslora === 'right' && !(isExpert(module) && does.experts === 'ignored');
  say(!isRoot, l10n.t('Ignores use_rslora.'));
  return ends(alpha / (isRoot ? Math.sqrt(rank) : rank));
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
function commonAlpha({ module, losesAlpha }: Alike, { layout, modules }: Adapter, does: Does): number | null {
  if (!does.commonAlpha || layout === 'peft' || layout === 'diffusers') return null;
  if ((module.alphaTensor && !losesAlpha) || !modules.some(({ name }) => U_NET.test(name))) return null;
  return mostFrequent(modules.flatMap(({ alpha, alphaTensor }) => (alphaTensor && alpha !== null ? [alpha] : [])));
}

function rankOf({ module, isFirst }: Alike, { config }: Adapter, { rank, rankPattern }: Does): number | null {
  if (rank === 'none') return 1;
  if (rank === 'tensor') return module.rank;
  const stated = (rankPattern === 'right' ? module.statedRank : null) ?? config?.r ?? null;
  if (stated === null || rank === 'config' || paddedRank(stated) === stated) return stated;
  return rank === 'perhaps-padded' ? null : isFirst ? stated : paddedRank(stated);
}
