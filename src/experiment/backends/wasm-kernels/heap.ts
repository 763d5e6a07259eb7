import {
  type DataType,
  type KernelBackend,
  type KernelConfig,
  type TensorInfo,
  getKernel,
  registerKernel,
  unregisterKernel,
} from '@tensorflow/tfjs-core';

/** As much of tfjs' wasm backend as its own kernels use. */
export interface WasmBackend extends KernelBackend {
  wasm: {
    HEAPU8: Uint8Array;
    _malloc(bytes: number): number;
    /** A function of the wasm module; with numbers alone it is called directly. */
    cwrap(name: string, result: null, parameters: readonly 'number'[]): (...values: number[]) => void;
    tfjs: { registerTensor(id: number, size: number, memoryOffset: number): void; disposeData(id: number): void };
  };
  dataIdMap: { get(dataId: object): { id: number; memoryOffset: number } };
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

let floats: Float32Array = new Float32Array();

/** All of the module's memory, as float32. It moves when it grows, so ask again after every allocation. */
export function heapOf({ wasm }: WasmBackend): Float32Array {
  const { buffer } = wasm.HEAPU8;
  if (floats.buffer !== buffer) floats = new Float32Array(buffer);
  return floats;
}

/** Where a tensor's numbers begin in the {@link heapOf} its backend. */
export function placeOf({ dataIdMap }: WasmBackend, { dataId }: TensorInfo): number {
  return dataIdMap.get(dataId).memoryOffset / 4;
}

type Kernel<Inputs, Attributes> = (call: KernelCall<Inputs, Attributes>) => TensorInfo;

/** Registers a kernel that tfjs does not have; experiment/fused.ts calls it by its name. */
export function registerOwn<Inputs, Attributes>(
  kernelName: string,
  kernel: (call: KernelCall<Inputs, Attributes>) => TensorInfo[],
): void {
  registerKernel({ kernelName, backendName: 'wasm', kernelFunc: kernel as unknown as KernelConfig['kernelFunc'] });
}

/**
 * Puts `faster` in the place of the backend's own kernel, which it may hand a call on to by returning null. Before the
 * backend starts.
 * @param setup told of the backend when that starts
 */
export function replaceKernel<Inputs, Attributes>(
  kernelName: string,
  faster: (call: KernelCall<Inputs, Attributes>) => TensorInfo | null,
  setup?: (backend: WasmBackend) => void,
): void {
  const own = getKernel(kernelName, 'wasm');
  const usual = own.kernelFunc as unknown as Kernel<Inputs, Attributes>;
  const kernelFunc: Kernel<Inputs, Attributes> = (call) => faster(call) ?? usual(call);
  unregisterKernel(kernelName, 'wasm');
  registerKernel({
    ...own,
    kernelFunc: kernelFunc as unknown as KernelConfig['kernelFunc'],
    setupFunc(backend) {
      own.setupFunc?.(backend);
      setup?.(backend as unknown as WasmBackend);
    },
  });
}
