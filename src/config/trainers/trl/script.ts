import * as l10n from '@vscode/l10n';
import { PEFT_LIBRARY } from '../../init-code/peft';
import { fieldsUnder, keyUnder, mapAt, trapUnder } from '../shared/prefixed';
import { MAKES, PEFT_FIELDS, PEFT_TRAPS, unreadLora } from '../peft/lora-config';
import { scriptLayouts } from '../python/layouts';
import { afterAdapter } from '../python/places';
import { calleeIs, isTrlConfig, LORA_CONFIG } from '../python/tree';
import { callIn, nodeAt } from '../../syntax/tree';
import { commandOf } from '../shared/command';
import { isFilled } from '../shared/known';
import { unscaled, type Trap } from '../shared/trap';
import { key, wordAt, type DefaultOf } from '../shared/fields';

/** TRL's configs with their own default learning rate (trl 1.16.0: trl/trainer/*_config.py, trl/experimental). */
const RATES: readonly (readonly [config: RegExp, rate: number])[] = [
  [/(?:SFT|GKD)Config$/, 2e-5],
  [/RewardConfig$/, 1e-4],
  [/GOLDConfig$/, 1e-7],
  [/(?:OnlineDPO|TPO|XPO|NashMD)Config$/, 5e-7],
  [/(?:DPO|GRPO|GMPO|KTO|RLOO|CPO|ORPO|Distillation)Config$/, 1e-6],
];

const rateOf: DefaultOf = ({ root }) => {
  const found = RATES.find(([config]) => calleeIs(root, config));
  const name = callIn(root)?.callee.split('.').at(-1) ?? '';
  return found ? { value: found[1], who: l10n.t`TRL's ${name}` } : null;
};

/** @see https://github.com/huggingface/trl (trl/trainer/sft_trainer.py: is_loaded_in_4bit, v1.16.0) */
export function bfloat16Adapters(applies: Trap['applies']): Trap {
  return {
    code: 'half-precision-weights',
    severity: 'info',
    message: l10n.t`TRL keeps the adapters of a quantised model in bfloat16, so their numbers are rounded differently unless A and B are divided by powers of two: at k = 3 that costs 2.5 % of what is trained, at k = 4 or 1/4 nothing.`,
    applies,
    limits: 'approximate',
    ifRounding: true,
  };
}

/** What TRL trains besides LoRA, in files and scripts. */
export const TRL_UNSCALED: readonly Trap[] = [
  // trl/trainer/sft_trainer.py: added_tokens, v1.16.0, and then the whole lm_head; a file of Jinja adds none.
  unscaled('chat_template_path', l10n.t('the tokens of chat_template_path'), {
    when: (root) =>
      isFilled(root, key('chat_template_path')) && !/\.(?:jinja|j2)$/.test(wordAt(root, 'chat_template_path')),
  }),
  // trl/experimental/ppo/ppo_trainer.py: PolicyAndValueWrapper, f2cd5771
  unscaled('PPO', l10n.t('the value model'), {
    when: (root) => calleeIs(root, /(?:^|\.)PPO\w*Config$/) || /(?:^|[\s/\\])ppo\w*\.py\b/.test(commandOf(root)),
  }),
];

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
    ...TRL_UNSCALED,
  ],
  loraBias: keyUnder('lora', key('lora_bias')),
  unread: unreadLora,
  library: PEFT_LIBRARY,
  made: afterAdapter(MAKES),
});
