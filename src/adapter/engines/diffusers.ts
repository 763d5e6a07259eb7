import { ALPHA_TENSOR, does, engine, FILES, ran, range, right, unknown } from './engine';

/** Attention and CLIP of Stable Diffusion: the converter's names of their alphas do not match PEFT's modules. */
const LOST_ALPHA = /(?:^|_)to_(?:q|k|v|out_0)$|^text_model_encoder_layers_\d+_self_attn_/;

/** adapter_config.json is never opened: of a PEFT folder only the weights are loaded. */
const LOADED = does({
  ...{ ...ALPHA_TENSOR, alpha: ['header', 'tensor'], stray: 'unknown', doraScale: 'dropped', commonAlpha: LOST_ALPHA },
  ...right('rslora', 'alphaPattern', 'dora', 'loraBias'),
});
const EARLY = does({ ...LOADED, ...unknown('rankPattern', 'dora', 'loraBias') });
const SOURCES = 'src/diffusers/utils/peft_utils.py, loaders/peft.py, loaders/lora_conversion_utils.py';

export const DIFFUSERS = engine('diffusers', 'Diffusers', 'huggingface/diffusers', SOURCES, [
  range('before 368958df', does({ ...EARLY, alpha: ['tensor'] }), { until: '0.33.1' }),
  range('368958df', EARLY, {
    ...{
      since: '0.34.0',
      until: '0.39.0',
      note: 'Of several ranks without alpha the first was taken for all (#14409).',
    },
  }),
  range('0.42.1', LOADED, {
    ...{ since: '0.40.0', ...ran('0.42.1', ...FILES, 'commonAlpha') },
    note:
      'dora_scale is dropped with a warning. Of an SD or SDXL file whose alphas differ, attention and CLIP run at the most ' +
      'frequent one. lora_A beside .alpha is folded for Wan, Qwen-Image, Z-Image, and refused for Flux 2, LTX, HiDream.',
  }),
]);
