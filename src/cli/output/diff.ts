import { isAbsolute, relative } from 'node:path';
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import { STDIN } from '../files/files';
import { paint, type Style } from './text';

/** A unified diff that `git apply` and `patch -p1` take: `a/FILE`, `b/FILE`, three lines of context. */
export function unifiedDiff(path: string, before: string, after: string): string {
  const name = nameInDiff(path);
  const options = { context: 3, headerOptions: FILE_HEADERS_ONLY };
  return createTwoFilesPatch(`a/${name}`, `b/${name}`, before, after, undefined, undefined, options);
}

const STYLES: readonly (readonly [RegExp, Style])[] = [
  [/^(---|\+\+\+) /, 'bold'],
  [/^@@/, 'cyan'],
  [/^\+/, 'green'],
  [/^-/, 'red'],
];

/** Green for what comes, red for what goes. */
export function paintDiff(diff: string): string {
  const painted = diff.split('\n').map((line) => {
    const [, style] = STYLES.find(([pattern]) => pattern.test(line)) ?? [];
    return style ? paint(style, line) : line;
  });
  return painted.join('\n');
}

/** From the current folder where the file lies below it, so that the diff applies from there. */
function nameInDiff(path: string): string {
  if (path === STDIN) return 'stdin';
  const name = isAbsolute(path) ? relative(process.cwd(), path) : path;
  return (name.startsWith('..') ? path : name).replaceAll(/\\|[\r\n]+/g, '/').replace(/^(\.?\/)+/, '');
}
