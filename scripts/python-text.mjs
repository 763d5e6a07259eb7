// Files of Python and pages of docs/ as text, for whatever bundles or runs the sources: `import { text } from './check.py'`.
import { readFileSync } from 'node:fs';

const moduleOf = (file) => `export const text = ${JSON.stringify(readFileSync(file, 'utf8'))};`;

/** For esbuild. */
export const pythonText = {
  name: 'python-text',
  setup(build) {
    build.onLoad({ filter: /\.(?:py|md)$/ }, ({ path }) => ({ contents: moduleOf(path), watchFiles: [path] }));
  },
};

/** For vitest. */
export const pythonTextInTests = {
  name: 'python-text',
  enforce: 'pre',
  load: (id) => (/\.(?:py|md)$/.test(id) ? moduleOf(id) : undefined),
};
