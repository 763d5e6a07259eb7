// Replaces modules that tfjs and yaml import and that are not needed here: see unused.mjs.
export default function standIn() {
  throw new Error('LoRA Alpha does not use this part of the package.');
}
// When it is loaded, tfjs makes three constants with `Long.fromString`.
standIn.fromString = () => null;
export const alea = standIn;
export const wasmWorkerContents = '';
/** The validator of the SDK of MCP, which is made and never asked. */
export const n = class {
  getValidator() {
    return standIn();
  }
};
export {
  standIn as createStringifyContext,
  standIn as stringifyCollection,
  standIn as stringifyDocument,
  standIn as stringifyNumber,
  standIn as stringifyPair,
  standIn as stringifyString,
};
