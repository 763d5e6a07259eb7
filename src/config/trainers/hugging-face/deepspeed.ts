import * as l10n from '@vscode/l10n';
import type { Unread } from '../../reading';
import { entryAt, type MapNode } from '../../syntax/tree';
import { halfWeights, type Trap } from '../shared/trap';
import { isFilled, isOnOrFilled, unread } from '../shared/known';
import { key, valueAt, wordAt } from '../shared/fields';

/**
 * DeepSpeed's files that the trainers bring along, and ms-swift's words for them. They have no optimizer and no schedule,
 * and take max grad norm over (`"auto"`).
 * @see LLaMA-Factory (examples/deepspeed, ff6d4d12), Axolotl (deepspeed_configs, 067b021c), ms-swift (swift/config, 3602360a)
 */
const SHIPPED =
  /(?:^|\/)examples\/deepspeed\/ds_z[023]_(?:\w+_)?config\.json$|(?:^|\/)deepspeed_configs\/zero[123]\w*\.json$|^zero[0123](?:_offload)?$/;

const usesDeepspeed = (root: MapNode): boolean => isFilled(root, key('deepspeed'));

/** What DeepSpeed may override: in a file, or in the settings at `deepspeed`. */
export function unreadDeepspeed(root: MapNode): Unread[] {
  const entry = entryAt(root, ['deepspeed']);
  if (!entry || !usesDeepspeed(root)) return [];
  const { value } = entry;
  if (value.kind === 'map') {
    const why = l10n.t('DeepSpeed sets this itself, which overrides the rest of the file.');
    // Settings of the run, unless they are left to the trainer.
    return ['optimizer', 'scheduler', 'gradient_clipping'].flatMap((name) => {
      const own = entryAt(value, [name]);
      return !own || !isFilled(value, key(name)) || valueAt(value, name) === 'auto' ? [] : [unread(own, why)];
    });
  }
  if (value.kind === 'scalar' && SHIPPED.test(String(value.value))) return [];
  const why = l10n.t`A DeepSpeed file can set its own optimizer, schedule or max grad norm, and LoRA Alpha does not read it.`;
  return [unread(entry, why, false)];
}

/**
 * In mixed precision DeepSpeed converts the whole model to 16 bits, A and B included.
 * @param applies whether the file trains with DeepSpeed in mixed precision
 * @see https://github.com/deepspeedai/DeepSpeed (deepspeed/runtime/engine.py: _configure_distributed_model)
 */
export const deepspeedHalfPrecision = (label: string, applies: Trap['applies']): Trap =>
  halfWeights(
    label,
    applies,
    l10n.t`DeepSpeed keeps LoRA's own weights in 16 bits in mixed precision, so dividing the init by anything but a power of two is rounded.`,
  );

const isOff = (root: MapNode, name: string): boolean => /^(?:false|no)$/.test(wordAt(root, name));

/** Of a trainer that has mixed precision on by default. */
export const DEEPSPEED_MIXED_BY_DEFAULT = deepspeedHalfPrecision(
  'deepspeed',
  (root) => usesDeepspeed(root) && !(isOff(root, 'bf16') && !isOnOrFilled(root, key('fp16'))),
);

/** Of a trainer that has it off by default. */
export const DEEPSPEED_MIXED_IF_SET = deepspeedHalfPrecision(
  'deepspeed',
  (root) => usesDeepspeed(root) && ['bf16', 'fp16'].some((name) => isOnOrFilled(root, key(name)) && !isOff(root, name)),
);
