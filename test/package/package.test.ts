import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { listFiles, PackageManager } from '@vscode/vsce';
import { beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_BASES } from '../../scripts/bases/default-bases';
import { baseKey } from '../../src/experiment/training/pretrained';
import type { Reading } from '../../src/config/reading';
import { nodeReader } from '../../src/worker/node/reader';
import { shareStrings } from '../../src/worker/node/thread';
import { withoutFiles } from '../../scripts/packed-readme.mjs';
import { CACHE, DIST, ROOT, VSIX } from '../../scripts/paths.mjs';

interface Metafile {
  inputs: Record<string, { imports: { path: string; external?: boolean }[] }>;
  outputs: Record<string, { bytes: number; imports: { path: string; external?: boolean }[] }>;
}

function metafile(bundle: string): Metafile {
  return JSON.parse(readFileSync(path.join(DIST, `${bundle}.meta.json`), 'utf8')) as Metafile;
}

/** What a bundle asks its platform for. */
function externals(bundle: string): string[] {
  const outputs = Object.values(metafile(bundle).outputs);
  const names = outputs.flatMap(({ imports }) => imports.filter(({ external }) => external).map((each) => each.path));
  return [...new Set(names)].sort();
}

const picturesIn = (markdown: string): (string | undefined)[] =>
  [...markdown.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map(([, address]) => address);

const inDist = (file: string): string => `dist/${file}`;
const size = (bundle: string): number => statSync(path.join(DIST, `${bundle}.js`)).size;

describe('the packed extension', () => {
  let files: string[];
  beforeAll(async () => {
    files = await listFiles({ cwd: ROOT, packageManager: PackageManager.None });
  });

  it('holds what runs and what the marketplace shows, and nothing else', () => {
    expect(files.filter((file) => !/^(media\/walkthrough|examples|dist\/recorder)\//.test(file)).sort()).toEqual(
      [
        ...[
          'CHANGELOG.md',
          'LICENSE',
          'README.md',
          'SUPPORT.md',
          'package.json',
          'package.nls.de.json',
          'package.nls.json',
        ],
        ...['ThirdPartyNotices.txt', 'extension-web.js', 'extension.js', 'node-core.js', 'panel.css', 'pages.js'].map(
          inDist,
        ),
        ...['reader-node.js', 'tfjs-backend-wasm-simd.wasm', 'worker-node.js', 'worker-web.js'].map(inDist),
        ...['mcp-node.js', 'reading.js', ...[2, 3, 4, 5, 6, 7, 8].map((part) => `reading-${part}.js`)].map(inDist),
        'skills/lora-alpha/SKILL.md',
        ...['docs/findings.de.md', 'docs/findings.md', 'docs/optimizers.md'],
        ...['l10n/bundle.l10n.de.json', 'media/icon.png', 'media/recipes.svg'],
      ].sort(),
    );
  });

  it('has the recorder of runs, and no cache of Python', () => {
    const recorder = files.filter((file) => file.startsWith('dist/recorder/'));
    expect(recorder).toContain('dist/recorder/sitecustomize.py');
    expect(recorder.filter((file) => !file.endsWith('.py'))).toEqual([]);
  });

  it.each(['worker-node', 'worker-web'])('has the bases of default checks in %s', (worker) => {
    const text = readFileSync(path.join(DIST, `${worker}.js`), 'utf8');
    expect(DEFAULT_BASES.map((spec) => text.includes(baseKey(spec)))).toEqual(DEFAULT_BASES.map(() => true));
  });

  it('has the licence of every bundled package, and of no other package', () => {
    const notices = readFileSync(path.join(DIST, 'ThirdPartyNotices.txt'), 'utf8');
    const bundled = [...notices.matchAll(/^(\S+) \d\S* \((\S+)\)$/gm)].map(([, name, licence]) => [name, licence]);
    expect(new Set(bundled.map(([, licence]) => licence))).toEqual(
      new Set(['MIT', 'ISC', '0BSD', 'BSD-3-Clause', 'Apache-2.0']),
    );
    const inputs = ['worker-node', 'worker-web', 'pages', 'node-core', 'mcp-node', 'cli'].flatMap((bundle) =>
      Object.keys(metafile(bundle).inputs),
    );
    const packages = inputs.flatMap((input) => /^.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1] ?? []);
    expect(bundled.map(([name]) => name)).toEqual(expect.arrayContaining([...new Set(packages)]));
    expect(packages).not.toEqual(expect.arrayContaining([expect.stringMatching(/^(node-fetch|whatwg-url|tr46)$/)]));
  });

  it('has every picture of the walkthrough, and the sample workspace', () => {
    const manifest = readFileSync(path.join(ROOT, 'package.json'), 'utf8');
    const pictures = [...manifest.matchAll(/"(media\/walkthrough\/[^"]+)"/g)].map(([, file]) => file);
    expect(new Set(pictures).size).toBe(6);
    expect(files).toEqual(expect.arrayContaining(pictures));
    expect(files).toEqual(expect.arrayContaining(['examples/README.md', 'examples/axolotl-llama3.yml']));
  });

  it('has only pictures and links in its README that the editor and the marketplace can follow: https addresses', () => {
    const readme = readFileSync(path.join(CACHE, 'package', 'README.md'), 'utf8');
    expect(picturesIn(readme).filter((address = '') => !/^https:\/\/.*\.(webp|png|gif)$/.test(address))).toEqual([]);
    const links = [...readme.matchAll(/\]\(([^)\s]+)\)/g)].map(([, address = '']) => address);
    expect(links.filter((address) => !/^(https:|#)/.test(address))).toEqual([]);
    const source = readFileSync(path.join(ROOT, 'README.md'), 'utf8');
    expect(picturesIn(source).length).toBeGreaterThan(2);
    for (const file of picturesIn(source)) expect(existsSync(path.join(ROOT, file ?? '')), file).toBe(true);
    expect(withoutFiles('One.\n\n![a](b.webp)\n\n![c](https://d/e.png)\n\n[Two](docs/two.md), [3](https://f).\n')).toBe(
      'One.\n\n![c](https://d/e.png)\n\nTwo, [3](https://f).\n',
    );
  });

  it('is under 1.8 MB', () => {
    expect(statSync(VSIX).size).toBeLessThan(1_800_000);
  });
});

/** Five parsers (those of YAML, TOML and JSON: 150 kB), thirty trainers and the keys they know, loaded only when a text may be a LoRA config. */
const MOST_FOR_CONFIGS = 1_250_000;

describe('the host', () => {
  it('loads next to nothing when it activates, and under 1,250 kB for a LoRA config', () => {
    expect(size('extension')).toBeLessThan(10_500);
    const loaded = Object.keys(metafile('node-core').outputs).map((file) => path.basename(file, '.js'));
    expect(loaded).toContain('reading');
    expect(loaded).not.toContain('mcp-node');
    expect(loaded.reduce((sum, part) => sum + size(part), 0)).toBeLessThan(MOST_FOR_CONFIGS);
  });

  it.each(['extension', 'node-core', 'extension-web'])('holds no tfjs in %s', (bundle) => {
    const inputs = Object.keys(metafile(bundle).inputs);
    expect(inputs).toContain(`src/extension/${bundle === 'node-core' ? 'features' : 'activate'}.ts`);
    expect(inputs.filter((input) => input.includes('@tensorflow'))).toEqual([]);
  });

  it('asks for the editor, for threads and how many there can be, not for the disk or other processes', () => {
    const allowed = ['vscode', 'worker_threads', 'node:worker_threads', 'node:os'];
    expect(externals('extension').filter((name) => name !== './node-core' && !allowed.includes(name))).toEqual([]);
    expect(externals('node-core').filter((name) => !allowed.includes(name))).toEqual([]);
  });
});

describe('the threads of the host', () => {
  it.each(['reader-node', 'worker-node'])('%s starts no other process, and asks for no network', (bundle) => {
    const names = externals(bundle).map((name) => name.replace('node:', ''));
    expect(names).toContain('worker_threads');
    expect(names.filter((name) => /^(child_process|cluster|https?2?|net|tls|dgram|dns|vm)$/.test(name))).toEqual([]);
  });
});

describe('the reading thread', () => {
  it('has the strings of the editor’s language before a file makes one of them', async () => {
    const english = 'This file nests maps and lists more than {0} levels deep, so LoRA Alpha does not read it.';
    shareStrings({ [english]: 'Tiefer als {0}.' });
    const reader = nodeReader({ threadPath: path.join(DIST, 'reader-node.js') });
    const text = `{"lora_alpha": ${'['.repeat(300)}${']'.repeat(300)}}`;
    const asked = { id: 'reading', asked: undefined, text: { text, path: 'a.json', hasWeights: false }, beside: null };
    const { findings } = (await reader.ask?.(asked)) as Reading;
    expect(findings.map(({ message }) => message)).toEqual(['Tiefer als 200.']);
    reader.dispose();
    shareStrings(undefined);
  });
});

describe('the bundle for browsers', () => {
  it('is under 1,150 kB and imports only vscode', () => {
    expect(size('extension-web')).toBeLessThan(MOST_FOR_CONFIGS);
    expect(externals('extension-web')).toEqual(['vscode']);
  });

  it('has a script and a style sheet that can stand in a page', () => {
    const holds = (file: string, pattern: RegExp): boolean => pattern.test(readFileSync(path.join(DIST, file), 'utf8'));
    expect(holds('pages.js', /<\/?script/i)).toBe(false);
    expect(holds('panel.css', /<\/style/i)).toBe(false);
  });

  it.each(['pages', 'worker-web'])('%s is one file, which asks for nothing', (bundle) => {
    const { outputs } = metafile(bundle);
    expect(Object.keys(outputs).filter((file) => !file.endsWith('.map'))).toHaveLength(1);
    expect(externals(bundle)).toEqual([]);
  });
});
