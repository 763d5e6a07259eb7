// Stands for a module that is never called: see unused.mjs.
export default function standIn() {
  throw new Error('LoRA Alpha does not use this part of tfjs.');
}
// tfjs reads two constants of `long` when it is loaded.
standIn.fromString = () => null;
export const alea = standIn;
export const wasmWorkerContents = '';
