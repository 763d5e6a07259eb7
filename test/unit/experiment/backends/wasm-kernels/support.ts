import { getKernel, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';

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
