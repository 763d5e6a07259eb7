// Builds the panel's page and serves it with a stand-in for VS Code around it.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { CACHE, ROOT } from '../../scripts/paths.mjs';
import { unused } from '../../scripts/unused.mjs';

const HERE = import.meta.dirname;
const OUT = path.join(CACHE, 'preview-page');
const TYPES = { '.js': 'text/javascript', '.css': 'text/css', '.ttf': 'font/ttf', '.wasm': 'application/wasm' };

/** One font for every machine, so that pictures can be compared. */
const FONTS = {
  '/DejaVuSans.ttf': ['Preview Sans', 400],
  '/DejaVuSans-Bold.ttf': ['Preview Sans', 700],
  '/DejaVuSansMono.ttf': ['Preview Mono', 400],
};
const FONT_FACES = Object.entries(FONTS)
  .map(
    ([file, [family, weight]]) => `@font-face { font-family: '${family}'; font-weight: ${weight}; src: url(${file}); }`,
  )
  .join('\n');

/** What VS Code puts into every webview before the page's own styles (in short). */
const DEFAULT_STYLES = `${FONT_FACES}
html { scrollbar-color: var(--vscode-scrollbarSlider-background) var(--vscode-editor-background); }
body { overscroll-behavior-x: none; background-color: transparent; color: var(--vscode-editor-foreground);
  font-family: var(--vscode-font-family); font-weight: var(--vscode-font-weight); font-size: var(--vscode-font-size); margin: 0; padding: 0 20px; }
a, a code { color: var(--vscode-textLink-foreground); }
code { font-family: var(--monaco-monospace-font); color: var(--vscode-textPreformat-foreground); }`;

/**
 * @param {string} [strings] of a language, as JSON
 * @returns {Promise<{address: (state: string, theme: string, page?: 'panel' | 'comparison' | 'recipes' | 'adapter') => string, close: () => void}>}
 */
export async function servePage(strings = '') {
  const web = {
    plugins: [unused],
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    outdir: OUT,
    logLevel: 'warning',
  };
  await build({ ...web, entryPoints: { pages: 'src/webview/main.ts', host: `${HERE}/hosts.ts` }, absWorkingDir: ROOT });
  await build({ ...web, entryPoints: { panel: 'media/panel.css' }, absWorkingDir: ROOT });
  const { outputFiles } = await build({
    entryPoints: ['src/extension/page/page-html.ts'],
    bundle: true,
    format: 'esm',
    write: false,
    absWorkingDir: ROOT,
  });
  const { pageHtml } = await import(
    `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`
  );

  // Fonts and scripts are loaded once, and compiled once.
  const headers = ({ pathname }) => ({ 'cache-control': pathname === '/' ? 'no-store' : 'max-age=600' });
  const { origin, close } = await serve(
    ({ pathname, searchParams }) => answerTo(pathname, searchParams.get('page') ?? 'panel'),
    headers,
  );

  async function answerTo(pathname, page) {
    if (pathname === '/default.css') return DEFAULT_STYLES;
    if (pathname in FONTS)
      return readFile(path.join(ROOT, 'node_modules/dejavu-fonts-ttf/ttf', path.basename(pathname)));
    if (pathname !== '/') return readFile(path.join(OUT, path.basename(pathname)));
    const nonce = 'cHJldmlldy1ub25jZQ';
    return pageHtml({
      cspSource: origin,
      nonce,
      page,
      script: await readFile(path.join(OUT, 'pages.js'), 'utf8'),
      style: await readFile(path.join(OUT, 'panel.css'), 'utf8'),
      workerUri: `${origin}/worker-web.js`,
      assetsUri: origin,
      title: 'LoRA Alpha',
      language: 'en',
      strings,
    })
      .replace('<style', `<link rel="stylesheet" href="${origin}/default.css">\n    <style`)
      .replace('<script', `<script nonce="${nonce}" src="${origin}/host.js"></script>\n    <script`);
  }
  return {
    address: (state, theme, page = 'panel') => `${origin}/?state=${state}&theme=${theme}&page=${page}`,
    close,
  };
}

/**
 * @param {(url: URL) => Promise<string | Buffer>} answerTo fails, or answers null, where there is no such file
 * @param {(url: URL) => Record<string, string>} headersFor
 */
export async function serve(answerTo, headersFor) {
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const answer = await answerTo(url).catch(() => null);
    const type = TYPES[path.extname(url.pathname)] ?? 'text/html';
    response.writeHead(answer === null ? 404 : 200, { 'content-type': type, ...headersFor(url) });
    response.end(answer);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return { origin: `http://127.0.0.1:${port}`, close: () => server.close() };
}
