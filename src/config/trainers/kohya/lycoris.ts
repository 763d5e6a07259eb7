import * as l10n from '@vscode/l10n';
import type { Unread } from '../../reading';
import { nodeAt, scalarAt, type MapNode, type Scalar } from '../../syntax/tree';
import { isLycoris } from './networks';
import type { Trap } from '../shared/trap';
import { key, type Key } from '../shared/fields';

/**
 * LyCORIS takes every word but `false` for yes, also `0` and `no`.
 * @see https://github.com/KohakuBlueleaf/LyCORIS (lycoris/utils/__init__.py: str_bool, f49d30d6)
 */
export const lycorisSwitch = (value: Exclude<Scalar, null>): boolean => String(value).toLowerCase() !== 'false';

function isOn(root: MapNode, at: string, name: string): boolean {
  const value = scalarAt(root, at === '' ? [name] : [at, name]);
  return isLycoris(root) && value !== undefined && value !== '' && lycorisSwitch(value);
}

/** Names of one switch; the older ones are copied to the first (lycoris/kohya.py: create_network). */
const TUCKER = ['use_tucker', 'use_cp', 'use_conv_cp', 'disable_conv_cp'];

/** @param at the path of the network's arguments; empty for the top level */
export function lycorisTraps(at: string): readonly Trap[] {
  const argument = (name: string): Key => key(at === '' ? name : `${at}.${name}`);
  return [
    {
      code: 'trained-scalar',
      severity: 'warning',
      message: l10n.t(
        'use_scalar trains a scalar that multiplies B·A and starts at zero, while B starts at random. The plan follows the rules of two factors, so the run will not be the same.',
      ),
      applies: (root) => isOn(root, at, 'use_scalar'),
      at: argument('use_scalar'),
      limits: 'approximate',
    },
    {
      code: 'unscaled-parameters',
      severity: 'info',
      message: l10n.t(
        'train_norm trains norms with the same learning rate. They have no scaling, so another learning rate changes how they learn.',
      ),
      applies: (root) => isOn(root, at, 'train_norm'),
      at: argument('train_norm'),
      limits: 'approximate',
      plans: ['symmetric', 'keep-b', 'lr-only'],
      unscaled: l10n.t('the norms'),
    },
    ...TUCKER.map((name): Trap => ({
      code: 'unscaled-parameters',
      severity: 'info',
      message: l10n.t`${name} adds a third trained factor, the Tucker core, between A and B of every convolution. The Tucker core does not change with the scaling, so another learning rate changes how it learns.`,
      applies: (root) => isOn(root, at, name),
      at: argument(name),
      limits: 'approximate',
      plans: ['symmetric', 'keep-b', 'lr-only'],
      unscaled: l10n.t('the Tucker cores'),
    })),
  ];
}

/** Presets that say which layers get LoRA, and nothing else (lycoris/config.py). */
const PRESETS: ReadonlySet<string> = new Set([
  ...['full', 'full-lin', 'attn-mlp', 'attn-only', 'unet-only', 'unet-transformer-only', 'unet-convblock-only', 'ia3'],
]);

/** A preset that is a file can give every module its own algorithm, rank and alpha. */
export function lycorisPreset(root: MapNode, at: string, name: string): Unread[] {
  const node = nodeAt(root, at === '' ? [name] : [at, name]);
  if (!isLycoris(root) || node?.kind !== 'scalar' || node.lock?.code === 'config-file') return [];
  if (node.unresolved === undefined && (!node.value || PRESETS.has(String(node.value)))) return [];
  const why = l10n.t('A preset in a file can give every module its own algorithm, rank and alpha.');
  return [{ range: node.inner, why, mayMove: true }];
}
