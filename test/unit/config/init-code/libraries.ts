import { UNKNOWN_LIBRARY } from '../../../../src/config/trainers/generic/index';
import { DIFFUSERS_LIBRARY } from '../../../../src/config/trainers/diffusers/index';
import { TORCHTUNE_LIBRARY } from '../../../../src/config/trainers/torchtune/index';
import { MEGATRON_LIBRARY } from '../../../../src/config/trainers/megatron/megatron';
import { MLX_LIBRARY } from '../../../../src/config/trainers/mlx-lm/index';
import { LORA_A_B, LORA_DOWN_UP, PEFT_LIBRARY, type Library } from '../../../../src/config/init-code/divide';

/** The libraries whose factors code is written for. */
export const LIBRARIES: Readonly<Record<string, Library>> = {
  peft: PEFT_LIBRARY,
  unknown: UNKNOWN_LIBRARY,
  diffusers: DIFFUSERS_LIBRARY,
  loralib: LORA_A_B,
  torchtune: TORCHTUNE_LIBRARY,
  litgpt: LORA_A_B,
  kohya: LORA_DOWN_UP,
  nemo: MEGATRON_LIBRARY,
  automodel: LORA_A_B,
  mlx: MLX_LIBRARY,
};
