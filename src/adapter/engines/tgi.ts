import { does, dropped, engine, PEFT_GLOBAL, ran, range } from './engine';

/** The padded rank is written back into the config, and divides alpha on every kind of layer after the first. */
const PADDED = does({
  ...{ ...PEFT_GLOBAL, rank: 'padded', rslora: 'right', rankPattern: 'unknown', missing: 8, init: 'ignored' },
  ...dropped('dora', 'loraBias'),
});
const LOADED = does({ ...PADDED, ...dropped('biases', 'saved', 'embedding'), stray: 'right' });
const SERVER = 'server/text_generation_server/adapters/lora.py';

export const TGI = engine('tgi', 'Text Generation Inference', 'huggingface/text-generation-inference', SERVER, [
  range('db931fcf', does({ ...PADDED, rank: 'perhaps-padded' }), {
    note: 'On n GPUs a rank is padded to 8n, or above that to a multiple of 16.',
  }),
]);

export const LORAX = engine('lorax', 'LoRAX', 'predibase/lorax', 'server/lorax_server/adapters/lora.py', [
  range('a7394ba3', LOADED, {
    ...ran(
      'a7394ba3',
      'scale',
      'rslora',
      'alphaPattern',
      'missing',
      'zero',
      'dora',
      'loraBias',
      'biases',
      'saved',
      'stray',
    ),
    note: 'Pads as TGI since b29cee3d. A static merge uses alpha/r for rsLoRA as well.',
  }),
]);

export const S_LORA = engine('s-lora', 'S-LoRA', 'S-LoRA/S-LoRA', 'slora/models/peft/lora_adapter.py', [
  range('c1ddf488', PEFT_GLOBAL),
]);
