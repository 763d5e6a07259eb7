/** The fixed seed of a suite that checks a change. Another seed searches for new failures. */
const FIXED = 20_251_126;

/**
 * The seed that properties and fuzzing draw from.
 * @param asked a number; `random` for another one each time; undefined for the fixed one
 * @throws Error for anything else
 */
export function seedOf(asked: string | undefined): number {
  if (asked === undefined || asked === '') return FIXED;
  if (asked === 'random') return Date.now() & 0x7fffffff;
  if (!/^-?\d{1,10}$/.test(asked)) throw new Error(`LORA_ALPHA_SEED is ${asked}; it takes a number, or random`);
  return Number(asked);
}

/** How many texts a suite draws: as many as `LORA_ALPHA_RUNS` asks for, else `usual`. */
export function runsOf(usual: number): number {
  return Number(process.env['LORA_ALPHA_RUNS'] ?? usual);
}
