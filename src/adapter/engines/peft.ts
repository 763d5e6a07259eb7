import { does, dropped, engine, PEFT_FULL, ran, range, refused, right, SCALES, unknown, type Engine } from './engine';

const ALL = ['dora', 'loraBias', 'biases', 'saved', 'embedding', 'experts', 'stray'] as const;
const WHOLE = does({
  ...PEFT_FULL,
  ...right(...ALL, 'other'),
  ...{ models: 'any', missing: 8, misfit: 'refused', initsRight: /^(?:pissa|olora)$/ },
});
const EARLY = does({ ...WHOLE, ...unknown('dora', 'loraBias', 'experts', 'other'), initsRight: null });

export const PEFT = engine('peft', 'PEFT', 'huggingface/peft', 'src/peft/tuners/lora/layer.py, model.py', [
  range('1c0654b9, 997e6ec5', does({ ...EARLY, rslora: 'ignored' }), { since: '0.6.0', until: '0.7.1' }),
  range('997e6ec5, 096fe537', EARLY, { since: '0.8.0', until: '0.13.2' }),
  range('0.21.2', WHOLE, {
    since: '0.14.0',
    ...ran('0.21.2', ...SCALES, ...ALL, 'init'),
    note:
      'Before 0.18.0 set_scale forgot rsLoRA (#2733). DoRA tensors without use_dora load as plain LoRA. PiSSA and OLoRA ' +
      'change the base weights again at load; CorDA stops there with an error.',
  }),
]);

const SHARDED = does({ ...PEFT_FULL, rank: 'tensor', ...right('dora'), ...dropped('loraBias'), ...refused('init') });

/** Tools that load through PEFT, or as PEFT does, and merge. */
export const MERGERS: readonly Engine[] = [
  engine('mergekit', 'mergekit', 'arcee-ai/mergekit', 'mergekit/common.py', [range('0.1.5', WHOLE)]),
  engine('openrlhf', 'OpenRLHF', 'OpenRLHF/OpenRLHF', 'openrlhf/cli/lora_combiner.py', [range('0.11.0', WHOLE)]),
  engine('unsloth', 'Unsloth merge', 'unslothai/unsloth-zoo', 'unsloth_zoo/saving_utils.py', [
    range('2026.10.9', does({ ...EARLY, missing: 'unknown', zero: 'unknown', ...right('dora', 'loraBias') }), {
      note: 'DoRA of embeddings and experts is refused. PiSSA and the like become a plain LoRA of twice the rank.',
    }),
  ]),
  engine('axolotl', 'Axolotl merge-lora', 'axolotl-ai-cloud/axolotl', 'src/axolotl/cli/utils/lora_merge.py', [
    range('629bafbb', does({ ...SHARDED, alphaPattern: 'ignored' }), { since: '0.16.0', until: '0.17.0' }),
    range('067b021c', SHARDED, { since: '0.18.0', note: 'merge_method: legacy goes through PEFT.' }),
  ]),
];
