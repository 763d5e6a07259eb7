import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import { isAbsolute, relative } from 'node:path';
import type { Paint } from './colour';
import { STDIN } from '../files/files';

/** A unified diff that `git apply` and `patch -p1` take: `a/FILE`, `b/FILE`, three lines of context. */
export function unifiedDiff(path: string, before: string, after: string): string {
  const name = nameInDiff(path);
  return createTwoFilesPatch(`a/${name}`, `b/${name}`, before, after, undefined, undefined, {
    context: 3,
    headerOptions: FILE_HEADERS_ONLY,
  });
}

/** Green for what comes, red for what goes. */
export function paintDiff(diff: string, paint: Paint): string {
  return diff
    .split('\n')
    .map((line) => {
      if (/^(---|\+\+\+) /.test(line)) return paint('bold', line);
      if (line.startsWith('@@')) return paint('cyan', line);
      if (line.startsWith('+')) return paint('green', line);
      return line.startsWith('-') ? paint('red', line) : line;
    })
    .join('\n');
}

/** From the current folder where the file lies below it, so that the diff applies from there. */
function nameInDiff(path: string): string {
  if (path === STDIN) return 'stdin';
  const name = isAbsolute(path) ? relative(process.cwd(), path) : path;
  return (name.startsWith('..') ? path : name).replaceAll('\\', '/').replace(/^(\.?\/)+/, '');
}
