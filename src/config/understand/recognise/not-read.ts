import * as l10n from '@vscode/l10n';

/** A format that LoRA Alpha does not read. */
interface NotRead {
  /** Its name for people, after "files of". */
  format: string;
  /** Extensions of its files. */
  of: RegExp;
  /** Words that all stand in its files, and together in no other. */
  words: readonly string[];
}

/** Formats that LoRA Alpha does not read. A file with all words of a row is left alone, with one sentence. */
const NOT_READ: readonly NotRead[] = [
  { format: 'ChatGLM3', of: /\.ya?ml$/i, words: ['peft_config:', 'peft_type:', 'training_args:'] },
  { format: 'NeMo 1', of: /\.(?:ya?ml|sh)$/i, words: ['adapter_dim', 'peft', 'lora_tuning'] },
  { format: l10n.t("diffusers' script for Cosmos"), of: /\.sh$/i, words: ['train_cosmos_predict25_lora.py'] },
];

/** The sentence about a file whose format is not read; null for all others. */
export function notReadBecause(text: string, path: string): string | null {
  const found = NOT_READ.find(({ of, words }) => of.test(path) && words.every((word) => text.includes(word)));
  return found ? l10n.t`LoRA Alpha does not read files of ${found.format}.` : null;
}
