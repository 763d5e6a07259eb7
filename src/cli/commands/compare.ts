import { compareConfigs } from '../../config/compare/compare-configs';
import { RecipeError } from '../../recipe/recipe';
import { comparisonJson } from '../output/json/compare';
import { comparisonText } from '../output/compare-text';
import { chooseRecipe } from '../files/config-file';
import { EXIT, type ExitCode, usage } from '../failure';
import { STDIN } from '../files/files';
import { json, type Terminal } from '../terminal';

interface CompareOptions {
  network?: string;
  otherNetwork?: string;
  json?: boolean;
}

/** `compare A B`: whether two configs are the same run, across trainers and syntaxes, and if not, by what they differ. */
export async function compareCommand(
  path: string,
  otherPath: string,
  options: CompareOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  if (path === STDIN && otherPath === STDIN) throw usage('standard input can be one of both, not both');
  const first = await chooseRecipe(path, options.network, 'severalOnly');
  const second = await chooseRecipe(otherPath, options.otherNetwork ?? options.network, 'severalOnly');
  try {
    const compared = compareConfigs(first, second);
    terminal.out(
      options.json
        ? json(comparisonJson(compared.comparison, [first.reading, second.reading]))
        : comparisonText([first, second], compared, terminal.paint),
    );
    return exitCodeOf(compared.comparison.same);
  } catch (error) {
    throw error instanceof RecipeError ? usage(error.message) : error;
  }
}

function exitCodeOf(same: boolean | null): ExitCode {
  if (same === null) return EXIT.nothing;
  return same ? EXIT.done : EXIT.different;
}
