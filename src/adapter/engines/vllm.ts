import { does, engine, PEFT_FULL, PEFT_GLOBAL, ran, range, refused, SCALES } from './engine';

const NEVER = refused('dora', 'saved', 'stray');
const FIRST = does({ ...PEFT_GLOBAL, ...NEVER, loraBias: 'dropped', init: 'ignored' });
const LATER = does({ ...FIRST, rslora: 'right', ...refused('biases', 'loraBias') });
const ASKED = [...SCALES, 'dora', 'init', 'saved', 'stray'] as const;
const ALL = [...ASKED, 'loraBias', 'biases', 'experts'] as const;

export const VLLM = engine('vllm', 'vLLM', 'vllm-project/vllm', 'vllm/lora/peft_helper.py, lora_weights.py', [
  range('0.6.4.post1', FIRST, { until: '0.6.4.post1', ...ran('0.6.4.post1', ...ASKED, 'loraBias') }),
  range('0.6.6.post1', does({ ...FIRST, rslora: 'refused' }), {
    ...{ since: '0.6.5', until: '0.6.6.post1', note: 'lora_B.bias needs --enable-lora-bias.' },
    ...ran('0.6.6.post1', ...ASKED, 'loraBias'),
  }),
  range('0.29.0', does({ ...LATER, loraBias: 'unknown', experts: 'ignored' }), {
    ...{ since: '0.7.0', until: '0.29.0', ...ran('0.29.0', ...ASKED, 'biases', 'experts') },
    note: 'Experts are packed with alpha/r, whatever use_rslora says (#55545). 0.25.0 to 0.29.0 refuse lora_bias.',
  }),
  range('0.30.0', does({ ...LATER, experts: 'right' }), { since: '0.30.0', until: '0.30.0', ...ran('0.30.0', ...ALL) }),
  range('0.31.0', does({ ...LATER, loraBias: 'dropped', experts: 'right' }), {
    ...{ since: '0.31.0', until: '0.31.0', ...ran('0.31.0', ...ALL) },
  }),
  range('0.33.0', does({ ...PEFT_FULL, ...NEVER, ...refused('loraBias', 'biases', 'init'), experts: 'right' }), {
    ...{ since: '0.32.0', ...ran('0.33.0', ...ALL) },
    note: 'Of modules_to_save only a classifier or score head is taken.',
  }),
]);
