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

const WRITTEN = /^([-+]?)(\d[\d_]*)?(?:\.([\d_]*))?(?:([eE])([-+]?)(\d+))?$/;

/** How a number is written. */
interface Notation {
  plus: boolean;
  /** There is no digit before the dot: `.5`. */
  startsWithDot: boolean;
  /** The digits after the dot; undefined without a dot. */
  fraction: string | undefined;
  /** Digits are grouped: `1_000`. */
  grouped: boolean;
  exponent: { letter: string; sign: string; digits: string } | null;
}

function notationOf(raw: string): Notation | null {
  const [, sign, whole, fraction, letter, exponentSign = '', digits = ''] = WRITTEN.exec(raw) ?? [];
  if (sign === undefined || (whole === undefined && !fraction)) return null;
  return {
    plus: sign === '+',
    startsWithDot: whole === undefined,
    fraction,
    grouped: raw.includes('_'),
    exponent: letter === undefined ? null : { letter, sign: exponentSign, digits },
  };
}

/**
 * `value` in the notation of `raw`: `2e-4` becomes `1e-4`, `5e-05` `1e-05`, `0.0002` `0.0001`, `.5` `.25`,
 * `1_000` `2_000`. A number that does not fit the notation gets the digits it needs. If the notation is unknown, the
 * number is written as in {@link formatNumber}.
 * @param dotless whether the trainer reads `1e-4` as a number, unlike PyYAML
 */
export function formatLike(raw: string, value: number, dotless: boolean): string {
  const style = notationOf(raw);
  if (!style || !Number.isFinite(value)) return formatNumber(value, false);
  const written = style.exponent
    ? exponential(style, style.exponent, value, dotless)
    : style.fraction === undefined
      ? whole(style, value)
      : decimal(style, style.fraction, value);
  return style.plus && value >= 0 ? `+${written}` : written;
}

function exponential(
  style: Notation,
  { letter, sign, digits }: NonNullable<Notation['exponent']>,
  value: number,
  dotless: boolean,
): string {
  const [mantissa = '', power = ''] = value.toExponential().split('e');
  // A large number is easier to read without the exponent.
  if (value === 0 || (Number(power) >= 0 && sign === '-')) return formatNumber(value, true);
  const shownSign = power.startsWith('-') ? '-' : dotless ? sign.replace('-', '+') : '+';
  const shownPower = power.slice(1).padStart(digits.startsWith('0') ? digits.length : 1, '0');
  const dotted = mantissa.includes('.') || (style.fraction === undefined && dotless);
  const tail = dotted ? '' : style.fraction === '' ? '.' : '.0';
  return `${mantissa}${tail}${letter}${shownSign}${shownPower}`;
}

/** Zeros after the dot that are easy to count; more only if the file already has as many. */
const EASY_ZEROS = 5;

function decimal(style: Notation, fraction: string, value: number): string {
  const plain = plainDigits(value);
  const zeros = (digits: string): number => /^0*/.exec(digits.replaceAll('_', ''))?.[0].length ?? 0;
  const isEasy = zeros(plain.split('.')[1] ?? '') <= Math.max(EASY_ZEROS, zeros(fraction) + 1);
  if (!isEasy || Math.abs(value) >= 1e15) return formatNumber(value, true);
  if (!plain.includes('.')) return `${grouped(style, plain)}${fraction === '' ? '.' : '.0'}`;
  return style.startsWithDot ? plain.replace(/^(-?)0\./, '$1.') : grouped(style, plain);
}

function whole(style: Notation, value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e15
    ? grouped(style, plainDigits(value))
    : formatNumber(value, false);
}

/** Groups the digits before the dot by three, if the file does. */
function grouped({ grouped: isGrouped }: Notation, plain: string): string {
  if (!isGrouped) return plain;
  const [before = '', after] = plain.split('.');
  const groups = before.replace(/\d(?=(\d{3})+$)/g, '$&_');
  return after === undefined ? groups : `${groups}.${after}`;
}

/** `value` without an exponent. */
function plainDigits(value: number): string {
  const text = String(value);
  const [, sign = '', first = '', rest = '', power = ''] = /^(-?)(\d)(?:\.(\d+))?e-(\d+)$/.exec(text) ?? [];
  return power === '' ? text : `${sign}0.${'0'.repeat(Number(power) - 1)}${first}${rest}`;
}
