import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { visible } from '../config/visible';

export type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow' | 'cyan';

/** Puts text into a style, or leaves it alone where nobody could see it. */
export type Paint = (style: Style, text: string) => string;

/** What a stream must tell for {@link paintFor}. */
interface Screen {
  isTTY?: boolean;
}

/** Stands for a colour until it is shown. No file can hold it, so no file can paint. */
const MARK = `\u0001${randomBytes(12).toString('hex')}:`;
const MARKS = new RegExp(`${MARK}(\\d+);`);

/**
 * Colours for a terminal; plain text for a pipe and for who asked for none. The text has to go through {@link shown}.
 * @see https://no-color.org (NO_COLOR), https://force-color.org (FORCE_COLOR)
 */
export function paintFor(screen: Screen, env: Readonly<Record<string, string | undefined>>): Paint {
  const forced = env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '' && env['FORCE_COLOR'] !== '0';
  const refused = (env['NO_COLOR'] ?? '') !== '' || env['FORCE_COLOR'] === '0' || env['TERM'] === 'dumb';
  const coloured = forced || (screen.isTTY === true && !refused);
  if (!coloured) return (_, text) => text;
  return (style, text) => {
    const [on, off] = inspect.colors[style] ?? [0, 0];
    return `${MARK}${on};${text}${MARK}${off};`;
  };
}

/** What is written to the screen: our own colours, and of everything else what can be seen. */
export function shown(text: string, spell = visible): string {
  return text
    .split(MARKS)
    .map((part, i) => (i % 2 === 0 ? spell(part) : `\u001b[${part}m`))
    .join('');
}

/** Our own colours, and everything else as it is. */
export function unspelled(text: string): string {
  return shown(text, (part) => part);
}

/** Without colours. */
export function unpainted(text: string): string {
  return text
    .split(MARKS)
    .filter((_, i) => i % 2 === 0)
    .join('');
}
