import { lineAt } from '../syntax/lines';
import type { Cell } from './cells';
import { whereWords } from './document';

/** `%env NAME=value`, `%set_env NAME value`. */
const MAGIC = /^[ \t]*%(?:set_)?env[ \t]+(\w+)(?:=|[ \t]+)[ \t]*(.*?)[ \t]*$/gm;
/** `os.environ["NAME"] = "value"`. */
const ENVIRON = /^[ \t]*os\.environ\[(?:"(\w+)"|'(\w+)')\][ \t]*=[ \t]*(.*?)[ \t]*$/gm;
/** A string without interpolation. */
const PLAIN = /^[^{}$\\"']*$/;
const QUOTED = /^(?:"([^"\\]*)"|'([^'\\]*)')$/;

/** A variable that a notebook hands to the commands it runs. */
export interface Environmental {
  name: string;
  text: string;
  /** `cell 4, line 6`. */
  where: string;
}

/** The variables that a notebook's Python sets for its commands, once and to a plain text. */
export function environmentOf(cells: readonly Cell[]): ReadonlyMap<string, Environmental> {
  const found = new Map<string, Environmental>();
  const seen = new Set<string>();
  for (const { text, number } of cells) {
    for (const pattern of [MAGIC, ENVIRON]) {
      for (const match of text.matchAll(pattern)) {
        const isMagic = pattern === MAGIC;
        const name = (isMagic ? match[1] : (match[1] ?? match[2])) ?? '';
        const value = isMagic ? (match[2] ?? '') : quoted(match[3] ?? '');
        if (seen.has(name) || value === null || !PLAIN.test(value)) found.delete(name);
        else found.set(name, { name, text: value, where: whereIn(text, match, number) });
        seen.add(name);
      }
    }
  }
  return found;
}

function quoted(source: string): string | null {
  const match = QUOTED.exec(source);
  return match ? (match[1] ?? match[2] ?? '') : null;
}

function whereIn(text: string, { 0: whole, index }: RegExpExecArray, cell: number): string {
  const line = lineAt(text, index + whole.search(/\S/));
  return whereWords({ line, inCell: { cell, line } });
}
