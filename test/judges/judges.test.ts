import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgedTrainers, judgeTrainers, type Judged } from './engine';

const trainers = judgedTrainers(process.cwd());

describe("the trainers' own loaders", () => {
  const temporary = mkdtempSync(join(tmpdir(), 'lora-alpha-judges-'));
  let judged: readonly Judged[];
  beforeAll(async () => {
    judged = await judgeTrainers(process.cwd(), trainers, temporary);
  });
  afterAll(() => rmSync(temporary, { recursive: true, force: true }));

  it.for(trainers)('%s reads what we read, and what we write', (id, { skip, task }) => {
    const one = judged.find(({ trainer }) => trainer === id);
    if (one && one.skipped !== null) {
      Object.assign(task.meta, { why: one.skipped });
      skip(one.skipped);
    }
    expect(one?.failed).toEqual([]);
    expect(one?.passed).toBeGreaterThan(0);
  });
});
