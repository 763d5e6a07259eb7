import type { TreeSyntax } from '../reading';
import { LOADERS, type Loader } from '../syntax/loaders';
import type { Trainer } from './trainer';

/** What a trainer reads a text of this syntax with; undefined where that is not known, or no loader's work. */
export function loaderOf({ loaders = {} }: Trainer, syntax: TreeSyntax): Loader | undefined {
  const id = syntax === 'yaml' || syntax === 'json' || syntax === 'toml' ? loaders[syntax] : undefined;
  return id && LOADERS[id];
}
