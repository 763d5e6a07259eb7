import type { SyntaxId, TreeSyntax } from '../reading';
import { bounded } from './bounds';
import { parseJson } from './json/json';
import type { Loader } from './loaders';
import { lineWords, type Where } from './lines';
import { parsePython } from './python/python';
import { parsePowershell } from './shell/powershell';
import { parseShell } from './shell/bash';
import { parseToml } from './toml/toml';
import type { Parsed } from './tree';
import { parseYaml } from './yaml/yaml';

const PARSERS: Readonly<Record<TreeSyntax, (text: string, options: ParseOptions) => Parsed>> = {
  yaml: (text, { loader }) => parseYaml(text, loader),
  json: (text, { loader }) => parseJson(text, loader),
  toml: (text, { loader }) => parseToml(text, loader),
  python: (text, { where = lineWords(text) }) => parsePython(text, where),
  shell: (text, { programs }) => parseShell(text, programs),
  powershell: (text, { programs }) => parsePowershell(text, programs),
};

const EXTENSIONS: readonly (readonly [SyntaxId, ...extensions: string[]])[] = [
  ['yaml', 'yaml', 'yml'],
  ['json', 'json', 'jsonc'],
  ['toml', 'toml'],
  ['python', 'py'],
  ['notebook', 'ipynb'],
  ['shell', 'sh', 'bash', 'zsh', 'slurm', 'sbatch', 'env'],
  ['powershell', 'ps1'],
];

/** Extensions of the files that can hold a config, without the dot. */
export const CONFIG_EXTENSIONS: readonly string[] = EXTENSIONS.flatMap(([, ...extensions]) => extensions);

/** The syntax of a file name, or null if no config has such a name. */
export function syntaxOf(path: string): SyntaxId | null {
  const extension = /\.([A-Za-z0-9]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
  return EXTENSIONS.find(([, ...extensions]) => extensions.includes(extension))?.[0] ?? null;
}

interface ParseOptions {
  /** What people call an offset of the text, where that is not its line. */
  where?: Where;
  /** Programs that have options of their own. */
  programs?: ReadonlySet<string>;
  /** What reads the text; unless given, what any reader takes is taken. */
  loader?: Loader | undefined;
}

/** Parse `text` as `syntax`. Never throws on bad input, or on too much of it: it comes back as `ok: false`. */
export function parseText(text: string, syntax: TreeSyntax, options: ParseOptions = {}): Parsed {
  return bounded(() => PARSERS[syntax](text, options));
}
