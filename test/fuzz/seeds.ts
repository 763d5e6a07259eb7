import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { SyntaxId } from '../../src/config/reading';
import { syntaxOf } from '../../src/config/syntax/parse';

/** A text to start from. */
export interface Seed {
  path: string;
  text: string;
}

/** Fixtures and examples, by syntax; those of test/fixtures/fuzz are the traps of the syntaxes themselves. `root` is the project's folder. */
export function seedsIn(root: string): ReadonlyMap<SyntaxId, readonly Seed[]> {
  const files = ['test/fixtures', 'examples'].flatMap((folder) => filesIn(join(root, folder)));
  const read = files.map((path) => ({ path, text: readFileSync(path, 'utf8') }));
  const seeds = new Map<SyntaxId, Seed[]>();
  for (const seed of read) {
    const syntax = syntaxOf(seed.path);
    if (syntax) seeds.set(syntax, [...(seeds.get(syntax) ?? []), seed]);
  }
  return seeds;
}

function filesIn(folder: string): string[] {
  return readdirSync(folder)
    .toSorted()
    .map((name) => join(folder, name))
    .flatMap((path) => (statSync(path).isDirectory() ? filesIn(path) : [path]));
}
