// The folders of the project. `LORA_ALPHA_CACHE` moves the cache, so that clones can share editors.
import path from 'node:path';

export const ROOT = path.resolve(import.meta.dirname, '..');
export const CACHE = path.resolve(process.env.LORA_ALPHA_CACHE ?? path.join(ROOT, '.cache'));
export const DIST = path.join(ROOT, 'dist');
/** The scripts that are shipped: those of the host and its threads, the web host's, and that of all pages. */
export const SCRIPTS = [
  'extension',
  'node-core',
  'reader-node',
  'mcp-node',
  'reading',
  'worker-node',
  'extension-web',
  'worker-web',
  'pages',
];

export const VSIX = path.join(CACHE, 'lora-alpha.vsix');
