import { Mentions, type Naming } from '../mentions';
import type { Script } from '../script';

/** `%ALPHA%` and `!ALPHA!`; a bare name in `set /a` and `if defined`. */
const NAMING: Naming = {
  sign: /[%!]$/,
  bare: /\bset\s{1,20}"?\/a|\bdefined\b/i,
  unnamed: /\bcall\s{1,20}(?:set\b|"?[^\s"]{1,300}(?<!activate|conda)\.(?:bat|cmd)\b)|!%|%!|%%%|'\s{0,20}set\b/i,
  comment: /^\s{0,300}@?(?:rem\b|::)/i,
  isCaseless: true,
};
const SHOWS = /^\s{0,300}@?(?:echo|title|rem)\b[^|<>&^]{0,300}$/i;
/** A block of lines whose output goes into a file or a pipe: `( … ) > config.toml`, `> config.toml ( … )`. */
const TAKEN_BLOCK = /\)\s{0,20}\d?[>|]|>[^\n(]{0,300}\(/;

/**
 * Finds mentions of variables in a batch file. Lines that only show a value (`echo`) are no uses, unless their output
 * goes into a file or a pipe.
 */
export function mentionsIn(script: Script): Mentions {
  return new Mentions(script, TAKEN_BLOCK.test(script.source) ? NAMING : { ...NAMING, shows: SHOWS });
}
