/**
 * `value` in a notation that every parser of YAML, JSON, TOML and Python reads as a number.
 * Small numbers get a dot and a signed exponent (`1.0e-4`), because PyYAML reads `1e-4` as a string.
 * @param float write `2.0`, not `2`
 */
export function formatNumber(value: number, float: boolean): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e15)) {
    const [mantissa = '', exponent = ''] = value.toExponential().split('e');
    return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}e${exponent}`;
  }
  const plain = String(value);
  return float && !plain.includes('.') ? `${plain}.0` : plain;
}

const WRITTEN =
  /^(?<sign>[-+]?)(?<whole>\d[\d_]*)?(?:\.(?<fraction>[\d_]*))?(?:(?<e>[eE])(?<minus>[-+]?)(?<power>\d+))?$/;

/** How a number is written; what it does not have is undefined: the digits before a dot, a dot and the digits behind it. */
type Notation = Partial<Record<'sign' | 'whole' | 'fraction' | 'e' | 'minus' | 'power', string>>;

/**
 * `value` in the notation of `raw`: `2e-4` becomes `1e-4`, `5e-05` `1e-05`, `0.0002` `0.0001`, `.5` `.25`,
 * `1_000` `2_000`. A number that does not fit the notation gets the digits it needs. If the notation is unknown, the
 * number is written as in {@link formatNumber}.
 * @param dotless whether the trainer reads `1e-4` as a number, unlike PyYAML
 */
export function formatLike(raw: string, value: number, dotless: boolean): string {
  const style: Notation | undefined = WRITTEN.exec(raw)?.groups;
  if (!style || (style.whole === undefined && !style.fraction) || !Number.isFinite(value)) {
    return formatNumber(value, false);
  }
  const written = style.e !== undefined ? exponential(style, value, dotless) : plain(style, value, raw.includes('_'));
  return style.sign === '+' && value >= 0 ? `+${written}` : written;
}

function exponential(
  { fraction, e = '', minus = '', power: old = '' }: Notation,
  value: number,
  dotless: boolean,
): string {
  const [mantissa = '', power = ''] = value.toExponential().split('e');
  // A large number is easier to read without the exponent.
  if (value === 0 || (Number(power) >= 0 && minus === '-')) return formatNumber(value, true);
  const sign = power.startsWith('-') ? '-' : dotless ? minus.replace('-', '+') : '+';
  const digits = power.slice(1).padStart(old.startsWith('0') ? old.length : 1, '0');
  const isDotted = mantissa.includes('.') || (fraction === undefined && dotless);
  return `${mantissa}${isDotted ? '' : fraction === '' ? '.' : '.0'}${e}${sign}${digits}`;
}

/** Zeros after the dot that are easy to count; more only if the file already has as many. */
const EASY_ZEROS = 5;
const zerosIn = (digits: string): number => /^0*/.exec(digits.replaceAll('_', ''))?.[0].length ?? 0;

/** A number without exponent. @param isGrouped whether the digits before the dot are grouped by three */
function plain({ whole, fraction }: Notation, value: number, isGrouped: boolean): string {
  const [before = '', after] = plainDigits(value).split('.');
  const isFitting =
    fraction === undefined ? after === undefined : zerosIn(after ?? '') <= Math.max(EASY_ZEROS, zerosIn(fraction) + 1);
  if (!isFitting || Math.abs(value) >= 1e15) return formatNumber(value, fraction !== undefined);
  const shown = isGrouped ? before.replace(/\d(?=(\d{3})+$)/g, '$&_') : before;
  if (fraction === undefined) return shown;
  if (after === undefined) return `${shown}${fraction === '' ? '.' : '.0'}`;
  return `${whole === undefined ? shown.replace(/^(-?)0$/, '$1') : shown}.${after}`;
}

function plainDigits(value: number): string {
  const text = String(value);
  const [, sign = '', first = '', rest = '', power = ''] = /^(-?)(\d)(?:\.(\d+))?e-(\d+)$/.exec(text) ?? [];
  return power === '' ? text : `${sign}0.${'0'.repeat(Number(power) - 1)}${first}${rest}`;
}
