import * as l10n from '@vscode/l10n';
import type { Unread } from '../../reading';
import { entryAt, scalarAt, type MapNode } from '../../syntax/tree';
import { halfPrecision } from '../shared/common-traps';
import { isFilled, isOnOrFilled } from '../shared/filled';
import type { Trap } from '../shared/trap';
import { key } from '../shared/fields';
import { unread } from '../shared/unknown-keys';

/**
 * DeepSpeed's files that the trainers bring along, and ms-swift's words for them. They have no optimizer and no schedule,
 * and take max grad norm over (`"auto"`).
 * @see LLaMA-Factory (examples/deepspeed, ff6d4d12), Axolotl (deepspeed_configs, 067b021c), ms-swift (swift/config, 3602360a)
 */
const SHIPPED =
  /(?:^|\/)examples\/deepspeed\/ds_z[023]_(?:\w+_)?config\.json$|(?:^|\/)deepspeed_configs\/zero[123]\w*\.json$|^zero[0123](?:_offload)?$/;

/** Settings of DeepSpeed that are those of the run, unless they are left to the trainer. */
const OWN = ['optimizer', 'scheduler', 'gradient_clipping'] as const;

/** What DeepSpeed may override: in a file, or in the settings at `deepspeed`. */
export function unreadDeepspeed(root: MapNode): Unread[] {
  const entry = entryAt(root, ['deepspeed']);
  if (!entry || !isFilled(root, key('deepspeed'))) return [];
  const { keyRange, value } = entry;
  if (value.kind === 'map') {
    const why = l10n.t('DeepSpeed sets this itself, which overrides the rest of the file.');
    return OWN.flatMap((name) => {
      const own = entryAt(value, [name]);
      const isLeft = !own || !isFilled(value, key(name)) || scalarAt(value, [name]) === 'auto';
      return isLeft ? [] : [unread(own, why)];
    });
  }
  if (value.kind === 'scalar' && SHIPPED.test(String(value.value))) return [];
  const why = l10n.t(
    'A DeepSpeed file can set its own optimizer, schedule or max grad norm, and LoRA Alpha does not read it.',
  );
  return [{ range: { start: keyRange.start, end: Math.max(keyRange.end, value.range.end) }, why }];
}

/**
 * In mixed precision DeepSpeed converts the whole model to 16 bits, A and B included.
 * @param applies whether the file trains with DeepSpeed in mixed precision
 * @see https://github.com/deepspeedai/DeepSpeed (deepspeed/runtime/engine.py: _configure_distributed_model)
 */
export function deepspeedHalfPrecision(label: string, applies: Trap['applies']): Trap {
  const message = l10n.t(
    "DeepSpeed keeps LoRA's own weights in 16 bits in mixed precision, so dividing the init by anything but a power of two is rounded.",
  );
  return halfPrecision(label, message, applies);
}

const isOff = (root: MapNode, name: string): boolean => /^(?:false|no)$/.test(String(scalarAt(root, [name])));

/** Of a trainer that has mixed precision on by default. */
export const DEEPSPEED_MIXED_BY_DEFAULT = deepspeedHalfPrecision(
  'deepspeed',
  (root) => isFilled(root, key('deepspeed')) && !(isOff(root, 'bf16') && !isOnOrFilled(root, key('fp16'))),
);

/** Of a trainer that has it off by default. */
export const DEEPSPEED_MIXED_IF_SET = deepspeedHalfPrecision(
  'deepspeed',
  (root) =>
    isFilled(root, key('deepspeed')) &&
    ['bf16', 'fp16'].some((name) => isOnOrFilled(root, key(name)) && !isOff(root, name)),
);
