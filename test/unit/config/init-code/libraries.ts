import { PEFT_LIBRARY } from '../../../../src/config/init-code/peft';
import { UNKNOWN_LIBRARY } from '../../../../src/config/trainers/generic/index';
import { DIFFUSERS_LIBRARY } from '../../../../src/config/trainers/diffusers/scripts';
import { LORALIB_LIBRARY } from '../../../../src/config/trainers/loralib/script';
import { TORCHTUNE_LIBRARY } from '../../../../src/config/trainers/torchtune/index';
import { LITGPT_LIBRARY } from '../../../../src/config/trainers/litgpt/index';
import { KOHYA_LIBRARY } from '../../../../src/config/trainers/kohya/family';
import { NEMO_LIBRARY } from '../../../../src/config/trainers/nemo/index';
import { AUTOMODEL_LIBRARY } from '../../../../src/config/trainers/automodel/index';
import { MLX_LIBRARY } from '../../../../src/config/trainers/mlx-lm/index';
import type { Library } from '../../../../src/config/init-code/library';

/** The libraries whose factors code is written for. */
export const LIBRARIES: Readonly<Record<string, Library>> = {
  peft: PEFT_LIBRARY,
  unknown: UNKNOWN_LIBRARY,
  diffusers: DIFFUSERS_LIBRARY,
  loralib: LORALIB_LIBRARY,
  torchtune: TORCHTUNE_LIBRARY,
  litgpt: LITGPT_LIBRARY,
  kohya: KOHYA_LIBRARY,
  nemo: NEMO_LIBRARY,
  automodel: AUTOMODEL_LIBRARY,
  mlx: MLX_LIBRARY,
};
