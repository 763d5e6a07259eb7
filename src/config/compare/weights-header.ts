import type { AdapterNumbers } from './adapter-differs';

/** A file of safetensors begins with the length of its header, in 64 bits, low byte first. */
export const LENGTH_BYTES = 8;

/** A longer header is not read: one of a thousand tensors has a tenth of it. */
const LONGEST = 4 * 1024 * 1024;

/**
 * How many bytes the header of a file of safetensors has; null if they are none, or too many.
 * @param start the first bytes of the file
 * @see https://github.com/huggingface/safetensors (README.md, Format)
 */
export function headerLength(start: Uint8Array): number | null {
  if (start.length < LENGTH_BYTES) return null;
  const length = new DataView(start.buffer, start.byteOffset, LENGTH_BYTES).getBigUint64(0, true);
  return length <= LONGEST ? Number(length) : null;
}

/** Modules whose scaling is alpha/rank. */
const LORA_MODULE = /^networks\.lora/;

/**
 * The rank and scaling that the header of a weights file names; null if it names none. Tensors are not read.
 * @param header JSON, as sd-scripts, musubi-tuner and OneTrainer write it
 * @see https://github.com/kohya-ss/sd-scripts (train_network.py: ss_network_dim, ss_network_alpha; networks/lora.py: alpha 0 is the rank)
 * @see https://github.com/Nerogar/OneTrainer (modules/modelSaver/mixin/DtypeModelSaverMixin.py: ot_config, if the user includes it)
 */
export function weightsNumbers(header: string): AdapterNumbers | null {
  const metadata = at(parsed(header), '__metadata__');
  if (LORA_MODULE.test(String(at(metadata, 'ss_network_module')))) {
    return numbers(at(metadata, 'ss_network_dim'), at(metadata, 'ss_network_alpha'), true);
  }
  const config = parsed(at(metadata, 'ot_config'));
  const isLora = ['LORA', undefined].includes(at(config, 'peft_type') as string | undefined);
  return isLora ? numbers(at(config, 'lora_rank'), at(config, 'lora_alpha'), false) : null;
}

function numbers(rankValue: unknown, alphaValue: unknown, isRankAtZero: boolean): AdapterNumbers | null {
  const [rank, stated] = [numberOf(rankValue), numberOf(alphaValue)];
  const alpha = stated === 0 && isRankAtZero ? rank : stated;
  return Number.isInteger(rank) && rank > 0 && Number.isFinite(alpha) && alpha > 0
    ? { rank, scaling: alpha / rank }
    : null;
}

/** A number, or a text of one; NaN for anything else: `None`, `Dynamic`. */
function numberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : NaN;
}

function parsed(text: unknown): unknown {
  try {
    return typeof text === 'string' ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}

function at(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}
