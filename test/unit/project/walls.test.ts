import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../../..');

function sources(folder: string): { file: string; text: string }[] {
  return readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|css)$/.test(name))
    .map((name) => ({
      file: path.join(folder, name),
      text: readFileSync(path.join(ROOT, folder, name), 'utf8'),
    }));
}

/** Files that contain what they must not, with the line. */
function offences(files: readonly { file: string; text: string }[], pattern: RegExp): string[] {
  return files.flatMap(({ file, text }) =>
    text.split('\n').flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])),
  );
}

describe('the extension host', () => {
  const host = sources('src/extension');

  it('has sources', () => {
    expect(host.length).toBeGreaterThan(5);
  });

  it.each([
    ['file system paths, which virtual workspaces have none of', /\bfsPath\b/],
    ["Node's modules", /from '(node:|fs|path|os|child_process|worker_threads)/],
    ['other processes', /child_process/],
    ['the console instead of the log', /\bconsole\./],
    ['tfjs', /@tensorflow/],
    ['code made from text', /\b(eval|Function)\(/],
    ['webviews kept alive while hidden', /retainContextWhenHidden:\s*true/],
  ])('does not touch %s', (_what, pattern) => {
    expect(offences(host, pattern)).toEqual([]);
  });
});

describe('the page', () => {
  it('has a stylesheet that takes every colour from the theme', () => {
    const styles = [...sources('media'), ...sources('src/webview')].filter(({ file }) => file.endsWith('.css'));
    expect(styles.length).toBeGreaterThan(0);
    expect(offences(styles, /#[0-9a-f]{3,8}\b(?!.*\{)|\b(rgb|hsl)a?\(/i)).toEqual([]);
  });

  it('makes no markup from text', () => {
    expect(offences(sources('src/webview'), /\b(innerHTML|outerHTML|insertAdjacentHTML|document\.write)\b/)).toEqual(
      [],
    );
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
  const imports = new Map(
    sources('src')
      .filter(({ file }) => file.endsWith('.ts'))
      .map(({ file, text }) => [
        file,
        [...text.matchAll(/(?:from|import\() ?'(\.[^']+)'/g)].map(
          ([, to = '']) => `${path.join(path.dirname(file), to)}.ts`,
        ),
      ]),
  );

  /** The chain of imports (types included) from a file back to itself; null if there is none. */
  function wayBack(start: string): string | null {
    const from = new Map<string, string>();
    const next = [start];
    for (let file = next.pop(); file !== undefined; file = next.pop()) {
      for (const to of imports.get(file) ?? []) {
        if (to === start) return [start, ...trail(from, file)].join(' <- ');
        if (from.has(to)) continue;
        from.set(to, file);
        next.push(to);
      }
    }
    return null;
  }

  const trail = (from: ReadonlyMap<string, string>, file: string): string[] => {
    const before = from.get(file);
    return before === undefined ? [file] : [file, ...trail(from, before)];
  };

  it('have no cycles', () => {
    expect([...imports.values()].flat().length).toBeGreaterThan(2000);
    expect([...imports.keys()].flatMap((file) => wayBack(file) ?? [])).toEqual([]);
  });
});
