// docs/real-libraries.md, of a whole run: `npm run test:pytorch -- --save`.
import { counted } from './counts.mjs';

const KS = [4, 0.25, 3];
const kLabel = { 4: 'k = 4', 0.25: 'k = 1/4', 3: 'k = 3' };

/**
 * @param {string} before the page as it was, whose words stay
 * @param {object[]} outcomes as judge.py describes them
 * @param {Record<string, string>} versions of the libraries
 */
export function page(before, outcomes, versions) {
  const skipped = outcomes.filter((outcome) => outcome.skipped);
  const run = outcomes.filter((outcome) => !outcome.skipped);
  const libraries = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const [words = ''] = before.split('| what | count |');
  return [
    `${words.replace(/^Versions: .*$/m, `Versions: ${libraries.join(', ')}.`)}| what | count |`,
    '| --- | ---: |',
    ...Object.entries(counted(outcomes)).map(([what, { length }]) => `| ${what} | ${length} |`),
    '',
    '## What plans say, and what happened',
    '',
    `| cell | plan | says | ${KS.map((k) => kLabel[k]).join(' | ')} |`,
    '| --- | --- | --- | --- | --- | --- |',
    ...run.flatMap(rowsOf),
    '',
    '## Skipped',
    '',
    ...(skipped.length === 0
      ? ['Nothing.']
      : skipped.map(({ cell, skipped: why }) => `- ${escaped(cell)}: ${escaped(why)}`)),
    '',
  ].join('\n');
}

function rowsOf({ cell, claims, faults, refusal, note }) {
  const name = note ? `${escaped(cell)} (${escaped(note)})` : escaped(cell);
  const plans = [...new Set(claims.map(({ plan }) => plan))];
  const rows = plans.map((plan, i) => {
    const own = claims.filter((claim) => claim.plan === plan);
    const at = KS.map((k) => happened(own.find((claim) => claim.k === k)));
    return `| ${i === 0 ? name : ''} | ${plan} | ${own[0].says} | ${at.join(' | ')} |`;
  });
  const said =
    faults.length > 0 ? `**${escaped(faults.join('; '))}**` : refusal ? `refused: ${escaped(refusal)}` : 'not claimed';
  return rows.length > 0 && faults.length === 0 ? rows : [...rows, `| ${name} | – | ${said} | | | |`];
}

function happened(claim) {
  if (!claim) return '';
  return claim.is_false ? `**false**: ${escaped(claim.happened)}` : escaped(claim.happened);
}

const escaped = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ').replaceAll('<', '&lt;');
