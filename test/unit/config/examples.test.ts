import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../src/config/write/edits';
import { planConfig } from '../../../src/config/planned';
import { readConfig } from '../../../src/config/read';
import { rewriteConfig } from '../../../src/config/rewrite';
import { TRAINERS } from '../../../src/config/trainers/all';

const configs = readdirSync('examples', { withFileTypes: true }).flatMap((entry) =>
  entry.isFile() && entry.name !== 'README.md' ? [entry.name] : [],
);
const compared = readdirSync('examples/compare');
const readme = readFileSync('examples/README.md', 'utf8');

describe('examples/', () => {
  it('has configs of different trainers, and names each in its README', () => {
    const trainers = configs.map((file) => readConfig(readFileSync(`examples/${file}`, 'utf8'), file).trainer);
    expect(new Set(trainers).size).toBe(trainers.length);
    expect(TRAINERS.map(({ id }) => id)).toEqual(expect.arrayContaining(trainers));
    for (const file of [...configs, ...compared]) expect(readme).toContain(`${file}\``);
  });

  it.each(compared)('compare/%s is read without a complaint', (file) => {
    expect(readConfig(readFileSync(`examples/compare/${file}`, 'utf8'), file)).toMatchObject({
      recipes: [{ rank: 16 }],
      findings: [],
    });
  });

  it.each(configs)('%s is read without a complaint, planned exactly, and rewritten', (file) => {
    const text = readFileSync(`examples/${file}`, 'utf8');
    const reading = readConfig(text, file);
    expect(reading.findings).toEqual([]);
    const alpha = 4 * (reading.recipes[0]?.alpha ?? 0);
    const { plans, refusal, k } = planConfig(text, reading, 0, alpha, {});
    expect([refusal, k, plans[0]?.id, plans[0]?.claim.asRead]).toEqual([null, 4, 'symmetric', 'exact']);
    // The config of an adapter names no optimizer.
    const open = file === 'adapter_config.json' ? ['no optimizer'] : [];
    expect(reading.notUnderstood.map(({ source }) => source)).toEqual(open);
    const result = rewriteConfig(text, reading, 0, alpha, 'symmetric', {});
    if ('refusal' in result) throw new Error(result.refusal.message);
    expect(readConfig(applyEdits(text, result.edits), file).recipes[0]).toMatchObject({ alpha });
  });
});
