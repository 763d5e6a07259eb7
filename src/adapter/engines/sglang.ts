import { does, engine, ignored, PEFT_GLOBAL, ran, range, refused, right } from './engine';

/** One scaling for the whole adapter: lora_alpha / r. */
const SERVED = does({ ...PEFT_GLOBAL, ...refused('rankPattern', 'stray'), loraBias: 'dropped', init: 'ignored' });
const ASKED = ['scale', 'rslora', 'alphaPattern', 'missing', 'zero', 'dora'] as const;

export const SGLANG = engine(
  'sglang',
  'SGLang',
  'sgl-project/sglang',
  'srt/lora/lora.py, lora_config.py, mem_pool.py',
  [
    range('0.5.10', does({ ...SERVED, dora: 'dropped' }), {
      ...{ since: '0.4.6', until: '0.5.10', ...ran('0.5.10', ...ASKED) },
    }),
    range('0.5.23', does({ ...SERVED, dora: 'refused' }), {
      ...{ since: '0.5.18', ...ran('0.5.23', ...ASKED), note: 'use_rslora: #40835 is open.' },
    }),
  ],
);

const DIFFUSION = does({
  ...{ takes: ['peft', 'diffusers', 'ai-toolkit'], models: 'image', alpha: ['tensor'], missing: 'one' },
  ...ignored('rslora', 'alphaPattern'),
  ...right('rankPattern', 'stray'),
});
const HEADER = does({
  ...DIFFUSION,
  ...{ alpha: ['tensor', 'config', 'header', 'plain-header'], zero: 'refused', wholeAlpha: true },
  ...right('rslora', 'alphaPattern'),
  ...refused('dora', 'doraScale', 'loraBias', 'biases', 'saved', 'embedding'),
});
const PIPELINES = 'multimodal_gen/runtime/pipelines_core/lora_pipeline.py, lora/peft_adapter.py';

export const SGLANG_DIFFUSION = engine('sglang-diffusion', 'SGLang Diffusion', 'sgl-project/sglang', PIPELINES, [
  range('0.5.10', DIFFUSION, { until: '0.5.10' }),
  range('0.5.18', does({ ...DIFFUSION, alpha: ['tensor', 'config'] }), {
    ...{ since: '0.5.18', until: '0.5.18', note: 'An alpha that only the header says is ignored (#35952).' },
  }),
  range('0.5.23', HEADER, { since: '0.5.23' }),
]);
