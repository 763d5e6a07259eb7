import * as l10n from '@vscode/l10n';
import { HF_TRAINER } from '../hugging-face/fields';
import { AFTER_ADAPTER, AFTER_EITHER, divisionAt, scriptLayouts } from '../python/layouts';
import { scriptRuns } from '../python/runs';
import { calleeIs, LORA_CONFIG, makesPeftLora } from '../python/tree';
import { key, otherKind, valueAt, wordAt } from '../shared/fields';
import { fieldsUnder, mapAt, trapUnder } from '../shared/prefixed';
import type { Layout, Trainer } from '../trainer';
import { patternNetworks, PEFT_FIELDS, PEFT_IN_SCRIPT, PEFT_TRAPS, unreadLora } from './lora-config';
import { trainedAdapter } from './trained-adapter';

/** @see https://github.com/huggingface/peft (src/peft/tuners/lora/config.py, 5d602fdb) */
const layout: Layout = {
  id: 'peft',
  recognise: (root) => {
    const type = wordAt(root, 'peft_type').toUpperCase();
    return type === 'LORA' || (type !== '' && otherKind(type));
  },
  fields: PEFT_FIELDS,
  adapters: (root) => patternNetworks(root, '', PEFT_FIELDS),
  optimizers: {},
  inScript: PEFT_IN_SCRIPT,
  loraBias: key('lora_bias'),
  unread: unreadLora,
  groups: AFTER_EITHER,
  traps: [
    trainedAdapter(
      l10n.t('inference_mode is true'),
      (root) => valueAt(root, 'inference_mode') === true,
      key('inference_mode'),
    ),
    ...PEFT_TRAPS,
  ],
  float16: null,
  initCode: divisionAt(AFTER_ADAPTER),
};

/** LoraConfig in a Python script, with Hugging Face's Trainer or the script's own loop. */
const inScripts = scriptLayouts({
  id: 'peft-script',
  recognise: (root) => calleeIs(mapAt(root, 'lora'), LORA_CONFIG),
  lora: fieldsUnder('lora', PEFT_FIELDS),
  rate: () => ({ value: 5e-5, who: HF_TRAINER }),
  traps: PEFT_TRAPS.map((trap) => trapUnder('lora', trap)),
  unread: unreadLora,
  made: AFTER_ADAPTER,
});

export const peft: Trainer = {
  id: 'peft',
  name: 'PEFT',
  syntaxes: ['json', 'python'],
  hint: /"peft_type"|\bLoraConfig\s*\(/,
  loaders: { json: 'json.load' },
  source: { repository: 'huggingface/peft', commit: '5d602fdbff04', date: '2026-08-21' },
  runs: (root) => scriptRuns(root, makesPeftLora),
  layouts: [layout, ...inScripts],
};
