import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { judgedTrainers, judgeTrainer } from './engine';

const python = process.env.LORA_ALPHA_PYTHON ?? 'python3';
const temporary = mkdtempSync(join(tmpdir(), 'lora-alpha-judges-'));

describe("the trainers' own loaders", () => {
  afterAll(() => rmSync(temporary, { recursive: true, force: true }));

  it.for(judgedTrainers(process.cwd()))('%s reads what we read, and what we write', (id, { skip, task }) => {
    const { skipped, failed, passed } = judgeTrainer(process.cwd(), id, python, join(temporary, id));
    if (skipped !== null) {
      Object.assign(task.meta, { why: skipped });
      skip(skipped);
    }
    expect(failed).toEqual([]);
    expect(passed).toBeGreaterThan(0);
  });
});
