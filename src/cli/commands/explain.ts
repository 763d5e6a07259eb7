import { text as page } from '../../../docs/findings.md';
import { FINDING_CODES } from '../../config/findings/codes';
import { explanationIn } from '../../messages/explanation';
import { meantOf } from '../../recipe/closest';
import { EXIT, usage } from '../failure';
import type { Ended } from '../files/several';
import { wrap, paint } from '../output/text';

/** `explain CODE`: what a finding means and what to do, as docs/findings.md says it. */
export function explanation(code: string): Ended {
  const found = explanationIn(page, code);
  if (!found) {
    const codes = `it must be a code that read shows, such as ${FINDING_CODES[0]}.`;
    throw usage(`there is no finding "${code}"; ${codes}${meantOf(code, FINDING_CODES)}`);
  }
  const { title, text } = found;
  const paragraphs = text.split(/\n\n+/).map((paragraph) => wrap(paragraph.replaceAll('\n', ' ')));
  const shown = `${paint('bold', wrap(`${code}: ${title}`))}\n\n${paragraphs.join('\n\n')}\n`;
  return { exitCode: EXIT.done, document: { code, title, text }, text: shown };
}
