import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../../src/config/read';
import { rewriteConfig } from '../../../../src/config/rewrite';
import type { Reading } from '../../../../src/config/reading';

const COMMAND = 'accelerate launch train_network.py --network_module=networks.lora --network_dim 16';

const told = ({ findings }: Reading): readonly string[] =>
  findings.filter(({ code }) => code === 'not-understood').map(({ message }) => message);
const whyAlpha = ({ recipes: [recipe] }: Reading): string | undefined => recipe?.assumed.alpha;

describe('further flags of a command', () => {
  it.each([
    ['run.sh', `set -- --network_alpha 8\n${COMMAND} "$@"\n`, '$@'],
    ['run.sh', `train() {\n  ${COMMAND} $*\n}\ntrain --network_alpha 8\n`, '$*'],
    ['run.sh', `${COMMAND} --unet_lr 1e-4 $EXTRA_ARGS\n`, '$EXTRA_ARGS'],
    ['run.sh', `${COMMAND} \${MORE:-}\n`, '${MORE:-}'],
    ['run.sh', `${COMMAND} $(cat flags.txt)\n`, '$(cat flags.txt)'],
    ['run.sh', `OWN="--unet_lr 1e-4 $MORE_FLAGS"\n${COMMAND} $OWN\n`, '$MORE_FLAGS'],
    ['run.bat', `call :train --network_alpha 8\r\nexit /b\r\n:train\r\n${COMMAND} %*\r\n`, '%*'],
    ['run.bat', `${COMMAND} --unet_lr 1e-4 %EXTRA_ARGS%\r\n`, '%EXTRA_ARGS%'],
    ['run.ps1', `function Train { ${COMMAND} $args }\nTrain --network_alpha 8\n`, '$args'],
    ['run.ps1', `${COMMAND} --lowram @PSBoundParameters\n`, '@PSBoundParameters'],
  ])('%s: %s may get some', (path, text, words) => {
    const reading = readConfig(text, path);
    expect(reading.recipes).toHaveLength(1);
    expect(told(reading)).toEqual([expect.stringMatching(/may hold more flags/)]);
    expect(reading.notUnderstood).toMatchObject([{ source: words, mayMove: false }]);
    expect(whyAlpha(reading)).toMatch(`Flags in ${words} may override this default.`);
  });

  it('names them all, each at its place', () => {
    const { notUnderstood } = readConfig(`${COMMAND} $EXTRA_ARGS $MORE_ARGS\n`, 'run.sh');
    expect(notUnderstood.map(({ source }) => source)).toEqual(['$EXTRA_ARGS', '$MORE_ARGS']);
  });

  it.each([
    ['run.sh', `${COMMAND} "$@"\n`, '$@'],
    ['run.sh', `${COMMAND} $*\n`, '$*'],
    ['run.sh', `${COMMAND} "\${@}" --lowram\n`, '${@}'],
    ['run.sh', `OUT=$1\nshift\n${COMMAND} "$@"\n`, '$@'],
    ['run.sh', `set -xe\n${COMMAND} "$@"\n`, '$@'],
    ['run.sh', `set -xeuo pipefail\n${COMMAND} "$@"\n`, '$@'],
    ['run.bat', `${COMMAND} %*\r\n`, '%*'],
    ['run.ps1', `${COMMAND} $args\n`, '$args'],
    ['run.ps1', `${COMMAND} @args\n`, '@args'],
  ])('%s: %s reads the command without what the script is given', (path, text, words) => {
    const reading = readConfig(text, path);
    expect(reading.recipes).toHaveLength(1);
    expect(reading.notUnderstood).toEqual([]);
    const said = reading.findings.filter(({ code }) => code === 'arguments-added');
    expect(said).toEqual([
      expect.objectContaining({ severity: 'info', message: expect.stringContaining(`\`${words}\``) }),
    ]);
    expect(whyAlpha(reading)).toMatch(`Flags in ${words} may override this default.`);
  });

  it.each([
    ['no such words', `${COMMAND}\n`],
    ['a remark between the lines', `${COMMAND} \`# the rate\` --unet_lr 1e-4\n`],
    ['a variable that the script sets', `EXTRA_ARGS="--unet_lr 1e-4"\n${COMMAND} $EXTRA_ARGS\n`],
    ['a value from outside', `${COMMAND} --unet_lr $LR\n`],
  ])('says nothing of %s', (_, text) => {
    const reading = readConfig(text, 'run.sh');
    expect(reading.recipes).toHaveLength(1);
    expect(told(reading)).toEqual([]);
    expect(Object.values(reading.recipes[0]?.assumed ?? {}).join()).not.toContain('may override this default');
  });

  it('lets what stands in the file be written', () => {
    const text = `${COMMAND} --network_alpha 8 --unet_lr 1e-4 --learning_rate 1e-4 "$@"\n`;
    const rewritten = rewriteConfig(text, readConfig(text, 'run.sh'), 0, 32, 'symmetric');
    expect(rewritten).not.toHaveProperty('refusal');
  });
});
