import type { WasmBackend } from './register';

type Linear = 'linearPass' | 'bytesOfLinearPass';
type Kernel = 'elementwise' | 'products' | 'bytesOfPanels' | Linear | 'sums' | 'means' | 'sgd' | 'adam';

/**
 * The kernels that assembly/index.ts exports. Parameters are named there; places are byte offsets in tfjs' memory.
 * `scratch(bytes)` returns the place of a buffer that all calls share: the next kernel overwrites its contents.
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
  let [place, size] = [0, 0];
  return {
    ...exports,
    scratch(bytes = 0) {
      if (bytes > size) {
        if (place !== 0) wasm._free(place);
        place = wasm._malloc(bytes) >>> 0;
        size = place === 0 ? 0 : bytes;
        if (place === 0) throw new Error(`The training needs ${bytes} more bytes of memory than there are.`);
      }
      return place;
    },
  };
}
