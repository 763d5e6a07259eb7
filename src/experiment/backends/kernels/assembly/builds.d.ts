/** Stands for the module that scripts/kernels.mjs makes of this folder. Its names are in the order of preference. */

/** With relaxed SIMD, which multiplies and adds in one instruction: Node 22, Chromium 114, Firefox 145 and newer. */
export const relaxed: Uint8Array;

/** With SIMD. */
export const plain: Uint8Array;
