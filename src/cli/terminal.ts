import { paintFor, shown, unspelled, type Paint } from './output/colour';

/** Where a command writes. Results go to `out`, everything about the way there to `note`. */
export interface Terminal {
  out(text: string): void;
  /** Writes to `out` for another program: byte for byte, unless `out` is a terminal. */
  exact(text: string): void;
  note(text: string): void;
  /** Colours of `out`. */
  paint: Paint;
  /** Colours of `note`. */
  notePaint: Paint;
}

export function processTerminal(): Terminal {
  return {
    out: (text) => void process.stdout.write(shown(text)),
    exact: (text) => void process.stdout.write(process.stdout.isTTY ? shown(text) : unspelled(text)),
    note: (text) => void process.stderr.write(shown(text)),
    paint: paintFor(process.stdout, process.env),
    notePaint: paintFor(process.stderr, process.env),
  };
}

/** One JSON document. Losses that are not finite become null, which is all JSON has for them. */
export function json(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  // Hundreds of losses take one line, not hundreds. Within JSON strings there are no line ends, so none of them is touched.
  return `${text.replace(/\[\n\s+([^[\]{}"]+?)\n\s+\]/g, (_, items: string) => `[${items.replace(/\n\s+/g, ' ')}]`)}\n`;
}
