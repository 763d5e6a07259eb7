import { styleText } from 'node:util';

export type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow' | 'cyan';

/** Puts text into a style, or leaves it alone where nobody could see it. */
export type Paint = (style: Style, text: string) => string;

/** What a stream must tell for {@link paintFor}. */
interface Screen {
  isTTY?: boolean;
}

/**
 * Colours for a terminal; plain text for a pipe and for who asked for none.
 * @see https://no-color.org (NO_COLOR), https://force-color.org (FORCE_COLOR)
 */
export function paintFor(screen: Screen, env: Readonly<Record<string, string | undefined>>): Paint {
  const forced = env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '' && env['FORCE_COLOR'] !== '0';
  const refused = (env['NO_COLOR'] ?? '') !== '' || env['FORCE_COLOR'] === '0' || env['TERM'] === 'dumb';
  const coloured = forced || (screen.isTTY === true && !refused);
  return coloured ? (style, text) => styleText(style, text, { validateStream: false }) : (_, text) => text;
}
