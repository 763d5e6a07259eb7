import { EXPORT_MARK } from '../../config/hint';
import { indented } from '../../config/init-code/python';
import type { PeftAdapter } from '../run/adapter';
import type { RunNumbers } from '../run/numbers';
import type { PythonOptimizer } from '../run/optimizer';
import type { PythonSchedule } from '../run/schedule';
import { docstring, pythonKeywords, pythonLiteral, type PythonValue } from './literal';

/** One run of an exported file. */
export interface PythonRun {
  /** The terminal's name of the variant: `base`, `rescaled`, `as-written`, `alpha-only`, `proof`. */
  name: string;
  numbers: RunNumbers;
  /** What the plan does to `model` and `optimizer`; null for nothing. */
  code: string | null;
}

/** All that an exported file takes from a config. */
export interface FileContents {
  /** What the file checks, and further sentences at its top. */
  title: string;
  about: string;
  /** What the results are known by: `config`, `trainer`, `plan`, `alpha` (old, new), `k`. */
  check: Readonly<Record<string, PythonValue>>;
  model: string | null;
  adapter: PeftAdapter;
  optimizer: PythonOptimizer;
  schedule: PythonSchedule;
  noDecay: RegExp | null;
  vectorsWithB: boolean;
  seed: number;
  batch: number;
  /** Why the runs of the user's trainer may differ although those of the file agree; null if they cannot. */
  limit: string | null;
  runs: readonly PythonRun[];
}

/** Whether a text was exported by this version or an earlier one. */
export function isExport(text: string): boolean {
  return text.startsWith(EXPORT_MARK);
}

/** The part of an exported file that holds the numbers of the config. */
export function headOf(contents: FileContents, imports: string): string {
  const { adapter, optimizer, schedule, noDecay, runs } = contents;
  const hasRatio = runs.some(({ numbers }) => numbers.ratio !== 1);
  const codes = runs.flatMap(({ name, code }) => (code === null ? [] : [{ name, code }]));
  return [
    docstring(EXPORT_MARK, [contents.title, contents.about]),
    imports,
    `CHECK = ${pythonKeywords(contents.check)}`,
    `MODEL, SEED, BATCH = ${pythonLiteral(contents.model)}, ${contents.seed}, ${contents.batch}`,
    `LORA = ${pythonKeywords(adapter.fields)}  # Arguments of peft.LoraConfig.`,
    `OPTIMIZER, CONSTANTS = ${optimizer.path}, ${pythonKeywords(optimizer.constants)}`,
    `NO_DECAY, VECTORS_WITH_B = ${noDecay ? `r"${noDecay.source}"` : 'None'}, ${pythonLiteral(contents.vectorsWithB)}`,
    `SCHEDULE, WARMUP, LIMIT = ${pythonLiteral(schedule.name)}, ${schedule.warmup}, ${pythonLiteral(contents.limit)}  # LIMIT: what the trainer may do otherwise.`,
    'RUNS = {  # The numbers that the plan changes. A proof is the same plan at a power of four, where rescaling adds no rounding error.',
    ...runs.map(({ name, numbers }) => `    "${name}": ${runOf(numbers, contents, hasRatio)},`),
    '}',
    codeOf(codes),
    '',
    '',
  ].join('\n');
}

function runOf(numbers: RunNumbers, { adapter, optimizer }: FileContents, hasRatio: boolean): string {
  const { alphaPattern } = adapter;
  const patterns = Object.entries(alphaPattern ?? {}).map(
    ([name, alpha]) => [name, alpha * numbers.alphaFactor] as const,
  );
  const lora: Record<string, PythonValue> = {
    lora_alpha: numbers.alpha,
    ...(numbers.useRslora ? { use_rslora: true } : {}),
    ...(patterns.length > 0 ? { alpha_pattern: { dict: Object.fromEntries(patterns) } } : {}),
  };
  const own = { lr: numbers.learningRate, weight_decay: numbers.weightDecay, ...optimizer.numbers(numbers.constants) };
  const further = {
    ...(hasRatio ? { ratio: numbers.ratio } : {}),
    ...(numbers.maxGradNorm ? { max_norm: numbers.maxGradNorm } : {}),
    ...(numbers.maxGradValue ? { max_value: numbers.maxGradValue } : {}),
  };
  const rest = Object.entries(further).map(([name, value]) => `, ${name}=${pythonLiteral(value)}`);
  return `dict(lora=${pythonKeywords(lora)}, numbers=${pythonKeywords(own)}${rest.join('')})`;
}

/** The code of one run. */
export interface RunCode {
  name: string;
  code: string;
}

/** A number of Python that stands alone, not in a name or a string: `1.5`, `2e-05`. */
const NUMBER = /(?<![\w."])(\d+(?:\.\d+)?(?:e[-+]?\d+)?)(?![\w"])/;

/**
 * The function of the runs' code, and the dictionary of the runs that call it. A plan has the same code at every k but
 * for its numbers: those that differ between the runs become the items of a list.
 */
export function codeOf(runs: readonly RunCode[]): string {
  const pieces = runs.map(({ code }) => code.trimEnd().split(NUMBER));
  const [first] = pieces;
  if (!first) return 'CODE = {}';
  const differing = first.map((_, i) => i).filter((i) => pieces.some((own) => own[i] !== first[i]));
  const text = first.map((piece, i) => (differing.includes(i) ? `by[${differing.indexOf(i)}]` : piece)).join('');
  const calls = runs.map(({ name }, at) => `"${name}": [${differing.map((i) => pieces[at]?.[i] ?? '').join(', ')}]`);
  return [
    `CODE = {${calls.join(', ')}}`,
    '',
    'def rescale(model, optimizer, by):  # What the plan does when the optimizer is made.',
    indented(text.split('\n'), '    '),
  ].join('\n');
}
