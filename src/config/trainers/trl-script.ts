import { fieldsUnder, keyUnder, mapAt, trapUnder } from './prefixed';
import { PEFT_TRAPS, unreadLora } from './peft-features';
import { MAKES, PEFT_FIELDS } from './peft-fields';
import { scriptLayouts } from './script-layouts';
import { afterAdapter } from './script-places';
import { calleeIs, LORA_CONFIG } from './script-tree';
import type { MapNode } from '../syntax/tree';
import { key, type Known, type Otherwise } from './trainer';

/** Default rates of TRL's configs that have one of their own (trl 1.16.0: trl/trainer/*_config.py, trl/experimental). */
const RATES: readonly (readonly [config: RegExp, rate: number])[] = [
  [/(?:SFT|GKD)Config$/, 2e-5],
  [/RewardConfig$/, 1e-4],
  [/GOLDConfig$/, 1e-7],
  [/(?:OnlineDPO|TPO|XPO|NashMD)Config$/, 5e-7],
  [/(?:DPO|GRPO|GMPO|KTO|RLOO|CPO|ORPO|Distillation)Config$/, 1e-6],
];

/** Whether the training arguments are those of one of TRL's trainers. */
export function isTrlConfig(root: MapNode): boolean {
  return calleeIs(root, /Config$/);
}

function rateOf({ root }: Known): Otherwise | null {
  const found = RATES.find(([config]) => calleeIs(root, config));
  if (!found) return null;
  const name = root.callee?.split('.').at(-1) ?? '';
  return { value: found[1], why: `TRL's ${name} has a rate of ${found[1]} unless told otherwise.` };
}

/** LoraConfig beside one of TRL's configs. TRL takes PEFT's defaults there, not those of its own `lora_r`. */
export const TRL_SCRIPTS = scriptLayouts({
  id: 'trl-script',
  recognise: (root) => isTrlConfig(root) && calleeIs(mapAt(root, 'lora'), LORA_CONFIG),
  lora: fieldsUnder('lora', PEFT_FIELDS),
  rate: rateOf,
  traps: PEFT_TRAPS.map((trap) => trapUnder('lora', trap)),
  loraBias: keyUnder('lora', key('lora_bias')),
  unread: unreadLora,
  library: 'peft',
  made: afterAdapter(MAKES),
});
