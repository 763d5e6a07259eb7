/** The only build of tfjs that is shipped: the one with SIMD. */
const FILE = 'tfjs-backend-wasm-simd.wasm';

/** The path or URL of the wasm file in this folder. */
export function wasmFileIn(folder: string): string {
  return folder.endsWith('/') || folder === '' ? `${folder}${FILE}` : `${folder}/${FILE}`;
}
