import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../../../src/config/read';

const filesIn = (path: string): string[] =>
  statSync(path).isDirectory() ? readdirSync(path).flatMap((name) => filesIn(join(path, name))) : [path];

/** A line that nothing ends, as each syntax has it. */
const OPEN: Readonly<Record<string, string>> = { yaml: 'x: [', yml: 'x: [', json: '"x": [', toml: 'x = [' };

/** A text with such a line before it, in its middle and behind it, and without its last bracket. */
function brokenWays(text: string, line: string): string[] {
  const lines = text.split('\n');
  const middle = Math.floor(lines.length / 2);
  const cut = [...lines.slice(0, middle), line, ...lines.slice(middle)].join('\n');
  return [`${line}\n${text}`, cut, `${text}\n${line}\n`, text.replace(/[}\]](?=[^}\]]*$)/, '')];
}

interface Told {
  where: string;
  whole: string;
  broken: string | null;
}

/** Every LoRA config of the fixtures, broken in every way. */
const told = filesIn('test/fixtures/trainers').flatMap((path): Told[] => {
  const line = OPEN[path.split('.').at(-1) ?? ''];
  const text = readFileSync(path, 'utf8');
  const { trainer, recipes } = readConfig(text, path);
  if (line === undefined || trainer === null || recipes.length === 0) return [];
  return brokenWays(text, line).flatMap((way, i) => {
    const reading = readConfig(way, path);
    const isBroken = reading.findings.some(({ code }) => code === 'syntax');
    return isBroken ? [{ where: `${path}, way ${i}`, whole: trainer, broken: reading.trainer }] : [];
  });
});

describe('whose a broken file is', () => {
  it('is never told wrong', () => {
    expect(told.length).toBeGreaterThan(200);
    expect(told.filter(({ whole, broken }) => broken !== null && broken !== whole)).toEqual([]);
  });

  it('is left open where no loader can parse the text', () => {
    const text = 'network_module = "networks.lora"\nnetwork_dim = 8\nnetwork_alpha = 4\nlearning_rate = 1e-4\nx = [\n';
    const reading = readConfig(text, 'a.toml');
    expect(reading).toMatchObject({ isLora: true, trainer: null, trainerName: null, findings: [{ code: 'syntax' }] });
  });
});
