import * as l10n from '@vscode/l10n';
import { PEFT_LIBRARY } from '../../init-code/peft';
import { fieldsUnder, keyUnder, mapAt, trapUnder } from '../shared/prefixed';
import { PEFT_TRAPS, unreadLora } from '../peft/features';
import { MAKES, PEFT_FIELDS } from '../peft/fields';
import { scriptLayouts } from '../python/layouts';
import { afterAdapter } from '../python/places';
import { calleeIs, isTrlConfig, LORA_CONFIG } from '../python/tree';
import { callIn, nodeAt, scalarAt } from '../../syntax/tree';
import { commandOf } from '../shared/command-line';
import { unscaled } from '../shared/common-traps';
import { isFilled } from '../shared/filled';
import type { Trap } from '../shared/trap';
import { key, type ReadSoFar, type Default } from '../shared/fields';

/** TRL's configs with their own default learning rate (trl 1.16.0: trl/trainer/*_config.py, trl/experimental). */
const RATES: readonly (readonly [config: RegExp, rate: number])[] = [
  [/(?:SFT|GKD)Config$/, 2e-5],
  [/RewardConfig$/, 1e-4],
  [/GOLDConfig$/, 1e-7],
  [/(?:OnlineDPO|TPO|XPO|NashMD)Config$/, 5e-7],
  [/(?:DPO|GRPO|GMPO|KTO|RLOO|CPO|ORPO|Distillation)Config$/, 1e-6],
];

function rateOf({ root }: ReadSoFar): Default | null {
  const found = RATES.find(([config]) => calleeIs(root, config));
  if (!found) return null;
  const name = callIn(root)?.callee.split('.').at(-1) ?? '';
  return { value: found[1], who: l10n.t`TRL's ${name}` };
}

/** Arguments that load a model quantised. */
export const QUANTISED = ['load_in_4bit', 'load_in_8bit'] as const;

/** @see https://github.com/huggingface/trl (trl/trainer/sft_trainer.py: is_loaded_in_4bit, v1.16.0) */
export function bfloat16Adapters(applies: Trap['applies']): Trap {
  return {
    code: 'half-precision-weights',
    severity: 'info',
    message: l10n.t(
      'TRL keeps the adapters of a quantised model in bfloat16, so their numbers are rounded differently unless A and B are divided by powers of two: at k = 3 that costs 2.5 % of what is trained, at k = 4 or 1/4 nothing.',
    ),
    applies,
    limits: 'approximate',
    ifRounding: true,
  };
}

/** @see https://github.com/huggingface/trl (trl/experimental/ppo/ppo_trainer.py: PolicyAndValueWrapper, f2cd5771) */
export const VALUE_MODEL: Trap = {
  ...unscaled(l10n.t('the value model')),
  message: l10n.t(
    'PPO trains a value model or head with the same optimizer. It has no scaling, so another learning rate changes how it learns: put it into a parameter group with the old learning rate.',
  ),
  applies: (root) => calleeIs(root, /(?:^|\.)PPO\w*Config$/) || /(?:^|[\s/\\])ppo\w*\.py\b/.test(commandOf(root)),
};

const TEMPLATE = key('chat_template_path');

/** @see https://github.com/huggingface/trl (trl/trainer/sft_trainer.py: added_tokens, v1.16.0; a file of Jinja adds none) */
export const ADDED_TOKENS: Trap = {
  ...unscaled(l10n.t('the tokens of chat_template_path')),
  message: l10n.t(
    'chat_template_path: TRL trains the tokens that the template adds, and then the whole lm_head, with the same learning rate. They have no scaling, so another learning rate changes how they learn.',
  ),
  applies: (root) => isFilled(root, TEMPLATE) && !/\.(?:jinja|j2)$/.test(String(scalarAt(root, TEMPLATE.path))),
  at: TEMPLATE,
};

/** LoraConfig with one of TRL's configs. There PEFT's defaults apply, not those of TRL's `lora_r`. */
export const TRL_SCRIPTS = scriptLayouts({
  id: 'trl-script',
  recognise: (root) => isTrlConfig(root) && calleeIs(mapAt(root, 'lora'), LORA_CONFIG),
  peft: {},
  lora: fieldsUnder('lora', PEFT_FIELDS),
  rate: rateOf,
  traps: [
    ...PEFT_TRAPS.map((trap) => trapUnder('lora', trap)),
    bfloat16Adapters((root) => nodeAt(root, ['quantised']) !== null),
    ADDED_TOKENS,
    VALUE_MODEL,
  ],
  loraBias: keyUnder('lora', key('lora_bias')),
  unread: unreadLora,
  library: PEFT_LIBRARY,
  made: afterAdapter(MAKES),
});
