import * as l10n from '@vscode/l10n';
import { furtherWords, isScriptArgument } from '../understand/further-flags';
import type { Interpretation } from '../understand/interpretation';
import { Notes, type Note } from '../understand/notes';

/**
 * A note for words that the script is called with (`"$@"`). They are empty in the run as written, but would override
 * its flags.
 */
export function findScriptArguments({ root }: Interpretation): Note[] {
  const notes = new Notes();
  for (const { inner, unresolved, raw } of furtherWords(root).filter(isScriptArgument)) {
    const code = `\`${unresolved ?? raw}\``;
    notes.add(
      'info',
      'arguments-added',
      l10n.t`Arguments of the script are added here (${code}). LoRA Alpha reads the command without them. A flag passed there overrides the same flag before it and every default.`,
      inner,
    );
  }
  return notes.list;
}
