import js from '@eslint/js';
import tseslint from 'typescript-eslint';

// The walls of the house: which rooms a room may import from. An arrow never points back.
const MAY_IMPORT = {
  recipe: [],
  config: ['recipe'],
  adapter: ['recipe', 'config'],
  scan: ['recipe', 'config'],
  experiment: ['recipe', 'config'],
  run: ['recipe', 'config', 'experiment', 'export'],
  messages: ['recipe', 'config', 'adapter', 'scan', 'experiment'],
  worker: ['config', 'adapter', 'scan', 'experiment', 'messages'],
  extension: ['recipe', 'config', 'adapter', 'export', 'scan', 'experiment', 'run', 'messages', 'worker'],
  export: ['recipe', 'config', 'adapter'],
  plot: ['recipe', 'experiment'],
  webview: ['recipe', 'adapter', 'messages', 'worker', 'experiment', 'plot'],
  cli: ['recipe', 'config', 'adapter', 'scan', 'export', 'experiment', 'run', 'messages', 'worker', 'plot'],
};
const ROOMS = Object.keys(MAY_IMPORT);

// Inside config/, from the text to the edits: a room may import from those before it. What is in no room here may import
// from all (read.ts, rewrite.ts, compare/).
const CONFIG_ROOMS = ['syntax', 'documents', 'trainers', 'understand', 'findings', 'plan', 'write'];

// Operations of tfjs that round or lose small numbers on WebAssembly, and what stands for each.
const REPLACED = { sign: 'signOf', tanh: 'tanhOf' };

// Packages that belong to one room alone.
const PACKAGES = {
  '^vscode$': ['extension'],
  '^@tensorflow/': ['experiment'],
  '^@vscode/webview-ui-toolkit': ['webview'],
  '^uplot': ['webview'],
  '^node:': ['cli', 'worker'],
};

const wall = (room) => [
  ...ROOMS.filter((other) => other !== room && !MAY_IMPORT[room].includes(other)).map((other) => ({
    // What begins with ./ stays in its room.
    regex: `^\\.\\./(.*/)?${other}/`,
    message: `${room}/ may not import from ${other}/ (see "Rooms" in ARCHITECTURE.md).`,
  })),
  ...Object.entries(PACKAGES)
    .filter(([, rooms]) => !rooms.includes(room))
    .map(([regex, rooms]) => ({ regex, message: `Only ${rooms.join(' and ')}/ may import this package.` })),
];

const FACTORIES = [
  ...[
    'createAdapterEditor',
    'createComparisons',
    'createInventory',
    'createPanels',
    'createPreviews',
    'createRecipesTable',
    'createRuns',
    'rankedAt',
  ],
  ...[
    'createScanner',
    'createTools',
    'keptChanges',
    'openedResults',
    'openPage',
    'panelSet',
    'planFile',
    'planWriter',
    'recipesTree',
  ],
  ...['charts', 'liveRun', 'plot', 'pointPlot', 'target'],
];

export default tseslint.config(
  // AssemblyScript has types of its own; its compiler checks them.
  { ignores: ['dist/', 'out/', '.cache/', 'node_modules/', 'coverage/', 'src/experiment/backends/kernels/assembly/'] },
  js.configs.recommended,
  {
    files: ['**/*.{ts,mts}'],
    extends: [...tseslint.configs.strict, ...tseslint.configs.stylistic],
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
    },
  },
  ...ROOMS.map((room) => ({
    files: [`src/${room}/**/*.ts`],
    rules: {
      'no-restricted-imports': ['error', { patterns: wall(room) }],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true, named: true, defaultFrom: true } }],
      'no-console': 'error',
      eqeqeq: 'error',
    },
  })),
  {
    files: ['src/{extension,webview}/**/*.ts'],
    rules: {
      // What these make is their type: `type Runs = ReturnType<typeof createRuns>`.
      '@typescript-eslint/explicit-module-boundary-types': ['error', { allowedNames: FACTORIES }],
    },
  },
  {
    // The types of the library are those of the documents that these make.
    files: ['src/messages/answers.ts'],
    rules: { '@typescript-eslint/explicit-module-boundary-types': 'off' },
  },
  {
    files: ['src/experiment/**/*.ts'],
    ignores: ['src/experiment/tensors/**', 'src/experiment/backends/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...Object.entries(REPLACED).flatMap(([name, own]) =>
          [
            `ImportSpecifier[imported.name="${name}"]`,
            `MemberExpression[object.name="tf"][property.name="${name}"]`,
          ].map((selector) => ({ selector, message: `Use ${own} of tensors/operations.ts, which says why.` })),
        ),
      ],
    },
  },
  ...CONFIG_ROOMS.map((room, at) => ({
    files: [`src/config/${room}/**/*.ts`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            ...wall('config'),
            ...CONFIG_ROOMS.slice(at + 1).map((later) => ({
              // The codes of findings are everybody's.
              regex: `^(\\.\\./)+${later}/(?!codes$)`,
              message: `config/${room}/ may not import from config/${later}/: understanding comes before findings, and both before writing.`,
            })),
          ],
        },
      ],
    },
  })),
  {
    // What runs in VS Code's extension host must also run in a browser: no Node outside of worker/node/.
    files: ['src/worker/**/*.ts'],
    ignores: ['src/worker/node/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [...wall('worker'), { regex: '^node:', message: 'Only worker/node/.' }] },
      ],
    },
  },
  {
    files: ['**/*.{mjs,cjs}'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          'process',
          'console',
          'URL',
          'fetch',
          'setTimeout',
          'clearTimeout',
          'setInterval',
          'clearInterval',
          'AbortController',
          'AbortSignal',
          'Buffer',
          'performance',
          'document',
          'window',
        ].map((name) => [name, 'readonly']),
      ),
    },
  },
);
