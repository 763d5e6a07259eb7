import { configRecipe } from '../../config/plan/as-trained';
import { oneLine } from '../../recipe/visible';
import { EXIT, type ExitCode } from '../failure';
import { chooseRecipe, type ChosenRecipe } from '../files/config-file';
import { aboutWords } from '../output/changes-text';
import { type Ended, forEach } from '../files/several';
import { namedRun, type NamedRun } from '../output/signature';
import { paint, wrap } from '../output/text';

interface SignatureOptions {
  network?: string;
  json?: boolean;
}

/** `signature FILE…`: the name of each run, which is the same for the same run in any trainer's config. */
export function signatureCommand(given: readonly string[], options: SignatureOptions): Promise<ExitCode> {
  const run = async (path: string): Promise<Ended> => {
    const first = await chooseRecipe(path, options.network);
    const all = options.network === undefined ? first.reading.recipes.map((_, index) => index) : [first.index];
    const chosen = all.map((index) => ({ ...first, ...configRecipe(first.text, first.reading, index) }));
    const named = chosen.map((one) => ({ one, ...namedRun(one) }));
    const document = named.map(({ one: { file, recipe }, ...rest }) => {
      return { file: file.path, recipe: recipe.name, ...rest, around: recipe.around ?? {} };
    });
    const exitCode = named.every(({ id }) => id !== null) ? EXIT.done : EXIT.nothing;
    return { exitCode, document, text: named.map(({ one, ...rest }) => signatureText(one, rest)).join('\n') };
  };
  return forEach(given, options, run, true);
}

function signatureText(chosen: ChosenRecipe, { id, why, lines }: NamedRun): string {
  const around = Object.entries(chosen.recipe.around ?? {}).map(([key, value]) => `${key} ${value}`);
  const parts = [
    `${paint('bold', oneLine(chosen.file.path))}  ${paint('dim', aboutWords(chosen))}`,
    id === null ? paint('yellow', wrap(`No signature. ${why ?? ''}`)) : paint('bold', id),
    ...lines.map((line) => `    ${oneLine(line)}`),
    ...(around.length === 0 ? [] : [paint('dim', wrap(`Not part of the signature: ${around.join(', ')}.`))]),
  ];
  return `${parts.join('\n')}\n`;
}
