import type { SyntaxId } from '../reading';
import { parseJson } from './json';
import { parseToml } from './toml';
import type { Parsed } from './tree';
import { parseYaml } from './yaml';

const PARSERS: Readonly<Record<SyntaxId, (text: string) => Parsed>> = {
  yaml: parseYaml,
  json: parseJson,
  toml: parseToml,
};

const EXTENSIONS: Readonly<Record<string, SyntaxId>> = {
  yaml: 'yaml',
  yml: 'yaml',
  json: 'json',
  jsonc: 'json',
  toml: 'toml',
};

/** The syntax a file name promises, or null for one that is not a config's. */
export function syntaxOf(path: string): SyntaxId | null {
  const extension = /\.([A-Za-z]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
  return EXTENSIONS[extension] ?? null;
}

/** Parse `text` as `syntax`. Never throws on bad input: it comes back as `ok: false`. */
export function parseText(text: string, syntax: SyntaxId): Parsed {
  return PARSERS[syntax](text);
}
