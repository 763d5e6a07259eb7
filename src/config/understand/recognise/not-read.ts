import * as l10n from '@vscode/l10n';

/** `--lora_r`, `--network_module networks.lora`, `model.lora_rank=8`. */
const LORA_FLAG = /--[\w.-]{0,40}lora|--network_(?:module|dim)|\blora_\w{1,40}=/i;
const SWEEP = [
  /\bmethod["']?\s*:\s*["']?(?:grid|random|bayes)\b/,
  /\bparameters["']?\s*:/,
  /lora[\w.]{0,20}alpha["']?\s*:/i,
];

/**
 * Formats that LoRA Alpha does not read: name, extensions, and what all stands in its files, and together in no other. A
 * file of a row is left alone, with one sentence.
 */
const NOT_READ: readonly (readonly [format: string, of: RegExp, ...words: (string | RegExp)[]])[] = [
  ['ChatGLM3', /\.ya?ml$/i, 'peft_config:', 'peft_type:', 'training_args:'],
  ['NeMo 1', /\.(?:ya?ml|sh)$/i, 'adapter_dim', 'peft', 'lora_tuning'],
  [l10n.t("Windows' cmd (batch files)"), /\.(?:bat|cmd)$/i, LORA_FLAG],
  [
    l10n.t('litgpt before May 2024'),
    /\.ya?ml$/i,
    /^lora_(?:query|key|value):/m,
    /^train:/m,
    /^ {2}learning_rate:/m,
    'micro_batch_size:',
  ],
  [l10n.t("Automodel's older diffusion recipe"), /\.ya?ml$/i, /^peft:/m, /^optim:\n +learning_rate:/m],
  [l10n.t('loralib (Python scripts)'), /\.(?:py|ipynb)$/i, /\b(?:import|from) loralib\b/],
  [
    l10n.t('the first versions of OneTrainer'),
    /\.json$/i,
    /"training_method"\s*:\s*"LORA"/,
    /"(?:optimizer_(?:weight_decay|beta1|eps)|(?:unet|text_encoder)_learning_rate|train_unet)"\s*:/,
  ],
  [l10n.t("SimpleTuner's config.env"), /\.env$/i, /\bMODEL_TYPE=["']?lora\b/i, 'LEARNING_RATE'],
  [l10n.t('W&B sweeps'), /\.(?:ya?ml|json)$/i, ...SWEEP],
  [l10n.t("diffusers' script for Cosmos"), /\.sh$/i, 'train_cosmos_predict25_lora.py'],
];

/** The sentence about a file whose format is not read; null for all others. */
export function notReadBecause(text: string, path: string): string | null {
  const found = NOT_READ.find(([, of, ...words]) => of.test(path) && words.every((word) => text.search(word) >= 0));
  return found ? l10n.t`LoRA Alpha does not read files of ${found[0]}.` : null;
}
