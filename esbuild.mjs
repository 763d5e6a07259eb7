// One build for every bundle: `node esbuild.mjs [--watch] [--production] [--only=cli,worker-node] [--outdir=dist]`.
import { copyFile, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { context } from 'esbuild';
import { minify } from 'rolldown/utils';
import { outputOf } from './scripts/bundle.mjs';
import { kernels } from './scripts/kernels.mjs';
import { noticesOf, packagesIn } from './scripts/notices.mjs';
import { pythonText } from './scripts/python-text.mjs';
import { commonJs, metafilesOf } from './scripts/split.mjs';
import { unused } from './scripts/unused.mjs';

const watch = process.argv.includes('--watch');
const production = process.argv.includes('--production');
const option = (name) => process.argv.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);
const only = option('only')?.split(',');
const outdir = option('outdir') ?? 'dist';

const common = {
  bundle: true,
  minify: production,
  sourcemap: production ? false : 'linked',
  metafile: true,
  logLevel: 'warning',
  plugins: [kernels, pythonText, unused],
  legalComments: 'none',
  target: 'es2022',
  // tfjs' "main" files hide the registration of its kernels from the bundler; its "module" files do not.
  mainFields: ['module', 'main'],
  // The `yaml` package gives Node its CommonJS files, which esbuild cannot shake; as modules the same code is a quarter smaller.
  // Strings are always handed over, so `@vscode/l10n` needs neither files nor Node.
  alias: {
    yaml: './node_modules/yaml/browser/index.js',
    '@vscode/l10n': './node_modules/@vscode/l10n/dist/browser.js',
  },
};
const node = { platform: 'node', format: 'cjs', target: 'node20' };
const web = { platform: 'browser', format: 'iife' };

/** name of the bundle → its options */
const bundles = {
  extension: {
    ...node,
    entryPoints: ['src/extension/node.ts'],
    external: ['vscode', './node-core'],
    // A require, not an import(): the editor's require knows 'vscode' in every supported version.
    supported: { 'dynamic-import': false },
  },
  host: {
    ...node,
    entryPoints: {
      // Loaded by the one above when there is something to do.
      'node-core': 'src/extension/node-core.ts',
      // Reads the workspace's configs, and long texts that are open, beside the extension host.
      'reader-node': 'src/extension/questions/reader-thread.ts',
      // The server of MCP, which the editor starts.
      'mcp-node': 'src/cli/mcp/main.ts',
    },
    outdir,
    external: ['vscode'],
    plugins: [pythonText, unused, commonJs],
  },
  'extension-web': { ...web, format: 'cjs', entryPoints: ['src/extension/web.ts'], external: ['vscode'] },
  'worker-node': { ...node, entryPoints: ['src/worker/node/main.ts'] },
  'worker-web': { ...web, entryPoints: ['src/worker/web/main.ts'] },
  pages: { ...web, entryPoints: ['src/webview/main.ts'] },
  // Of its own: a script that imports a stylesheet is bundled with every component of the toolkit, used or not.
  'panel-style': { entryPoints: ['media/panel.css'], outfile: `${outdir}/panel.css` },
  library: { ...node, entryPoints: ['src/cli/library.ts'] },
  cli: { ...node, entryPoints: ['src/cli/main.ts'], banner: { js: '#!/usr/bin/env node' } },
};

const WASM = 'tfjs-backend-wasm-simd.wasm';

await mkdir(outdir, { recursive: true });
await copyFile(`node_modules/@tensorflow/tfjs-backend-wasm/dist/${WASM}`, `${outdir}/${WASM}`);

/** The recorder of runs, which Python finds first on its path: plain files. */
await rm(`${outdir}/recorder`, { recursive: true, force: true });
const isCache = (file) => file.endsWith('__pycache__');
await cp('src/run/python', `${outdir}/recorder`, { recursive: true, filter: (file) => !isCache(file) });

/** A second minifier takes 2 to 4 % more off these. */
const MINIFIED_TWICE = ['extension-web', 'worker-web', 'worker-node'];

/** The bundles that train. */
const WORKERS = ['worker-node', 'worker-web'];
const isAsked = (name) => !only || only.includes(name);
if (WORKERS.some(isAsked)) {
  // Every check with default settings starts from one of these bases, so the build trains them.
  const define = { LORA_ALPHA_BASES: await outputOf('scripts/bases/main.ts', [outdir]) };
  for (const name of WORKERS) bundles[name] = { ...bundles[name], define };
}

const unknown = only?.filter((name) => !(name in bundles)) ?? [];
if (unknown.length > 0) throw new Error(`no bundle is called ${unknown.join(', ')}`);

const metafiles = [];
for (const [name, options] of Object.entries(bundles)) {
  if (!isAsked(name)) continue;
  const outfile = options.outdir ? undefined : `${outdir}/${name}.js`;
  const build = await context({ ...common, outfile, ...options });
  if (watch) {
    await build.watch();
  } else {
    const { metafile } = await build.rebuild();
    if (production && MINIFIED_TWICE.includes(name)) {
      const { code, errors } = await minify(outfile, await readFile(outfile, 'utf8'));
      if (errors.length > 0) throw errors[0];
      await writeFile(outfile, code);
    }
    metafiles.push(metafile);
    const parts = options.outdir ? metafilesOf(metafile) : new Map([[name, metafile]]);
    for (const [part, { inputs, outputs }] of parts) {
      await writeFile(`${outdir}/${part}.meta.json`, JSON.stringify({ inputs, outputs }));
    }
    await build.dispose();
  }
}
if (!watch && !only) await writeFile(`${outdir}/ThirdPartyNotices.txt`, noticesOf(packagesIn(metafiles)));
