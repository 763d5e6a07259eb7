// Compiles src/experiment/backends/kernels/assembly, which is AssemblyScript, for whatever bundles or runs the sources.
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { CACHE, ROOT } from './paths.mjs';

const { version } = createRequire(import.meta.url)('assemblyscript/package.json');
const SOURCES = path.join(ROOT, 'src/experiment/backends/kernels/assembly');

// No runtime and no memory of its own: it works on tfjs' memory, where all is allocated by tfjs.
const OPTIONS = [
  '--optimizeLevel=3',
  '--converge',
  '--noAssert',
  '--runtime=stub',
  '--importMemory',
  '--noExportMemory',
  '--initialMemory=1',
];
const FEATURES = { relaxed: ['--enable=simd', '--enable=relaxed-simd'], plain: ['--enable=simd'] };

/** The module that assembly/builds.d.ts describes; there is no such file. */
const IMPORTED = /\/assembly\/builds$/;

/** For esbuild. */
export const kernels = {
  name: 'kernels',
  setup(build) {
    build.onResolve({ filter: IMPORTED }, ({ path }) => ({ path, namespace: 'kernels' }));
    build.onLoad({ filter: IMPORTED, namespace: 'kernels' }, async () => ({
      contents: await script(),
      watchFiles: readdirSync(SOURCES).map((name) => path.join(SOURCES, name)),
    }));
  },
};

/** For vitest. */
export const kernelsInTests = {
  name: 'kernels',
  enforce: 'pre',
  resolveId: (id) => (IMPORTED.test(id) ? `\0${id}` : undefined),
  load: (id) => (id.startsWith('\0') && IMPORTED.test(id) ? script() : undefined),
};

async function script() {
  const builds = await Promise.all(
    Object.keys(FEATURES).map(async (build) => {
      const text = (await compiled(build)).toString('base64');
      return `export const ${build} = Uint8Array.from(atob('${text}'), (character) => character.charCodeAt(0));`;
    }),
  );
  return builds.join('\n');
}

/** Kept in .cache/ as long as the sources and the compiler are the same. */
async function compiled(build) {
  const hash = createHash('sha256')
    .update(version)
    .update(readFileSync(import.meta.filename));
  for (const name of readdirSync(SOURCES)) hash.update(readFileSync(path.join(SOURCES, name)));
  const folder = path.join(CACHE, 'kernels');
  const file = path.join(folder, `${build}-${hash.digest('hex').slice(0, 16)}.wasm`);
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    // Other builds, in this process too, may compile the same file now.
    const own = `${file}.${randomUUID()}`;
    const names = [path.join(SOURCES, 'index.ts'), own].map((name) => path.relative(ROOT, name));
    const args = [names[0], '--outFile', names[1], '--baseDir', ROOT, ...OPTIONS, ...FEATURES[build]];
    // Loaded here, as it takes half a second, and did not always load in a thread of Node 20.
    const { default: asc } = await import('assemblyscript/asc');
    const { error, stderr } = await asc.main(args, {});
    if (error) throw new Error(`${error.message}\n${stderr}`);
    renameSync(own, file);
  }
  return readFileSync(file);
}
