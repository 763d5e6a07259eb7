import type { MapNode } from '../../syntax/tree';
import { grouped, says, tunerOf } from './words';
import { unscaled } from '../peft/traps';
import type { Layout } from '../trainer';
import type { Trap } from '../shared/trap';
import { key } from '../shared/fields';

/** Rates of parts: of their LoRA, or of all their weights where the tuner is lora_llm. */
const PART_RATES = ['vit_lr', 'aligner_lr'] as const;
const haveOwnRates = (root: MapNode): boolean => PART_RATES.every((name) => says(root, name));

const WHOLE: Trap = { ...unscaled('vision tower and aligner'), at: key('tuner_type') };
const WHOLE_TRAPS: readonly Trap[] = [
  {
    ...WHOLE,
    message:
      'lora_llm trains vision tower and aligner whole, with the same learning rate but for vit_lr and aligner_lr. They have no scaling, so a moved rate changes how they learn: give both a rate of their own.',
    applies: (root) => !haveOwnRates(root),
  },
  {
    ...WHOLE,
    message:
      'lora_llm trains vision tower and aligner whole, at vit_lr and aligner_lr, which stay. Weight decay, eps and clipping are those of all, so moving them for LoRA changes a little how they learn.',
    applies: haveOwnRates,
    plans: ['symmetric', 'keep-b'],
  },
];

/** LoRA on the language model, and all weights of the rest (swift/tuner_plugin/lora_llm.py). */
export function withWholeParts(layout: Layout, changes: Partial<Layout> = {}): Layout {
  const parts: ReadonlySet<string> = new Set(PART_RATES.flatMap(grouped).map(({ label }) => label));
  return {
    ...layout,
    id: `${layout.id}-llm`,
    recognise: (root) => tunerOf(root) === 'lora_llm' && layout.recognise(root),
    ...changes,
    ridersOfRate: (layout.ridersOfRate ?? []).filter(({ label }) => !parts.has(label)),
    traps: [...layout.traps, ...WHOLE_TRAPS],
  };
}
