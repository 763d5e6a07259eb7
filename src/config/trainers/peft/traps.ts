import * as l10n from '@vscode/l10n';
import { isEmbedding } from '../../../recipe/init/facts';
import { nodeAt, type MapNode, type Scalar } from '../../syntax/tree';
import type { Loraplus } from '../trainer';
import { isFilled } from '../shared/filled';
import type { Trap } from '../shared/trap';
import { key, type Key, type Default } from '../shared/fields';
import { under } from '../../syntax/table';

/** PEFT's words for inits that carry a number: `pissa_niter_16`. */
const NITER = /^pissa_niter_\d+$/;

const INITS: Readonly<Record<string, string>> = {
  true: 'kaiming-uniform',
  false: 'random-b',
  gaussian: 'gaussian',
  pissa: 'pissa',
  olora: 'olora',
  eva: 'eva',
  corda: 'corda',
  loftq: 'loftq',
  orthogonal: 'orthogonal',
  lora_ga: 'lora-ga',
  mica: 'mica',
};

/** Our name of an `init_lora_weights` value (PEFT, tuners/lora/config.py); a word we do not know stays as it is. */
export function initOf(value: Exclude<Scalar, null>): string {
  const word = String(value).toLowerCase();
  return NITER.test(word) ? 'pissa' : (under(INITS, word) ?? word);
}

/**
 * PEFT's LoRA+: no weight decay by default, and every vector in the group of B (optimizers/loraplus.py).
 * Trainers that call it pass no weight decay or eps of B.
 */
export const PEFT_LORAPLUS: Loraplus = { dropsDecay: true, vectorsWithB: true };

/** Parameters that PEFT's LoRA+ excludes from weight decay (optimizers/loraplus.py). */
export const PEFT_LORAPLUS_NO_DECAY = /bias/;

/** PEFT's own default: A Kaiming-uniform, B zero. */
export const PEFT_INIT: Default = { value: 'kaiming-uniform', who: 'PEFT' };

/**
 * LoRA on embeddings under LoRA+, which gives them one absolute rate instead of the learning rate: it moves where it is
 * written, and stays where it is a default.
 * @param rate the key of that rate; null where the trainer has none
 * @see https://github.com/huggingface/peft (src/peft/optimizers/loraplus.py: loraplus_lr_embedding)
 */
export function embeddingRate(targets: string, ratio: string, rate: string | null): Trap {
  const where: Key = key(targets);
  const advice =
    rate === null
      ? l10n.t('This trainer has no key for that learning rate, so it stays.')
      : l10n.t`Set ${rate}, so that a plan can change it.`;
  return {
    code: 'loraplus-embeddings',
    severity: 'info',
    message: l10n.t`${targets} includes embeddings. With ${ratio}, embeddings train at a learning rate of 1e-6. ${advice}`,
    applies: (root) =>
      isFilled(root, key(ratio)) &&
      (rate === null || !isFilled(root, key(rate))) &&
      namesIn(root, where).some(isEmbedding),
    at: where,
    limits: 'approximate',
    ...(rate === null
      ? {}
      : {
          fixes: [
            {
              title: l10n.t`Set ${rate} = 1e-6`,
              set: [{ key: key(rate), literal: '1.0e-6', beside: [key(ratio)] }],
              preferred: true,
            },
          ],
        }),
  };
}

function namesIn(root: MapNode, { path }: Key): string[] {
  const node = nodeAt(root, path);
  if (node?.kind === 'scalar') return String(node.value ?? '').split(',');
  return node?.kind === 'list'
    ? node.items.flatMap((item) => (item.kind === 'scalar' ? [String(item.value)] : []))
    : [];
}

/** A run that continues a trained adapter takes rank and alpha from that adapter, not from its own config. */
export function continues(label: string, unless?: (root: MapNode) => boolean): Trap {
  const where: Key = key(label);
  return {
    code: 'continues-adapter',
    severity: 'warning',
    message: l10n.t`${label}: this run continues a trained adapter with the alpha of its adapter_config.json. The trainer ignores the alpha in this file.`,
    applies: (root) => isFilled(root, where) && unless?.(root) !== true,
    at: where,
    goesOnWith: 'adapter',
    limits: 'approximate',
    blocksEdits: true,
  };
}
