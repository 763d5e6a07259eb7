import type { Dtype } from '../adapter';

/** Types whose numbers are read and written here. */
export type Float = 'F32' | 'F16' | 'BF16';

export const FLOATS: readonly Dtype[] = ['F32', 'F16', 'BF16'] satisfies readonly Float[];
export const isFloat = (dtype: Dtype): dtype is Float => FLOATS.includes(dtype);
/** Of any type: the name of each has them. */
export const bitsOf = (dtype: Dtype): number => Number(/\d+/.exec(dtype)?.[0] ?? 8);
export const bytesPer = (dtype: Float): 2 | 4 => (dtype === 'F32' ? 4 : 2);

const word = new Float32Array(1);
const bits = new Uint32Array(word.buffer);

/** The value of a 16-bit pattern. */
function float16(pattern: number): number {
  const [exponent, fraction] = [(pattern >> 10) & 31, pattern & 1023];
  const sign = pattern & 0x8000 ? -1 : 1;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}

function bfloat16(pattern: number): number {
  bits[0] = pattern << 16;
  return word[0] ?? 0;
}

/** Every value of a 16-bit type, by its pattern: read once, looked up after that. */
const values = new Map<Float, Float32Array>();
function valuesOf(dtype: 'F16' | 'BF16'): Float32Array {
  const known = values.get(dtype);
  if (known) return known;
  const made = Float32Array.from({ length: 65536 }, (_, pattern) =>
    dtype === 'F16' ? float16(pattern) : bfloat16(pattern),
  );
  values.set(dtype, made);
  return made;
}

/** Significant bits, and the exponent of the smallest number. */
const GRIDS: Readonly<Record<Float, readonly [significant: number, least: number]>> = {
  F32: [24, -149],
  F16: [11, -24],
  BF16: [8, -133],
};
const MOST: Readonly<Record<Float, number>> = { F32: 3.4028234663852886e38, F16: 65504, BF16: 3.3895313892515355e38 };

/**
 * The number of a type that is nearest to `value`, ties to the even one, as IEEE 754 rounds: once, from float64.
 * Beyond the largest number it is infinite.
 */
export function rounded(value: number, dtype: Float): number {
  if (dtype === 'F32') return Math.fround(value);
  if (!Number.isFinite(value) || value === 0) return value;
  const [significant, least] = GRIDS[dtype];
  // The exponent by the bits of the float64, as log2 may round up to the next whole number.
  const exponent = exponentOf(value);
  const step = 2 ** Math.max(exponent - significant + 1, least);
  const steps = value / step;
  const floor = Math.floor(steps);
  const rest = steps - floor;
  const whole = rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor;
  const near = whole === 0 && value < 0 ? -0 : whole * step;
  return Math.abs(near) > MOST[dtype] ? Math.sign(near) * Infinity : near;
}

const double = new Float64Array(1);
const halves = new Uint32Array(double.buffer);
function exponentOf(value: number): number {
  double[0] = value;
  const biased = ((halves[1] ?? 0) >>> 20) & 2047;
  return biased === 0 ? -1074 : biased - 1023;
}

/** The pattern of a number that the type has. */
function patternOf(value: number, dtype: 'F16' | 'BF16'): number {
  word[0] = value;
  const pattern = bits[0] ?? 0;
  if (dtype === 'BF16') return Number.isNaN(value) ? 0x7fc0 : pattern >>> 16;
  const sign = (pattern >>> 16) & 0x8000;
  if (Number.isNaN(value)) return 0x7e00;
  const size = Math.abs(value);
  if (size > MOST.F16) return sign | 0x7c00;
  if (size < 2 ** -14) return sign | (size * 2 ** 24);
  return sign | ((((pattern >>> 23) & 255) - 112) << 10) | ((pattern >>> 13) & 1023);
}

/** The numbers of a tensor. */
export function numbersOf(bytes: Uint8Array, dtype: Float): Float32Array {
  const { buffer, byteOffset, length } = aligned(bytes, bytesPer(dtype));
  if (dtype === 'F32') return new Float32Array(buffer, byteOffset, length / 4);
  const table = valuesOf(dtype);
  const patterns = new Uint16Array(buffer, byteOffset, length / 2);
  const numbers = new Float32Array(patterns.length);
  for (let i = 0; i < patterns.length; i++) numbers[i] = table[patterns[i] ?? 0] ?? 0;
  return numbers;
}

