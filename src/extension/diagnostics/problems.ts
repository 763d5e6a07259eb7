import type { Finding, Fix, Range, Reading, SyntaxId } from '../../config/reading';

/** Syntaxes whose errors an editor shows by itself, or leaves to the language's own extension. */
const CHECKED_BY_OTHERS: ReadonlySet<SyntaxId> = new Set(['json', 'python', 'notebook', 'shell', 'powershell']);

export interface Problem {
  finding: Finding;
  range: Range;
}

export interface MendedProblem extends Problem {
  fixes: readonly Fix[];
}

/** What of a reading is worth a line among the problems; of a text that is not read, why it is not. */
export function problemsOf(text: string, { syntax, findings, recipes }: Reading): Problem[] {
  const shown = findings.filter(({ code }) => code !== 'syntax' || !syntax || !CHECKED_BY_OTHERS.has(syntax));
  const [recipe] = recipes;
  const place = (recipe?.stated.alpha ?? recipe?.stated.rank)?.range ?? firstLine(text);
  // What is about the whole file is shown where one would look for LoRA in it.
  return shown.map((finding) => ({ finding, range: finding.range ?? place }));
}

function firstLine(text: string): Range {
  const end = text.search(/\r?\n/);
  return { start: 0, end: end < 0 ? text.length : end };
}
