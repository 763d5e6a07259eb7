// Replaces modules that tfjs imports and that are not needed here: see unused.mjs.
export default function standIn() {
  throw new Error('LoRA Alpha does not use this part of tfjs.');
}
// When it is loaded, tfjs makes three constants with `Long.fromString`.
standIn.fromString = () => null;
export const alea = standIn;
export const wasmWorkerContents = '';
