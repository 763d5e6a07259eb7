import type { SyntaxId, TreeSyntax } from '../reading';
import { parseBatch } from './batch/batch';
import { bounded } from './bounds';
import { parseJson } from './json/json';
import { lineWords, type Where } from './lines';
import { parsePython } from './python/python';
import { parsePowershell } from './powershell/powershell';
import { parseShell } from './shell/shell';
import { parseToml } from './toml/toml';
import type { Parsed } from './tree';
import { parseYaml } from './yaml/yaml';
import { under } from './table';

const PARSERS: Readonly<Record<TreeSyntax, (text: string, where: Where, programs?: ReadonlySet<string>) => Parsed>> = {
  yaml: parseYaml,
  json: parseJson,
  toml: parseToml,
  python: parsePython,
  shell: (text, _, programs) => parseShell(text, programs),
  batch: (text, _, programs) => parseBatch(text, programs),
  powershell: (text, _, programs) => parsePowershell(text, programs),
};

const EXTENSIONS: Readonly<Record<string, SyntaxId>> = {
  yaml: 'yaml',
  yml: 'yaml',
  json: 'json',
  jsonc: 'json',
  toml: 'toml',
  py: 'python',
  ipynb: 'notebook',
  sh: 'shell',
  bash: 'shell',
  zsh: 'shell',
  slurm: 'shell',
  sbatch: 'shell',
  env: 'shell',
  bat: 'batch',
  cmd: 'batch',
  ps1: 'powershell',
};

/** Extensions of the files that can hold a config, without the dot. */
export const CONFIG_EXTENSIONS: readonly string[] = Object.keys(EXTENSIONS);

/** The syntax of a file name, or null if no config has such a name. */
export function syntaxOf(path: string): SyntaxId | null {
  const extension = /\.([A-Za-z0-9]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
  return under(EXTENSIONS, extension) ?? null;
}

/**
 * Parse `text` as `syntax`. Never throws: bad or too large input returns `ok: false`.
 * @param where words for an offset of the text; `line 12` by default
 */
export function parseText(
  text: string,
  syntax: TreeSyntax,
  where: Where = lineWords(text),
  programs?: ReadonlySet<string>,
): Parsed {
  return bounded(() => PARSERS[syntax](text, where, programs));
}
