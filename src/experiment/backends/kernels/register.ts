import {
  getKernel,
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

/** Puts `faster` in the place of the backend's own kernel, which it may hand a call on to by returning null. */
export function replaceKernel<Inputs, Attributes>(
  kernelName: string,
  faster: (call: KernelCall<Inputs, Attributes>) => TensorInfo | null,
): void {
  const own = getKernel(kernelName, 'wasm');
  const usual = own.kernelFunc as unknown as (call: KernelCall<Inputs, Attributes>) => TensorInfo;
  const kernelFunc = (call: KernelCall<Inputs, Attributes>): TensorInfo => faster(call) ?? usual(call);
  register({ ...own, kernelFunc: kernelFunc as unknown as KernelConfig['kernelFunc'] });
}

/** What stood in the place of each kernel that is registered here. */
const before = new Map<string, KernelConfig | undefined>();

function register(kernel: KernelConfig): void {
  const { kernelName } = kernel;
  const own = getKernel(kernelName, 'wasm') as KernelConfig | undefined;
  before.set(kernelName, own);
  if (own) unregisterKernel(kernelName, 'wasm');
  registerKernel(kernel);
}

/** Puts tfjs' own kernels back. */
export function restoreKernels(): void {
  for (const [kernelName, own] of before) {
    unregisterKernel(kernelName, 'wasm');
    if (own) registerKernel(own);
  }
  before.clear();
}
