import { does, dropped, engine, ignored, PEFT_FULL, PEFT_GLOBAL, ran, range, refused, right } from './engine';

const STOPS = ['dora', 'loraBias', 'biases', 'saved', 'embedding', 'stray'] as const;

export const LMDEPLOY = engine('lmdeploy', 'LMDeploy', 'InternLM/lmdeploy', 'lmdeploy/pytorch/adapter/adapter.py', [
  range(
    '0.18.0',
    does({ ...PEFT_GLOBAL, rankPattern: 'unknown', missing: 8, ...refused(...STOPS), init: 'ignored' }),
    ran('0.18.0', 'scale', 'rslora', 'alphaPattern', 'missing', 'zero', 'init', ...STOPS),
  ),
]);

const TRT = does({ ...PEFT_GLOBAL, rank: 'tensor', ...right('rslora', 'rankPattern', 'dora'), init: 'ignored' });

export const TENSORRT_LLM = engine(
  'tensorrt-llm',
  'TensorRT-LLM',
  'NVIDIA/TensorRT-LLM',
  'tensorrt_llm/lora_manager.py',
  [
    range('30e6fb55', does({ ...TRT, loraBias: 'refused' }), {
      note: 'A .nemo archive runs at scaling 1, whatever its alpha.',
    }),
  ],
);

export const MISTRAL_RS = engine(
  'mistral.rs',
  'mistral.rs',
  'EricLBuehler/mistral.rs',
  'mistralrs-quant/src/lora/mod.rs',
  [
    range('before 73a30166', does({ ...PEFT_GLOBAL, missing: 'unknown', rankPattern: 'unknown', zero: 'unknown' }), {
      until: '2026-07-21',
    }),
    range('9e922623', does({ ...PEFT_FULL, ...refused('dora', 'loraBias', 'biases', 'init') }), {
      ...{ since: '2026-07-22', note: 'By the date of commit 73a30166.' },
    }),
  ],
);

const USER = does({
  ...{ takes: ['peft', 'diffusers', 'kohya'], rank: 'none', missing: 'one' },
  ...ignored('rslora', 'alphaPattern'),
  ...right('rankPattern', 'stray'),
  ...dropped('dora', 'loraBias'),
});

export const OPENVINO = engine(
  'openvino-genai',
  'OpenVINO GenAI',
  'openvinotoolkit/openvino.genai',
  'src/cpp/src/lora/adapter.cpp',
  [
    range('da1db864', USER, {
      ...{ since: '2025-07-31', note: 'AdapterConfig’s alpha (1 by default) is the scaling itself (#2525).' },
    }),
  ],
);

export const OLIVE = engine('olive', 'Olive convert-adapters', 'microsoft/Olive', 'olive/cli/convert_adapters.py', [
  range('ee6f40fb', does({ ...PEFT_GLOBAL, rslora: 'right', missing: 8, dora: 'refused' })),
]);
