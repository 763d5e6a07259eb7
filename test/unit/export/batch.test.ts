import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../../src/config/read';
import { batchFile, isBatch } from '../../../src/export/batch';

/** Programs of SLURM that stand in for the real ones: `scontrol show hostnames` names nodes, `srun` starts its command. */
const STAND_INS = {
  scontrol: '#!/bin/sh\n[ "$1 $2 $3" = "show hostnames node[1-2]" ] && printf "node1\\nnode2\\n"\n',
  srun: '#!/bin/sh\necho "cores $SRUN_CPUS_PER_TASK"\nexec "$@"\n',
  torchrun: '#!/bin/sh\nprintf "%s\\n" torchrun "$@"\n',
};

const SLURM = { SLURM_JOB_NODELIST: 'node[1-2]', SLURM_JOB_ID: '20007', SLURM_NNODES: '2', SLURM_CPUS_PER_TASK: '8' };

describe.skipIf(process.platform === 'win32')('batchFile', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'lora-alpha-batch-'));
    for (const [name, text] of Object.entries(STAND_INS)) {
      writeFileSync(join(folder, name), text);
      chmodSync(join(folder, name), 0o755);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** What the file starts, one word a line. */
  function started(check: string, env: Record<string, string>, ...args: string[]): string[] {
    const file = join(folder, 'check.sbatch');
    writeFileSync(file, batchFile(check));
    execFileSync('bash', ['-n', file]);
    const options = {
      env: { ...SLURM, ...env, PATH: `${folder}:${process.env['PATH'] ?? ''}` },
      encoding: 'utf8',
    } as const;
    return execFileSync('bash', [file, ...args], options)
      .trim()
      .split('\n');
  }

  it('starts torchrun on all nodes and GPUs of the job, and hands on its options', () => {
    const words = started('check_alpha.py', { SLURM_GPUS_ON_NODE: '4' }, '--steps', '100', 'two words');
    expect(words.slice(0, 2)).toEqual(['cores 8', 'torchrun']);
    expect(words.slice(2).join(' ')).toBe(
      '--nnodes 2 --nproc-per-node 4 --rdzv-id 20007 --rdzv-backend c10d --rdzv-endpoint node1:20007 ' +
        'check_alpha.py --save lora-alpha-results --steps 100 two words',
    );
    expect(words.at(-1)).toBe('two words');
  });

  const NAMES = ["it's a check.py", '-check.py', '$(touch evil).py', 'prüfung.py'];
  it.each(NAMES)('starts one process without GPUs: %s', (name) => {
    const words = started(name, {});
    expect(words.slice(5, 6)).toEqual(['1']);
    expect(words[words.indexOf('--save') - 1]).toBe(name.startsWith('-') ? `./${name}` : name);
  });

  it('ends where the job has no nodes, and with the status of the check', () => {
    expect(() => started('check.py', { SLURM_JOB_NODELIST: '' })).toThrow();
    writeFileSync(join(folder, 'torchrun'), '#!/bin/sh\nexit 2\n');
    expect(() => started('check.py', {})).toThrow(expect.objectContaining({ status: 2 }));
    writeFileSync(join(folder, 'torchrun'), STAND_INS.torchrun);
  });

  it('says what to edit before anything runs, and is no config', () => {
    const text = batchFile('check_alpha.py');
    const lines = text.split('\n');
    const first = lines.findIndex((line) => line !== '' && !line.startsWith('#'));
    expect(lines.slice(first).some((line) => line.startsWith('#SBATCH'))).toBe(false);
    for (const what of ['partition', 'account', 'time', 'gpus-per-node', 'output'])
      expect(text).toContain(`#SBATCH --${what}=`);
    expect(readConfig(text, 'check_alpha.sbatch')).toMatchObject({ recipes: [], findings: [] });
    const texts = [text, text.replace('--nodes=1', '--nodes=4'), '#!/bin/bash\nsrun x\n'];
    expect(texts.map(isBatch)).toEqual([true, true, false]);
  });
});
