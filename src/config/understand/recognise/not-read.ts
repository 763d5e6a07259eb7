import * as l10n from '@vscode/l10n';

/** A format that LoRA Alpha does not read. */
interface NotRead {
  /** Its name for people, after "files of". */
  format: string;
  /** Extensions of its files. */
  of: RegExp;
  /** What all stands in its files, and together in no other. */
  words: readonly (string | RegExp)[];
}

/** `--lora_r`, `--network_module networks.lora`, `model.lora_rank=8`. */
const LORA_FLAG = /--[\w.-]{0,40}lora|--network_(?:module|dim)|\blora_\w{1,40}=/i;
const SWEEP = [
  /\bmethod["']?\s*:\s*["']?(?:grid|random|bayes)\b/,
  /\bparameters["']?\s*:/,
  /lora[\w.]{0,20}alpha["']?\s*:/i,
];

/** Formats that LoRA Alpha does not read. A file with all words of a row is left alone, with one sentence. */
const NOT_READ: readonly NotRead[] = [
  { format: 'ChatGLM3', of: /\.ya?ml$/i, words: ['peft_config:', 'peft_type:', 'training_args:'] },
  { format: 'NeMo 1', of: /\.(?:ya?ml|sh)$/i, words: ['adapter_dim', 'peft', 'lora_tuning'] },
  { format: l10n.t("Windows' cmd (batch files)"), of: /\.(?:bat|cmd)$/i, words: [LORA_FLAG] },
  {
    format: l10n.t('litgpt before May 2024'),
    of: /\.ya?ml$/i,
    words: [/^lora_(?:query|key|value):/m, /^train:/m, /^ {2}learning_rate:/m, 'micro_batch_size:'],
  },
  {
    format: l10n.t("Automodel's older diffusion recipe"),
    of: /\.ya?ml$/i,
    words: [/^peft:/m, /^optim:\n +learning_rate:/m],
  },
  { format: l10n.t('loralib (Python scripts)'), of: /\.(?:py|ipynb)$/i, words: [/\b(?:import|from) loralib\b/] },
  {
    format: l10n.t('the first versions of OneTrainer'),
    of: /\.json$/i,
    words: [
      /"training_method"\s*:\s*"LORA"/,
      /"(?:optimizer_(?:weight_decay|beta1|eps)|(?:unet|text_encoder)_learning_rate|train_unet)"\s*:/,
    ],
  },
  { format: l10n.t("SimpleTuner's config.env"), of: /\.env$/i, words: [/\bMODEL_TYPE=["']?lora\b/i, 'LEARNING_RATE'] },
  { format: l10n.t('W&B sweeps'), of: /\.(?:ya?ml|json)$/i, words: SWEEP },
  { format: l10n.t("diffusers' script for Cosmos"), of: /\.sh$/i, words: ['train_cosmos_predict25_lora.py'] },
];

/** The sentence about a file whose format is not read; null for all others. */
export function notReadBecause(text: string, path: string): string | null {
  const found = NOT_READ.find(({ of, words }) => of.test(path) && words.every((word) => text.search(word) >= 0));
  return found ? l10n.t`LoRA Alpha does not read files of ${found.format}.` : null;
}
