// Builds the page of backends-page.ts with the web worker as it is shipped, and serves both.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { kernels } from '../../scripts/kernels.mjs';
import { unused } from '../../scripts/unused.mjs';
import { CACHE, ROOT } from '../../scripts/paths.mjs';

const OUT = path.join(CACHE, 'backends-page');
const WASM = path.join(ROOT, 'node_modules/@tensorflow/tfjs-backend-wasm/dist');
const TYPES = { '.js': 'text/javascript', '.wasm': 'application/wasm' };

/**
 * @returns {Promise<{address: (policy?: string) => string, origin: string, close: () => void}>} `policy`: a
 *   Content-Security-Policy for the page
 */
export async function serveBackends() {
  await build({
    entryPoints: { page: 'test/webview-preview/backends-page.ts', 'worker-web': 'src/worker/web/main.ts' },
    bundle: true,
    format: 'iife',
    target: 'es2022',
    mainFields: ['module', 'main'],
    plugins: [kernels, unused],
    outdir: OUT,
    logLevel: 'warning',
    absWorkingDir: ROOT,
  });
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const name = path.basename(pathname);
    const file = name.endsWith('.wasm') ? path.join(WASM, name) : path.join(OUT, name);
    const found = pathname.startsWith('/nowhere/') ? null : await readFile(file).catch(() => null);
    const answer = pathname === '/' ? '<!doctype html><title>Backends</title><script src="/page.js"></script>' : found;
    const policy = searchParams.get('policy');
    response.writeHead(answer === null ? 404 : 200, {
      'content-type': TYPES[path.extname(name)] ?? 'text/html',
      ...(policy ? { 'content-security-policy': policy } : {}),
    });
    response.end(answer);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const origin = `http://127.0.0.1:${port}`;
  return {
    origin,
    address: (policy) => `${origin}/${policy ? `?policy=${encodeURIComponent(policy)}` : ''}`,
    close: () => server.close(),
  };
}
