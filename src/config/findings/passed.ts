import { furtherWords, isPassed } from '../understand/further-flags';
import type { Interpretation } from '../understand/interpretation';
import { Notes, type Note } from '../understand/notes';

/**
 * A note for words that the script is called with (`"$@"`). They are empty in the run as written, but would override
 * its flags.
 */
export function findPassed({ root }: Interpretation): Note[] {
  const notes = new Notes();
  for (const { inner, elsewhere, raw } of furtherWords(root).filter(isPassed)) {
    notes.add(
      'info',
      'arguments-added',
      `What is passed to the script is added here (\`${elsewhere ?? raw}\`). LoRA Alpha reads the command without it. A flag passed there wins over the same flag before it and over every default.`,
      inner,
    );
  }
  return notes.list;
}
