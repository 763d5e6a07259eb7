import {
  getKernel,
  getKernelsForBackend,
  registerKernel,
  unregisterKernel,
  type DataType,
  type KernelBackend,
  type KernelConfig,
  type TensorInfo,
} from '@tensorflow/tfjs-core';

/** As much of tfjs' wasm backend as its own kernels use. */
export interface WasmBackend extends KernelBackend {
  wasm: {
    asm: { memory: object };
    _malloc(bytes: number): number;
    _free(place: number): void;
  };
  dataIdMap: { get(dataId: object): { memoryOffset: number } };
  makeOutput(shape: number[], dtype: DataType): TensorInfo;
}

/** What a kernel is called with. */
export interface KernelCall<Inputs, Attributes = undefined> {
  inputs: Inputs;
  attrs: Attributes;
  backend: WasmBackend;
}

/** The two operands of a binary kernel. */
export interface Operands {
  a: TensorInfo;
  b: TensorInfo;
}

/** Where a tensor's numbers begin in the memory of its backend, in bytes. */
export function placeOf({ dataIdMap }: WasmBackend, { dataId }: TensorInfo): number {
  return dataIdMap.get(dataId).memoryOffset;
}

/** Registers a kernel that tfjs does not have; tensors/fused.ts calls it by its name. */
export function registerOwn<Inputs, Attributes>(
  kernelName: string,
  kernel: (call: KernelCall<Inputs, Attributes>) => TensorInfo[],
): void {
  register({ kernelName, backendName: 'wasm', kernelFunc: kernel as unknown as KernelConfig['kernelFunc'] });
}

/** Replaces the backend's own kernel by `faster`; where `faster` returns null, the backend's own kernel runs. */
export function replaceKernel<Inputs, Attributes>(
  kernelName: string,
  faster: (call: KernelCall<Inputs, Attributes>) => TensorInfo | null,
): void {
  const own = ownOf(kernelName);
  if (!own) throw new Error(`tfjs has no kernel ${kernelName} to replace`);
  const usual = own.kernelFunc as unknown as (call: KernelCall<Inputs, Attributes>) => TensorInfo;
  const kernelFunc = (call: KernelCall<Inputs, Attributes>): TensorInfo => faster(call) ?? usual(call);
  register({ ...own, kernelFunc: kernelFunc as unknown as KernelConfig['kernelFunc'] });
}

/** One of our kernels; `instead`: tfjs' kernel that it replaces, if there is one. */
interface Registered extends KernelConfig {
  instead?: KernelConfig | undefined;
}

/** The kernel that tfjs itself has. Ours may be from another copy of this module: the registry belongs to tfjs. */
function ownOf(kernelName: string): KernelConfig | undefined {
  const there = getKernel(kernelName, 'wasm') as Registered | undefined;
  return there && 'instead' in there ? there.instead : there;
}

function register(kernel: KernelConfig): void {
  const { kernelName } = kernel;
  const ours: Registered = { ...kernel, instead: ownOf(kernelName) };
  // tfjs' own type, though it returns undefined where there is none.
  if (getKernel(kernelName, 'wasm') as KernelConfig | undefined) unregisterKernel(kernelName, 'wasm');
  registerKernel(ours);
}

/** Puts tfjs' own kernels back. */
export function restoreKernels(): void {
  for (const kernel of getKernelsForBackend('wasm') as Registered[]) {
    if (!('instead' in kernel)) continue;
    unregisterKernel(kernel.kernelName, 'wasm');
    if (kernel.instead) registerKernel(kernel.instead);
  }
}
