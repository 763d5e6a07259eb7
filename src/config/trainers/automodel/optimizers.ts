import { BNB_CLASSES } from '../../optimizers/bitsandbytes';
import { TORCH_CLASSES } from '../../optimizers/torch';
import { TORCHAO_CLASSES } from '../../optimizers/torchao';
import type { OptimizerNames, OptimizerRule } from '../../optimizers/word';

/** Transformer Engine's Adam decouples the weight decay by default. */
const FUSED_ADAM: OptimizerRule = {
  row: 'adamw',
  defaults: { weightDecay: 0 },
  variants: [{ when: { adam_w_mode: false }, is: { row: 'adam' } }],
};
/** Automodel's configs of classes have their own defaults. */
const OWN = { learningRate: 1e-4, weightDecay: 0.01 };

/**
 * `optimizer._target_` of NeMo Automodel: the path of any class, or the short name of one of its configs.
 * @see https://github.com/NVIDIA-NeMo/Automodel (nemo_automodel/components/optim/optimizer.py, v0.7.0)
 */
export const AUTOMODEL_NAMES: OptimizerNames = {
  ...TORCH_CLASSES,
  ...BNB_CLASSES,
  ...TORCHAO_CLASSES,
  'transformer_engine.pytorch.optimizers.fused_adam.FusedAdam': FUSED_ADAM,
  'transformer_engine.pytorch.optimizers.FusedAdam': FUSED_ADAM,
  adam: { row: 'adam', defaults: OWN },
  adamw: { row: 'adamw', defaults: OWN },
  fused_adam: { ...FUSED_ADAM, defaults: OWN },
  flash_adamw: { row: 'adamw', defaults: OWN, quantized: true },
  'flashoptim.FlashAdamW': { row: 'adamw', quantized: true },
};
