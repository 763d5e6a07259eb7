import * as l10n from '@vscode/l10n';
import type { Unread } from '../../reading';
import { entryAt, scalarAt, type MapNode } from '../../syntax/tree';
import { isFilled } from '../peft/traps';
import { key } from '../shared/fields';
import { unread } from '../shared/unknown-keys';

/**
 * DeepSpeed's files that the trainers bring along, and ms-swift's words for them. They have no optimizer and no schedule,
 * and take the clip threshold over (`"auto"`).
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
    'A DeepSpeed file can set its own optimizer, schedule or clip threshold, and LoRA Alpha does not read it.',
  );
  return [{ range: { start: keyRange.start, end: Math.max(keyRange.end, value.range.end) }, why }];
}
