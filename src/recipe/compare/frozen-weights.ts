import type { Recipe } from '../recipe';

/** What quantises the frozen weights, in any syntax: `load_in_4bit: true`, `"quantization_bit": 8`, `--load_in_4bit`. */
const QUANTISES =
  /\bload_in_([48])bit["']?(?:\s*[:=]?\s*["']?(?:true|1)\b|(?=\s*(?:\\|--|$)))|\bquant(?:ization_bit|_bits)["']?\s*[:=]?\s*["']?([2-8])\b/gim;

/** A recipe with the bits of the frozen weights that its config names, if it names any. Comments do not count. */
export function withFrozenWeights<R extends Recipe>({ recipe, text }: { recipe: R; text: string }): R {
  const code = text.replace(/(?:#|\/\/).*$/gm, '');
  const bits = new Set([...code.matchAll(QUANTISES)].map(([, flag, key]) => flag ?? key));
  return bits.size === 0 ? recipe : { ...recipe, weights: [...bits].sort().join(', ') };
}
