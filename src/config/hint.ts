/**
 * Matches if the hint of any trainer matches, and in few other files: not in `exploration` and `colorama`. Files of a
 * trainer that do not match are never read; hint.test.ts checks that.
 */
const TELLTALE =
  /(?<!xp|co)lora|use_peft|fine_tune_type|network_(?:module|dim)|peft_(?:type|config|model)|\blinear(?:_alpha)?["']?\s*:|linear_alpha\W+\d+\)\s*[,\]]|\bdora\b|locon|\[\s*adapter\s*\]/i;

/**
 * Whether a text may be a LoRA config at all: so cheap, and so small, that it can be asked of every YAML, JSON and
 * TOML file in an editor before any parser is loaded.
 */
export const mayHoldLora = (text: string): boolean => loraAt(text) >= 0;

/** Where the first word is that makes a text a possible LoRA config, or -1. */
export function loraAt(text: string): number {
  const isOurs = text.startsWith(EXPORT_MARK) || text.startsWith(CONVERSION_MARK);
  return isOurs ? -1 : text.search(TELLTALE);
}

/** The first words of every exported check with PyTorch (export/): it trains several alphas and is no config. */
export const EXPORT_MARK = '"""LoRA Alpha: a check with PyTorch.';

/** The first words of every exported conversion of a checkpoint (export/). */
export const CONVERSION_MARK = '"""LoRA Alpha: a conversion of a checkpoint.';
