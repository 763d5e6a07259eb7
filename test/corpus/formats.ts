/** What a folder of the corpus is read as. */
export const TRAINER_OF: Readonly<Record<string, string>> = {
  'ai-toolkit': 'ai-toolkit',
  axolotl: 'axolotl',
  'custom-nested': 'generic',
  'h2o-llmstudio': 'h2o',
  'kohya-gui': 'kohya-gui',
  litgpt: 'litgpt',
  llamafactory: 'llamafactory',
  ludwig: 'ludwig',
  'mlx-lm': 'mlx-lm',
  'ms-swift': 'ms-swift',
  'peft-adapter': 'peft',
  torchtune: 'torchtune',
};

/** LoRA files without numbers of one LoRA: one only names it, one repeats a block for both halves of the model. */
export const WITHOUT_NUMBERS = /scal-sdt__configs/;

type Codes = readonly (readonly [file: RegExp, code: string])[];

/** Files that are not written to, and why. */
export const REFUSED: Codes = [
  [/jbarnes850__mlx_json_lora/, 'trainer-stops'],
  [/train_lora_(?:sd35|flux)/, 'alpha-ignored'],
];

/** Findings that the traps of a file promise. */
export const PROMISED: Codes = [...REFUSED, [/multi-node__ray__sft/, 'alpha-implied']];

/** Fields that are read under other words than a person notes them. */
export const OTHERWISE: readonly (readonly [file: RegExp, field: string])[] = [
  // mlx-lm writes the scaling itself, which is read where others have alpha.
  [/mlx-lm__mlx_lm__examples__lora_config/, 'alpha'],
  // A ratio of 0 means that there is none.
  [/flux1D_-_adamw8bit_fp8/, 'loraplusLrRatio'],
];
