import * as l10n from '@vscode/l10n';
import { nodeAt, scalarAt, type MapNode } from '../../syntax/tree';
import { field, fixedAt, key, valueAt, zeroIsRank, type DefaultOf } from '../shared/fields';
import type { Key, AdapterSources, Source } from '../shared/fields';

/** The default of alpha, also for an alpha of 0. */
export const defaultAlpha =
  (label: string): DefaultOf =>
  ({ root, rank }) =>
    valueAt(root, label) !== undefined && rank !== null
      ? { value: rank, why: l10n.t`${label} is 0, which means the rank.` }
      : { value: 1 };

export const isLycoris = (root: MapNode): boolean => scalarAt(root, ['network_module']) === 'lycoris.kohya';

/** The rank and alpha of the network itself. */
type Own = Pick<AdapterSources, 'rank' | 'alpha'>;

/** Ranks of kinds of layers, in the modules for Flux, SD3 and Lumina; they all take network_alpha. */
export const KINDS = [
  ...['img_attn_dim', 'txt_attn_dim', 'img_mlp_dim', 'txt_mlp_dim', 'img_mod_dim', 'txt_mod_dim', 'single_dim'],
  ...['single_mod_dim', 'context_attn_dim', 'context_mlp_dim', 'context_mod_dim', 'x_attn_dim', 'x_mlp_dim'],
  ...['x_mod_dim', 'attn_dim', 'mlp_dim', 'mod_dim', 'refiner_dim'],
];

/** Lists of ranks, each with the list of its alphas, where there is one. */
export const LISTS: readonly (readonly [name: string, dims: string, alphas: string | null])[] = [
  ['block', 'block_dims', 'block_alphas'],
  [l10n.t('conv block'), 'conv_block_dims', 'conv_block_alphas'],
  ['embedder', 'in_dims', null],
  ['embedder', 'emb_dims', null],
  ['embedder', 'embedder_dims', null],
];

/**
 * The networks with their own rank and alpha in network_args: convolutions, blocks, kinds of layers,
 * regexes. A rank of 0 leaves its layers out.
 * @param at the path of the arguments; empty for the top level
 * @see https://github.com/kohya-ss/sd-scripts (networks/lora.py, lora_flux.py, lora_sd3.py, lora_lumina.py)
 */
export function argumentNetworks(root: MapNode, at: string, own: Own): readonly AdapterSources[] {
  const { alpha } = own;
  const labelOf = (name: string): string => (at === '' ? name : `${at}.${name}`);
  const stands = (name: string): boolean => trains(root, labelOf(name).split('.'));
  const conv = convNetwork(root, labelOf, own);
  // Without conv_dim a conv_alpha never becomes a number, and the run stops (networks/lora.py: create_network).
  const ofConvBlocks = stands('conv_dim') ? conv.alpha : fixedAt(defaultAlpha(labelOf('conv_alpha')));
  return [
    ...(stands('conv_dim') || (isLycoris(root) && stands('conv_alpha')) ? [conv] : []),
    ...KINDS.filter(stands).map((kind) => ({ name: kind.replace(/_dim$/, ''), rank: field(labelOf(kind)), alpha })),
    ...LISTS.flatMap(([name, dims, alphas]) =>
      items(root, labelOf(dims)).map((i) => ({
        name: `${name} ${i}`,
        rank: field(itemKey(labelOf(dims), i)),
        alpha: alphas === null ? alpha : itemAlpha(root, labelOf(alphas), i, name === 'block' ? alpha : ofConvBlocks),
      })),
    ),
    ...patternNetworks(root, labelOf('network_reg_dims'), alpha),
  ];
}

/** Convolutions default to the network's rank and alpha in LyCORIS (lycoris/kohya.py), and to alpha 1 in sd-scripts. */
function convNetwork(root: MapNode, labelOf: (name: string) => string, own: Own): AdapterSources {
  const [dim, alpha] = [key(labelOf('conv_dim'), zeroIsRank), key(labelOf('conv_alpha'), zeroIsRank)];
  return isLycoris(root)
    ? {
        name: 'conv',
        rank: { ...own.rank, keys: [dim, ...own.rank.keys] },
        alpha: { ...own.alpha, keys: [alpha, ...own.alpha.keys] },
      }
    : { name: 'conv', rank: field(dim), alpha: field(alpha, defaultAlpha(alpha.label)) };
}

function itemAlpha(root: MapNode, label: string, i: number, inherited: Source): Source {
  return nodeAt(root, label.split('.')) === null ? inherited : field(itemKey(label, i));
}

function itemKey(label: string, i: number): Key {
  return { path: [...label.split('.'), String(i)], label: `${label}[${i}]`, read: zeroIsRank };
}

/** The numbers of the items that are trained. */
function items(root: MapNode, label: string): number[] {
  const node = nodeAt(root, label.split('.'));
  return node?.kind === 'list' ? node.items.flatMap((_, i) => (trains(root, itemKey(label, i).path) ? [i] : [])) : [];
}

function patternNetworks(root: MapNode, label: string, alpha: Source): AdapterSources[] {
  const node = nodeAt(root, label.split('.'));
  if (node?.kind !== 'map') return [];
  return node.entries
    .filter(({ value }) => value.kind === 'scalar' && Number(value.value) > 0)
    .map(({ key: name }) => ({
      name,
      rank: field({ path: [...label.split('.'), name], label: `${label}.${name}` }),
      alpha,
    }));
}

function trains(root: MapNode, path: readonly string[]): boolean {
  const value = scalarAt(root, path);
  return value !== undefined && value !== '' && Number(value) !== 0;
}
