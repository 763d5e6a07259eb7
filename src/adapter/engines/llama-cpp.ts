import { does, engine, PEFT_GLOBAL, ran, range, refused, SCALES, type Engine } from './engine';

/** The converter keeps lora_alpha alone; the runtime divides it by the rank of each tensor. */
const CONVERTED = does({
  ...{ ...PEFT_GLOBAL, takes: ['peft', 'gguf'], rank: 'tensor', rankPattern: 'right', zero: 'one', init: 'ignored' },
  ...refused('dora', 'loraBias', 'biases'),
});
const CONVERTER = 'convert_lora_to_gguf.py';

export const LLAMA_CPP = engine('llama.cpp', 'llama.cpp', 'ggml-org/llama.cpp', `${CONVERTER}, src/llama-adapter.h`, [
  range('0c1e57098', does({ ...CONVERTED, ...refused('saved', 'stray') }), {
    ...ran('0c1e57098 of llama-cpp-python 0.3.36', ...SCALES, 'dora', 'loraBias', 'biases', 'init', 'saved', 'stray'),
    note: 'Since #8332. A GGUF without adapter.lora.alpha runs at scaling 1.',
  }),
]);

/** Forks, and tools that call the converter or write the same keys. */
export const LLAMA_CPP_LIKE: readonly Engine[] = [
  engine('ik_llama.cpp', 'ik_llama.cpp', 'ikawrakow/ik_llama.cpp', CONVERTER, [range('8337e4cd', CONVERTED)]),
  engine('koboldcpp', 'KoboldCpp', 'LostRuins/koboldcpp', CONVERTER, [range('2da346a5', CONVERTED)]),
  engine('unsloth-gguf', 'Unsloth, LoRA to GGUF', 'unslothai/unsloth', 'unsloth/save.py', [
    range('2026.10.9', CONVERTED, { note: 'Calls llama.cpp’s converter.' }),
  ]),
  engine('ollama', 'Ollama ADAPTER', 'ollama/ollama', 'convert/convert.go, convert_llama_adapter.go', [
    range('fb307609', does({ ...CONVERTED, takes: ['peft', 'gguf', 'mlx'], missing: 'one', wholeAlpha: true }), {
      note: 'Llama and Gemma 2 only. An alpha of 32.0 is refused (#17377). mlx-lm’s scale is not read.',
    }),
  ]),
];
