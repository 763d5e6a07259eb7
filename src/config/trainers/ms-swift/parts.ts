import * as l10n from '@vscode/l10n';
import type { MapNode } from '../../syntax/tree';
import { grouped, says, tunerOf } from './is-swift';
import { unscaled } from '../shared/common-traps';
import type { Layout } from '../trainer';
import type { Trap } from '../shared/trap';
import { key } from '../shared/fields';

/** Rates of parts: of their LoRA, or of all their weights where the tuner is lora_llm. */
const PART_RATES = ['vit_lr', 'aligner_lr'] as const;
const haveOwnRates = (root: MapNode): boolean => PART_RATES.every((name) => says(root, name));

const WHOLE: Trap = { ...unscaled(l10n.t('vision tower and aligner')), at: key('tuner_type') };
const WHOLE_TRAPS: readonly Trap[] = [
  {
    ...WHOLE,
    message: l10n.t(
      'lora_llm trains the whole vision tower and aligner, with the same learning rate unless vit_lr and aligner_lr are set. They have no scaling, so another learning rate changes how they learn: set a separate learning rate for each.',
    ),
    applies: (root) => !haveOwnRates(root),
  },
  {
    ...WHOLE,
    message: l10n.t(
      'lora_llm trains the whole vision tower and aligner, at vit_lr and aligner_lr, which stay. Weight decay, eps and clipping are shared, so changing them for LoRA slightly changes how these parts learn.',
    ),
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
    linkedRates: (layout.linkedRates ?? []).filter(({ label }) => !parts.has(label)),
    traps: [...layout.traps, ...WHOLE_TRAPS],
  };
}
