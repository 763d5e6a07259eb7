import { chooseBackend } from '../../src/experiment/backends/choose';
import { wasm } from '../../src/experiment/backends/wasm';
import { DEFAULT_BASES } from './default-bases';
import { baseKey, pretrained, weightsOf } from '../../src/experiment/training/pretrained';

/**
 * A program of the build: trains the default bases, which are the same for all users of one build, and prints them as
 * shipped-bases.ts reads them. Their last bits depend on the builder's processor and Node (relaxed SIMD).
 * Its argument is the folder of the wasm files.
 */
async function main([assets = '']: string[]): Promise<void> {
  const { backend } = await chooseBackend(['wasm'], [wasm], assets);
  const hooks = { isStopped: () => false, pause: () => Promise.resolve() };
  const bases: Record<string, string> = {};
  for (const spec of DEFAULT_BASES) {
    const { buffer } = weightsOf(await pretrained(spec, backend.id, hooks));
    bases[baseKey(spec)] = Buffer.from(buffer).toString('base64');
  }
  process.stdout.write(JSON.stringify(bases));
}

void main(process.argv.slice(2));