/** Typed arrays need an offset that is a multiple of their numbers' size. */
const aligned = (bytes: Uint8Array, size: number): Uint8Array =>
  bytes.byteOffset % size === 0 ? bytes : bytes.slice();

/** What rounding did to the numbers of a tensor. */
export interface Rounding {
  /** Numbers that are not kept. */
  changed: number;
  /** Of these: finite ones that became infinite. */
  overflowed: number;
  /** Of these: numbers below the smallest normal one of the type, where digits are lost, or all of it. */
  underflowed: number;
}

export const noRounding = (): Rounding => ({ changed: 0, overflowed: 0, underflowed: 0 });

const NORMAL: Readonly<Record<Float, number>> = { F32: 2 ** -126, F16: 2 ** -14, BF16: 2 ** -126 };

/** Bits of {@link Rounding} for one number. */
function whatHappened(exact: number, near: number, to: Float): number {
  if (near === exact || Number.isNaN(exact)) return 0;
  return 1 | (Number.isFinite(near) ? 0 : 2) | (Math.abs(exact) < NORMAL[to] ? 4 : 0);
}

function note(rounding: Rounding, what: number): void {
  if (what !== 0) rounding.changed++;
  if (what & 2) rounding.overflowed++;
  if (what & 4) rounding.underflowed++;
}

/** Numbers as bytes of a type, each times `factor`, rounded once. */
export function bytesFrom(
  numbers: Float32Array | Float64Array,
  factor: number,
  to: Float,
  rounding: Rounding,
): Uint8Array {
  const made = to === 'F32' ? new Float32Array(numbers.length) : new Uint16Array(numbers.length);
  for (let i = 0; i < numbers.length; i++) {
    const exact = (numbers[i] ?? 0) * factor;
    word[0] = exact;
    const pattern = bits[0] ?? 0;
    if (to === 'BF16' && word[0] === exact) {
      // A float32 has the bits of a bfloat16 and sixteen more: half of the last one is added, and ties go to the even.
      const near = (pattern + 0x7fff + ((pattern >>> 16) & 1)) >>> 16;
      made[i] = near;
      if ((near << 16) >>> 0 !== pattern) note(rounding, whatHappened(exact, bfloat16(near), to));
      continue;
    }
    const near = to === 'F32' ? word[0] : rounded(exact, to);
    made[i] = to === 'F32' ? near : patternOf(near, to);
    if (near !== exact) note(rounding, whatHappened(exact, near, to));
  }
  return new Uint8Array(made.buffer);
}

/** For each 16-bit pattern of one type: its pattern in another, times a factor, and what rounding does. */
interface Table {
  patterns: Uint16Array;
  happened: Uint8Array;
}
const tables = new Map<string, Table>();
function tableOf(from: 'F16' | 'BF16', to: 'F16' | 'BF16', factor: number): Table {
  const name = `${from} ${to} ${factor}`;
  const known = tables.get(name);
  if (known) return known;
  const made: Table = { patterns: new Uint16Array(65536), happened: new Uint8Array(65536) };
  valuesOf(from).forEach((value, pattern) => {
    const exact = value * factor;
    const near = rounded(exact, to);
    made.patterns[pattern] = patternOf(near, to);
    made.happened[pattern] = whatHappened(exact, near, to);
  });
  if (tables.size > 64) tables.clear();
  tables.set(name, made);
  return made;
}

/**
 * The bytes of a tensor in another type, each number times `factor` and rounded once. A 16-bit type has only 65,536
 * numbers, so each is computed once and looked up after that.
 */
export function converted(bytes: Uint8Array, from: Float, to: Float, factor: number, rounding: Rounding): Uint8Array {
  if (from === to && factor === 1) return bytes;
  if (from === 'F32' || to === 'F32') return bytesFrom(numbersOf(bytes, from), factor, to, rounding);
  const { patterns, happened } = tableOf(from, to, factor);
  const { buffer, byteOffset, length } = aligned(bytes, 2);
  const before = new Uint16Array(buffer, byteOffset, length / 2);
  const after = new Uint16Array(before.length);
  for (let i = 0; i < before.length; i++) {
    const pattern = before[i] ?? 0;
    after[i] = patterns[pattern] ?? 0;
    note(rounding, happened[pattern] ?? 0);
  }
  return new Uint8Array(after.buffer);
}
