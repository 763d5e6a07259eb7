import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../../../src/config/read';
import { ask, answerIn } from '../../../../src/extension/questions/ask';
import { MOST_HERE } from '../../../../src/extension/bounds';
import { answer, QUESTION_IDS, type Asked, type QuestionId } from '../../../../src/extension/questions/questions';
import type { Text } from '../../../../src/worker/config-reader';
import type { AskRequest, ConfigReader } from '../../../../src/worker/config-reader';
import { nodeReader } from '../../../../src/worker/node/reader';
import { bundle } from '../../worker/support/bundle';

const FOLDER = 'test/fixtures/trainers';
const fixtures = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(?:ya?ml|json|toml|py|sh|ipynb)$/.test(name))
  .map((name): Text => ({ text: readFileSync(`${FOLDER}/${name}`, 'utf8'), path: `/w/${name}`, hasWeights: false }))
  .filter(({ text, path }, i) => i % 7 === 0 && readConfig(text, path).recipes.length > 0);

const BESIDE: Text = {
  text: 'base_model: m\nadapter: lora\nlora_r: 16\nlora_alpha: 32\nlearning_rate: 2e-4\n',
  path: '/w/x.yml',
  hasWeights: false,
};

/** What every question is asked with, about the first alpha or rank of a text. */
function askedOf({ text, path }: Text): { [Id in QuestionId]: Asked<Id> } {
  const stated = readConfig(text, path).recipes[0]?.stated;
  const offset = (stated?.alpha ?? stated?.rank)?.range.start ?? 0;
  const file = { name: 'x', path, state: 'ok', message: null, line: null } as const;
  const adapter = { rank: 8, scaling: 2, alpha: 16, scalingRule: 'standard' as const };
  const sides = { first: { file, network: 0 }, second: { file, network: 0 } };
  const choice = { network: 0, target: { alpha: 64 }, plan: 'symmetric', task: 'linear' } as const;
  return {
    ...{ reading: undefined, lenses: null, runs: undefined, problems: null, ran: '', mendedProblems: undefined },
    hover: { offset, usual: null },
    adapterConversion: { adapter, name: 'train.yml' },
    adapterDiffers: { from: 'out/first', adapter },
    refactorings: { offset, cursor: null, isAskedFor: true },
    plans: { network: 0, target: 64 },
    ranked: { network: 0, rank: 4 },
    ...{ agreement: '', runTexts: undefined, asTrained: 0, compared: { first: 0, second: 0 } },
    askedAlpha: { network: 0, input: '64' },
    rewrite: { network: 0, target: { alpha: 64 }, plan: 'symmetric' },
    nameCode: 0,
    isOwnCode: { network: 0, code: '' },
    exported: { network: 0, target: { alpha: 64 }, plan: 'symmetric', name: 'x' },
    outlook: { choice, options: { backend: 'cpu', seeds: 1 } },
    comparison: { ...sides, options: { backend: 'cpu', task: 'linear' } },
    way: { ...sides, id: 'numbers' },
  };
}

const read = (text: Text): { text: string; reading: ReturnType<typeof readConfig> } => ({
  text: text.text,
  reading: readConfig(text.text, text.path),
});

describe('what is asked about a text', () => {
  it.each(fixtures.map((text) => [text.path, text] as const))('is answered in plain data: %s', (_, text) => {
    const asked = askedOf(text);
    for (const id of QUESTION_IDS) {
      const said = answer(id, read(text), asked[id], read(BESIDE));
      expect(structuredClone(said), id).toStrictEqual(said);
    }
  });

  it('is a sentence where an alpha cannot be', () => {
    const plans = answer('plans', read(BESIDE), { network: 0, target: -1 });
    expect(plans).toBe('alpha is -1; it must be a number above 0, from 1e-6 to 1e6');
  });
});

describe('who answers', () => {
  let reader: ConfigReader;
  let calls: string[] = [];
  const counted =
    (through: ConfigReader['ask']) =>
    (request: AskRequest): Promise<unknown> => {
      calls.push(request.id);
      return through?.(request) ?? Promise.reject(new Error('no thread'));
    };
  beforeAll(async () => {
    reader = nodeReader({ threadPath: await bundle('src/extension/questions/reader-thread.ts') });
    answerIn(counted(reader.ask));
  });
  afterAll(() => {
    answerIn(null);
    reader.dispose();
  });

  const long: Text = { ...BESIDE, text: `${BESIDE.text}${'# a comment\n'.repeat(MOST_HERE / 10)}` };

  it('is the same here and in a thread', async () => {
    const asked = askedOf(long);
    calls = [];
    for (const id of QUESTION_IDS) {
      const there = await ask(id, long, asked[id], BESIDE);
      expect(there, id).toStrictEqual(answer(id, read(long), asked[id], read(BESIDE)));
    }
    expect(calls).toEqual(QUESTION_IDS);
  });

  it('is this thread for what is short', async () => {
    calls = [];
    expect((await ask('reading', BESIDE, undefined)).recipes).toHaveLength(1);
    expect(calls).toEqual([]);
  });

  it('is asked once for what several ask', async () => {
    calls = [];
    const other = { ...long, path: '/w/other.yml' };
    const answers = await Promise.all([1, 2, 3].map(() => ask('problems', other, null)));
    expect(calls).toEqual(['problems']);
    expect(answers[0]).toBe(answers[2]);
  });

  it('is not asked again about a text that takes too long, until the text changes', async () => {
    const impatient = nodeReader({ threadPath: await bundle('src/extension/questions/reader-thread.ts'), limitMs: 0 });
    calls = [];
    answerIn(counted(impatient.ask));
    const isRefused = (id: 'reading' | 'problems' | 'lenses', text = long): Promise<void> =>
      expect(ask(id, text, undefined)).rejects.toThrow('reading took more than');
    for (const id of ['reading', 'problems', 'lenses'] as const) await isRefused(id);
    expect(calls).toEqual(['reading']);
    await isRefused('reading', { ...long, text: `${long.text}\n` });
    expect(calls).toEqual(['reading', 'reading']);
    impatient.dispose();
    answerIn(reader.ask);
  });

  it('is asked again after a failure', async () => {
    const impatient = nodeReader({ threadPath: 'no such file' });
    answerIn(impatient.ask);
    await expect(ask('reading', long, undefined)).rejects.toThrow();
    impatient.dispose();
    answerIn(reader.ask);
    expect((await ask('reading', long, undefined)).recipes).toHaveLength(1);
  });
});
