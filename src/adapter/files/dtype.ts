import type { Dtype } from '../adapter';

/** Types whose numbers are read and written here. */
export type Float = 'F32' | 'F16' | 'BF16';
type Half = Exclude<Float, 'F32'>;

/**
 * Of a type the smallest normal number and the largest one, and by the exponent of a float64 a number whose last bit is
 * worth one step of the type there: adding it, and taking it away again, rounds as the processor does.
 * @param significant bits
 * @param least the exponent of the smallest number
 */
function format(significant: number, least: number, most: number) {
  const steps = Array.from({ length: 2048 }, (_, exponent) => Math.max(exponent - 1022 - significant, least));
  return {
    normal: 2 ** (least + significant - 1),
    most,
    shifts: Float64Array.from(steps, (step) => 1.5 * 2 ** (52 + step)),
  };
}

const FORMATS = {
  F32: format(24, -149, 3.4028234663852886e38),
  F16: format(11, -24, 65504),
  BF16: format(8, -133, 3.3895313892515355e38),
};

export const isFloat = (dtype: Dtype): dtype is Float => Object.hasOwn(FORMATS, dtype);
/** Of any type: the name of each has them. */
export const bitsOf = (dtype: Dtype): number => Number(/\d+/.exec(dtype)?.[0] ?? 8);

const word = new Float32Array(1);
const bits = new Uint32Array(word.buffer);
const double = new Float64Array(1);
const halves = new Uint32Array(double.buffer);

const made = new Map<string, unknown>();
/** What is made once for a key, and looked up after that. */
function once<T>(key: string, make: () => T): T {
  if (made.size > 64) made.clear();
  if (!made.has(key)) made.set(key, make());
  return made.get(key) as T;
}

function float16(pattern: number): number {
  const [exponent, fraction] = [(pattern >> 10) & 31, pattern & 1023];
  const sign = pattern & 0x8000 ? -1 : 1;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}

/** Every value of a 16-bit type, by its pattern. */
const valuesOf = (dtype: Half): Float32Array =>
  once(dtype, () => {
    const patterns = Uint32Array.from({ length: 65536 }, (_, pattern) => pattern);
    // The upper half of a float32 is a bfloat16.
    if (dtype === 'BF16') return new Float32Array(patterns.map((pattern) => pattern << 16).buffer);
    return Float32Array.from(patterns, float16);
  });

/**
 * The number of a type that is nearest to `value`, ties to the even one, as IEEE 754 rounds: once, from float64.
 * Beyond the largest number it is infinite.
 */
export function rounded(value: number, dtype: Float): number {
  if (dtype === 'F32') return Math.fround(value);
  const { most, shifts } = FORMATS[dtype];
  const size = Math.abs(value);
  if (!(size < 2 * most)) return value * Infinity;
  double[0] = size;
  const shift = shifts[(halves[1] ?? 0) >>> 20] ?? 0;
  const near = size + shift - shift;
  return Math.sign(value) * (near > most ? Infinity : near);
}

/** The pattern of a number that the type has. */
function patternOf(value: number, dtype: Half): number {
  word[0] = value;
  const pattern = bits[0] ?? 0;
  if (dtype === 'BF16') return Number.isNaN(value) ? 0x7fc0 : pattern >>> 16;
  const sign = (pattern >>> 16) & 0x8000;
  if (Number.isNaN(value)) return 0x7e00;
  const size = Math.abs(value);
  if (size > FORMATS.F16.most) return sign | 0x7c00;
  if (size < FORMATS.F16.normal) return sign | (size * 2 ** 24);
  return sign | ((((pattern >>> 23) & 255) - 112) << 10) | ((pattern >>> 13) & 1023);
}

/** Typed arrays need an offset that is a multiple of their numbers' size. */
const aligned = (bytes: Uint8Array): Uint8Array => (bytes.byteOffset % 4 === 0 ? bytes : bytes.slice());

function patternsIn(bytes: Uint8Array): Uint16Array {
  const { buffer, byteOffset, length } = aligned(bytes);
  return new Uint16Array(buffer, byteOffset, length / 2);
}

/** The numbers of a tensor. */
export function numbersOf(bytes: Uint8Array, dtype: Float): Float32Array {
  if (dtype === 'F32') {
    const { buffer, byteOffset, length } = aligned(bytes);
    return new Float32Array(buffer, byteOffset, length / 4);
  }
  const [table, patterns] = [valuesOf(dtype), patternsIn(bytes)];
  const numbers = new Float32Array(patterns.length);
  for (let i = 0; i < patterns.length; i++) numbers[i] = table[patterns[i] ?? 0] ?? 0;
  return numbers;
}

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

/** Bits of {@link Rounding} for one number. */
function whatHappened(exact: number, near: number, to: Float): number {
  if (near === exact || Number.isNaN(exact)) return 0;
  return 1 | (Number.isFinite(near) ? 0 : 2) | (Math.abs(exact) < FORMATS[to].normal ? 4 : 0);
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
    if (to === 'BF16' && word[0] === exact) {
      // A float32 has sixteen bits more than a bfloat16: half of its last one is added, and ties go to the even.
      const pattern = bits[0] ?? 0;
      bits[0] = ((pattern + 0x7fff + ((pattern >>> 16) & 1)) >>> 16) << 16;
      made[i] = (bits[0] ?? 0) >>> 16;
    } else {
      if (to !== 'F32') word[0] = rounded(exact, to);
      made[i] = to === 'F32' ? word[0] : patternOf(word[0], to);
    }
    if (word[0] !== exact) note(rounding, whatHappened(exact, word[0], to));
  }
  return new Uint8Array(made.buffer);
}

/** For each 16-bit pattern of one type: its pattern in another, times a factor, and what rounding does. */
const tableOf = (from: Half, to: Half, factor: number) =>
  once(`${from} ${to} ${factor}`, () => {
    const exact = Float64Array.from(valuesOf(from), (value) => value * factor);
    const near = exact.map((value) => rounded(value, to));
    const happened = Uint8Array.from(near, (value, i) => whatHappened(exact[i] ?? NaN, value, to));
    return { after: Uint16Array.from(near, (value) => patternOf(value, to)), happened };
  });

/**
 * The bytes of a tensor in another type, each number times `factor` and rounded once. A 16-bit type has only 65,536
 * numbers, so each is computed once and looked up after that.
 */
export function converted(bytes: Uint8Array, from: Float, to: Float, factor: number, rounding: Rounding): Uint8Array {
  if (from === to && factor === 1) return bytes;
  if (from === 'F32' || to === 'F32') return bytesFrom(numbersOf(bytes, from), factor, to, rounding);
  const { after, happened } = tableOf(from, to, factor);
  const made = patternsIn(bytes).slice();
  for (let i = 0; i < made.length; i++) {
    const pattern = made[i] ?? 0;
    made[i] = after[pattern] ?? 0;
    note(rounding, happened[pattern] ?? 0);
  }
  return new Uint8Array(made.buffer);
}
