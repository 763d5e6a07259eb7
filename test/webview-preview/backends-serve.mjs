// Builds the page of backends-page.ts with the web worker as it is shipped, and serves both.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { kernels } from '../../scripts/kernels.mjs';
import { unused } from '../../scripts/unused.mjs';
import { CACHE, ROOT } from '../../scripts/paths.mjs';
import { serve } from './serve.mjs';

const OUT = path.join(CACHE, 'backends-page');
const WASM = path.join(ROOT, 'node_modules/@tensorflow/tfjs-backend-wasm/dist');

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
  const answerTo = async ({ pathname }) => {
    const name = path.basename(pathname);
    if (pathname === '/') return '<!doctype html><title>Backends</title><script src="/page.js"></script>';
    return pathname.startsWith('/nowhere/') ? null : readFile(path.join(name.endsWith('.wasm') ? WASM : OUT, name));
  };
  const { origin, close } = await serve(answerTo, ({ searchParams }) => {
    const policy = searchParams.get('policy');
    return policy ? { 'content-security-policy': policy } : {};
  });
  return {
    origin,
    address: (policy) => `${origin}/${policy ? `?policy=${encodeURIComponent(policy)}` : ''}`,
    close,
  };
}
