import type { TomlSource } from './source';

const TIME = String.raw`(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?`;
const DATE = new RegExp(
  String.raw`\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:[Tt ]${TIME}(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)?)?`,
  'y',
);
const LOCAL_TIME = new RegExp(TIME, 'y');
const OTHER_BASE = /0(?:x[\dA-Fa-f](?:_?[\dA-Fa-f])*|b[01](?:_?[01])*|o[0-7](?:_?[0-7])*)/y;
const NUMBER = /[+-]?(?:0|[1-9](?:_?\d)*)(?:\.\d(?:_?\d)*)?(?:[eE][+-]?\d(?:_?\d)*)?/y;
const SPECIAL = /[+-]?(?:inf|nan)/y;

/** Python makes no number of more digits. */
const MAX_DIGITS = 4300;

/** A value without quotes or brackets: a switch, a number, or a date, which stays text. */
export function bareValueAt(source: TomlSource): boolean | number | string | null {
  if (source.match(/true/y) !== null) return true;
  if (source.match(/false/y) !== null) return false;
  const start = source.at;
  const date = source.match(DATE);
  if (date !== null) {
    if (!isDay(date)) source.stop('Invalid date or datetime', start);
    return date;
  }
  const time = source.match(LOCAL_TIME);
  if (time !== null) return time;
  const base = source.match(OTHER_BASE);
  if (base !== null) return Number(base.replaceAll('_', ''));
  const number = source.match(NUMBER);
  if (number !== null) {
    const digits = number.replaceAll('_', '').replace(/^[+-]/, '');
    if (digits.length > MAX_DIGITS && /^\d+$/.test(digits)) {
      source.stop(`Exceeds the limit (${MAX_DIGITS} digits) for integer string conversion`, start);
    }
    return Number(number.replaceAll('_', ''));
  }
  const special = source.match(SPECIAL);
  if (special === null) return null;
  if (special.endsWith('nan')) return Number.NaN;
  return special.startsWith('-') ? -Infinity : Infinity;
}

function isDay(date: string): boolean {
  const [year = 0, month = 0, day = 0] = date.slice(0, 10).split('-').map(Number);
  return year > 0 && day <= new Date(Date.UTC(year + 2000, month, 0)).getUTCDate();
}
