import type { OptimizerNames, OptimizerRule } from '../../optimizers/word';

const ADAMW: OptimizerRule = { row: 'adamw' };
const ADAM: OptimizerRule = { row: 'adam' };

/**
 * `--optimizer` of diffusers' training scripts, and what `--use_8bit_adam` makes of it.
 * @see https://github.com/huggingface/diffusers (examples/dreambooth/train_dreambooth_lora_flux.py, examples/cogvideo, 58eb52c0)
 */
export const DIFFUSERS_NAMES: OptimizerNames = {
  AdamW: ADAMW,
  'AdamW 8bit': { ...ADAMW, quantized: true },
  Adam: ADAM,
  'Adam 8bit': { ...ADAM, quantized: true },
  prodigy: {
    row: 'prodigy',
    variants: [{ when: { prodigy_decouple: false }, decays: true, is: { row: 'prodigy-coupled' } }],
  },
};
