import * as l10n from '@vscode/l10n';
import { scalarAt, type MapNode, type Scalar } from '../../syntax/tree';
import { key, type Key } from './fields';
import { isFilled } from './filled';
import type { Trap } from './trap';

/** Parameters that train with the LoRA learning rate but have no scaling to make up for. */
export function unscaled(label: string): Trap {
  const where: Key = key(label);
  return {
    code: 'unscaled-parameters',
    severity: 'info',
    message: l10n.t`${label} trains whole modules with the same learning rate. They have no scaling, so another learning rate changes how they learn: put them into a parameter group with the old learning rate.`,
    applies: (root) => isFilled(root, where),
    at: where,
    limits: 'approximate',
    // LoRA+ trains them in the group of A, whose rate stays there.
    plans: ['symmetric', 'keep-b', 'lr-only'],
    unscaled: label,
  };
}

/**
 * LoRA's own weights are kept in 16 bits. This limits only plans that divide by something other than a power of two,
 * because such a division is rounded.
 * @param words the values of this key that keep 16 bits
 */
export function halfWeights(label: string, words: readonly Scalar[]): Trap {
  const where: Key = key(label);
  return halfPrecision(
    label,
    l10n.t`${label} keeps LoRA's own weights in 16 bits, so dividing the init by anything but a power of two is rounded.`,
    (root) => words.includes(scalarAt(root, where.path) ?? null),
  );
}

/** The finding that LoRA's own weights are in 16 bits, for trainers where several keys decide it. */
export function halfPrecision(label: string, message: string, applies: Trap['applies']): Trap {
  return { code: 'half-precision-weights', message, applies, at: key(label), limits: 'approximate', ifRounding: true };
}

/**
 * A run that loads trained factors, or a whole checkpoint, but takes alpha from its own config. The checkpoint does not
 * contain the alpha of the training. docs/resume.md lists the trainers.
 * @param besides a further sentence of this trainer
 */
export function resumes(label: string, applies?: (root: MapNode) => boolean, besides = ''): Trap {
  const where: Key = key(label);
  const message = l10n.t`${label}: this run continues from trained factors, and takes alpha from this file. If the factors were trained at another alpha, the layer computes something else from the first step on. Keep the old alpha, or divide the loaded factors as well.`;
  return {
    code: 'run-resumes',
    severity: 'warning',
    message: besides === '' ? message : `${message} ${besides}`,
    applies: (root) => applies?.(root) ?? isFilled(root, where),
    at: where,
    goesOnWith: 'file',
    limits: 'approximate',
  };
}
