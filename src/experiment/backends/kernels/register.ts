import { getKernel, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';
import type { DataType, KernelBackend, KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';

/** As much of tfjs' wasm backend as its own kernels use. */
export interface WasmBackend extends KernelBackend {
  wasm: { asm: { memory: object }; _malloc(bytes: number): number; _free(address: number): void };
  dataIdMap: { get(dataId: object): { memoryOffset: number } };
  makeOutput(shape: number[], dtype: DataType): TensorInfo;
  typedArrayFromHeap(tensor: TensorInfo): Float32Array;
}

export interface KernelCall<Inputs, Attributes = undefined> {
  inputs: Inputs;
  attrs: Attributes;
  backend: WasmBackend;
}

export type Operands = Record<'a' | 'b', TensorInfo>;

type Kernel =
  'elementwise' | 'products' | 'bytesOfPanels' | 'linearPass' | 'bytesOfLinearPass' | 'sums' | 'means' | 'sgd' | 'adam';

/**
 * The kernels that assembly/index.ts exports. Parameters are named there; addresses are byte offsets in tfjs' memory.
 * `scratch(bytes)` returns the address of a buffer that all calls share: the next kernel overwrites its contents.
 */
export type KernelModule = Readonly<Record<Kernel | 'scratch', (...numbers: number[]) => number>>;

/** As much as is used of what pure rooms have no types of. */
interface WebAssemblyApi {
  validate(bytes: Uint8Array): boolean;
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { exports: Omit<KernelModule, 'scratch'> };
}

/** The first build that runs here, on the memory of tfjs. Where tfjs' own SIMD runs, the plain one does. */
export function startModule({ wasm }: WasmBackend, builds: readonly Uint8Array[]): KernelModule {
  const { WebAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyApi };
  const bytes = builds.find((build) => WebAssembly.validate(build));
  if (!bytes) throw new Error('no build of the kernels runs here');
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

/** One of our kernels; `instead`: tfjs' kernel that it replaces, if there is one. */
type Registered = KernelConfig & { instead?: KernelConfig | undefined };
type KernelOf<Inputs, Attributes> = (call: KernelCall<Inputs, Attributes>) => TensorInfo | TensorInfo[] | null;

/** Registers a kernel of ours, or in place of tfjs' own, which runs where it returns null. */
export function register<Inputs, Attributes = undefined>(
  kernelName: string,
  kernel: KernelOf<Inputs, Attributes>,
): void {
  // Ours may be from another copy of this module: the registry belongs to tfjs.
  const there = getKernel(kernelName, 'wasm') as Registered | undefined;
  const instead = there && 'instead' in there ? there.instead : there;
  const usual = instead?.kernelFunc as unknown as KernelOf<Inputs, Attributes> | undefined;
  const kernelFunc: KernelOf<Inputs, Attributes> = usual ? (call) => kernel(call) ?? usual(call) : kernel;
  if (there) unregisterKernel(kernelName, 'wasm');
  const ours = { kernelFunc: kernelFunc as unknown as KernelConfig['kernelFunc'], instead };
  registerKernel({ ...instead, kernelName, backendName: 'wasm', ...ours } as KernelConfig);
}
