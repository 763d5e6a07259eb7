import { setFlagsFromString } from 'node:v8';
import { getKernel, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';
import { chooseBackend } from '../../../../../src/experiment/backends/choose';
import { installKernels } from '../../../../../src/experiment/backends/kernels/install';
import { wasm } from '../../../../../src/experiment/backends/wasm';
import { ASSETS } from '../../support/lab';

/** Both builds of the kernels, whichever this Node would take. */
export const BUILDS = ['plain', 'relaxed'] as const;

const NODE = Number(process.versions.node.split('.')[0]);

export async function startWith(build: (typeof BUILDS)[number]): Promise<void> {
  // Node 20 has relaxed SIMD behind a flag.
  if (NODE === 20) setFlagsFromString('--experimental-wasm-relaxed-simd');
  await chooseBackend('wasm', [wasm], ASSETS);
  installKernels(build);
}

/** Runs `work` with the named kernel taken out, so that the operations it stands for are used. */
export async function without<T>(kernelName: string, work: () => T | Promise<T>): Promise<T> {
  const kernel = getKernel(kernelName, 'wasm');
  unregisterKernel(kernelName, 'wasm');
  try {
    return await work();
  } finally {
    registerKernel(kernel);
  }
}
