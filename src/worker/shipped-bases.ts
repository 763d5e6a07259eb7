import { shapeOfKey } from '../experiment/training/pretrained';
import { baseWith, type ReadyBases } from '../experiment/training/ready-bases';

/** Key of a base → its weights, float32 in base64. The build writes it here (scripts/bases/main.ts); tests have none. */
declare const LORA_ALPHA_BASES: Readonly<Record<string, string>> | undefined;

const packed = typeof LORA_ALPHA_BASES === 'undefined' ? {} : LORA_ALPHA_BASES;

/** Differs between builds that train the shipped bases differently. */
export const buildOfBases = Object.values(packed).join();

/** The bases that are shipped with a worker. */
export function shippedBases(): ReadyBases {
  return new Map(Object.entries(packed).map(([key, text]) => [key, baseWith(shapeOfKey(key), floatsIn(text))]));
}

function floatsIn(base64: string): Float32Array {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return new Float32Array(bytes.buffer);
}
