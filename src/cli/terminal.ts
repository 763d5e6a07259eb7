import { paintFor, shown, unspelled, type Paint } from './output/text';

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
