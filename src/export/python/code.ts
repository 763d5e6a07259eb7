import { indented } from '../../config/init-code/python';

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
