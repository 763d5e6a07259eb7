import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../../..');

function sources(folder: string): { file: string; text: string }[] {
  return readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|css)$/.test(name))
    .map((name) => path.join(folder, name))
    .map((file) => ({ file, text: readFileSync(path.join(ROOT, file), 'utf8') }));
}

/** Files that contain what they must not, with the line. */
function offences(files: readonly { file: string; text: string }[], pattern: RegExp): string[] {
  return files.flatMap(({ file, text }) =>
    text.split('\n').flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])),
  );
}

describe('the extension host', () => {
  const host = sources('src/extension');

  it.each([
    ['file system paths, which virtual workspaces have none of', /\bfsPath\b/],
    ["Node's modules", /from '(node:|fs|path|os|child_process|worker_threads)/],
    ['other processes', /child_process/],
    ['the console instead of the log', /\bconsole\./],
    ['tfjs', /@tensorflow/],
    ['code made from text', /\b(eval|Function)\(/],
    ['webviews kept alive while hidden', /retainContextWhenHidden:\s*true/],
    ['the network, for telemetry or anything else', /\b(fetch|XMLHttpRequest|WebSocket|createTelemetryLogger)\b/],
    ['random numbers that can be guessed, of which nonces may not be made', /\bMath\.random\b/],
    ['colours of its own, in the status bar or elsewhere', /\b(backgroundColor|ThemeColor)\b|\bitem\.color\b/],
  ])('does not touch %s', (_what, pattern) => {
    // Programs are run for files on the disk alone.
    const isAllowed = (file: string): boolean =>
      pattern.source.includes('fsPath') && /(export-check|own-run\/program|tool\/mcp-server)\.ts$/.test(file);
    expect(host.length).toBeGreaterThan(5);
    expect(
      offences(
        host.filter(({ file }) => !isAllowed(file)),
        pattern,
      ),
    ).toEqual([]);
  });

  const matches = (pattern: RegExp): string[] => host.flatMap(({ text }) => text.match(pattern) ?? []);

  it('provides nothing of a text that changed, or that nobody waits for: providers ask through askFor', () => {
    const isOther = (file: string): boolean => /\/(scan|tool)\//.test(file);
    const providers = host.filter(({ file, text }) => !isOther(file) && text.includes(': vscode.CancellationToken'));
    expect(providers.length).toBeGreaterThan(2);
    const asking = offences(providers, /\bask\(|\b(readingOf|sourceOf)\(/);
    expect(asking.filter((line) => !line.includes('read-document.ts'))).toEqual([]);
  });

  it('has one item in the status bar, and one log', () => {
    expect(matches(/createStatusBarItem\(/g)).toHaveLength(1);
    expect(matches(/createOutputChannel\(.*/g)).toEqual([expect.stringContaining('{ log: true }')]);
  });

  it('lets a page load its own folders alone, new or restored', () => {
    expect(matches(/localResourceRoots = .*/g)).toEqual([expect.stringContaining("['dist', 'media'].map(")]);
    expect(matches(/createWebviewPanel\([^;]*;/g)).toEqual([expect.stringContaining('pageOptions(')]);
    expect(matches(/webview\.options = pageOptions\(/g)).toHaveLength(1);
  });

  it('sends no message that nobody asked for: what reads, follows, trains or draws does not', () => {
    const quiet =
      /(diagnostics|hover|lens|recipes|scan|table)\/|\/(follow|planned-file|opened-results|runs?|panels)\.ts$/;
    const silent = host.filter(({ file }) => quiet.test(file));
    expect(silent.length).toBeGreaterThan(15);
    expect(offences(silent, /\bshow(Information|Warning|Error)Message\b/)).toEqual([]);
  });
});

describe('the page', () => {
  it('has a stylesheet that takes every colour from the theme', () => {
    const styles = [...sources('media'), ...sources('src/webview')].filter(({ file }) => file.endsWith('.css'));
    expect(styles.length).toBeGreaterThan(0);
    const colour = /#[0-9a-f]{3,8}\b(?!.*\{)|\b(rgb|hsl)a?\(|:\s*(white|black|red|green|blue|gr[ae]y|orange|yellow)\b/i;
    expect(offences(styles, colour)).toEqual([]);
    expect(offences(sources('src/webview'), /['"`]#[0-9a-f]{3,8}['"`]|\b(rgb|hsl)a?\(/i)).toEqual([]);
  });

  it('stands still for whoever asked for that in the editor or the system', () => {
    const styles = sources('media').map(({ text }) => text);
    expect(styles.filter((text) => /\b(transition|animation):/.test(text)).length).toBeGreaterThan(1);
    for (const asked of ['body.vscode-reduce-motion', '@media (prefers-reduced-motion: reduce)']) {
      const still = styles
        .map((text) => text.split(asked)[1] ?? '')
        .join('')
        .slice(0, 200);
      expect(still, asked).toMatch(/transition: none !important;\s+animation: none !important;/);
    }
  });

  it('makes no markup from text', () => {
    const markup = /\b(innerHTML|outerHTML|insertAdjacentHTML|document\.write)\b/;
    expect(offences(sources('src/webview'), markup)).toEqual([]);
  });
});

describe('every source', () => {
  const all = sources('src');

  it('is at most 300 lines', () => {
    expect(all.filter(({ text }) => text.split('\n').length > 301).map(({ file }) => file)).toEqual([]);
  });

  it('names no folder of the machine it was written on', () => {
    expect(offences(all, /\/(home|Users|work|tmp)\/\w/)).toEqual([]);
  });
});

describe('imports', () => {
  /** The files that a file imports, types included. */
  const imports = new Map(
    sources('src')
      .filter(({ file }) => file.endsWith('.ts'))
      .map(({ file, text }) => {
        const targets = [...text.matchAll(/(?:from|import\() ?'(\.[^']+)'/g)];
        return [file, targets.map(([, to = '']) => `${path.join(path.dirname(file), to)}.ts`)];
      }),
  );

  /** Folders of trainers/ for what several trainers have in common; each may import those before it. */
  const FAMILIES = ['shared', 'hugging-face', 'peft', 'megatron', 'python'];

  it('of a trainer lead to its own folder and to families, never to another trainer', () => {
    /** The folder of trainers/ that a file is in, and its name there. */
    const placeOf = (file: string): string[] => /^src\/config\/trainers\/([^/]+)\/(.+)$/.exec(file)?.slice(1) ?? [];
    const across = [...imports].flatMap(([file, targets]) => {
      const [folder, name] = placeOf(file);
      const others = targets.map((to) => ({ folder, name, to, place: placeOf(to) }));
      return folder ? others.filter(({ place: [other = folder] }) => other !== folder) : [];
    });
    expect(across.length).toBeGreaterThan(150);
    const wrong = across.filter(({ folder = '', name, place: [other = '', target] }) => {
      // PEFT itself is a trainer too, whose index.ts reads scripts.
      const isFamily = FAMILIES.includes(folder) && name !== 'index.ts';
      const isLater = isFamily && FAMILIES.indexOf(other) > FAMILIES.indexOf(folder);
      return !FAMILIES.includes(other) || target === 'index.ts' || isLater;
    });
    expect(wrong).toEqual([]);
  });

  it('have no cycles', () => {
    expect([...imports.values()].flat().length).toBeGreaterThan(2000);
    const done = new Set<string>();
    const cycles: string[] = [];
    const visit = (file: string, way: readonly string[]): void => {
      if (way.includes(file)) cycles.push([...way.slice(way.indexOf(file)), file].join(' -> '));
      else if (!done.has(file)) for (const to of imports.get(file) ?? []) visit(to, [...way, file]);
      done.add(file);
    };
    for (const file of imports.keys()) visit(file, []);
    expect(cycles).toEqual([]);
  });
});
