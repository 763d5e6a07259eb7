import { divideLines } from '../../init-code/divide';
import type { Library } from '../../init-code/library';
import { peftLines, PEFT_LIBRARY } from '../../init-code/peft';
import { indented } from '../../init-code/python';
import type { Layout } from '../trainer';

/** How the division of the factors stands in a trainer's code. */
interface Around {
  /** The expression for the model in that code; `model` unless given. */
  model?: string;
  /** White space before each line of the division. */
  indent?: string;
  /** Lines right before the division, with its indentation, and lines after it. */
  first?: readonly string[];
  after?: readonly string[];
}

/**
 * Code that divides the fresh factors of a library.
 * @param where lines before it: comments that say where it goes, and what it needs
 */
export function dividing(
  library: Library,
  where: readonly string[],
  { model, indent = '', first = [], after = [] }: Around = {},
): Layout['initCode'] {
  return (start) => {
    const lines = library === PEFT_LIBRARY ? peftLines(start) : divideLines(library, start, model);
    return [...where, indented([...first, ...lines], indent), ...after, ''].join('\n');
  };
}
