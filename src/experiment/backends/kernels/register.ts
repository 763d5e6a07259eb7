import { getKernel, getKernelsForBackend, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';
import type { DataType, KernelBackend, KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';

/** As much of tfjs' wasm backend as its own kernels use. */
export interface WasmBackend extends KernelBackend {
  wasm: {
    asm: { memory: object };
    _malloc(bytes: number): number;
    _free(address: number): void;
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
export type Operands = Record<'a' | 'b', TensorInfo>;

type Kernel =
  'elementwise' | 'products' | 'bytesOfPanels' | 'linearPass' | 'bytesOfLinearPass' | 'sums' | 'means' | 'sgd' | 'adam';

/**
 * The kernels that assembly/index.ts exports. Parameters are named there; addresses are byte offsets in tfjs' memory.
 * `scratch(bytes)` returns the address of a buffer that all calls share: the next kernel overwrites its contents.
 */
export type KernelModule = Readonly<Record<Kernel | 'scratch', (...numbers: number[]) => number>>;

/** The part of WebAssembly that is used here: the pure rooms are type-checked without the types of a platform. */
interface WebAssemblyApi {
  validate(bytes: Uint8Array): boolean;
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { exports: Omit<KernelModule, 'scratch'> };
}

/** The first build that the platform can run, on the memory of tfjs; null if it can run none. */
export function startModule({ wasm }: WasmBackend, builds: readonly Uint8Array[]): KernelModule | null {
  const { WebAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyApi };
  const bytes = builds.find((build) => WebAssembly.validate(build));
  if (!bytes) return null;
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory: wasm.asm.memory } });
  let [address, size] = [0, 0];
  return {
    ...exports,
    scratch(bytes = 0) {
      if (bytes > size) {
        if (address !== 0) wasm._free(address);
        address = wasm._malloc(bytes) >>> 0;
        size = address === 0 ? 0 : bytes;
        if (address === 0) throw new Error(`The training needs ${bytes} more bytes of memory than there are.`);
      }
      return address;
    },
  };
}

/** Where a tensor's numbers begin in the memory of its backend, in bytes. */
export function addressOf({ dataIdMap }: WasmBackend, { dataId }: TensorInfo): number {
  return dataIdMap.get(dataId).memoryOffset;
}

/** Registers a kernel that tfjs does not have; tensors/operations.ts calls it by its name. */
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
type Registered = KernelConfig & { instead?: KernelConfig | undefined };

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
