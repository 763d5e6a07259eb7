import '@tensorflow/tfjs-backend-webgl';
import { env } from '@tensorflow/tfjs-core';
import type { Backend } from './backend';

/** The GPU, through WebGL on an OffscreenCanvas; only where there is a browser. */
export const webgl: Backend = {
  id: 'webgl',
  prepare() {
    // All arithmetic in the same place and in 32 bits: nothing small goes to the CPU, nothing is stored in 16 bits.
    env().set('WEBGL_CPU_FORWARD', false);
    env().set('WEBGL_FORCE_F16_TEXTURES', false);
  },
  flushSteps: 10,
};
