import { expect } from 'vitest';
import { plan } from '../consensus/answers.js';
import { bundle, bytesOf, PREFIX } from '../consensus/bundle.js';
import { blocks } from '../consensus/cases.js';
import { recordEarlier, recordVerdict } from '../support/earlier.js';
import { writePacket } from '../support/packet.js';
import { checkOf, runStage } from '../support/stage.js';
import { test } from '../support/workspace.js';

const conflict = { outputs: { ...plan, gemini: blocks } };
const accepted = (reason: string) => {
  const files = bundle(conflict);
  const name = `${PREFIX}_synthesis.json`;
  const acceptance = { accepts: 'conflict', by: 'Ana <ana@example.com>', reason, at: '2026-11-24T18:00:00Z' };
  return files.set(name, bytesOf({ ...JSON.parse(String(files.get(name))), acceptance }));
};
const forged = () => {
  const files = bundle(conflict);
  const name = `${PREFIX}_synthesis.json`;
  return files.set(name, bytesOf({ ...JSON.parse(String(files.get(name))), status: 'ok' }));
};

test.for([
  ['ok', bundle(), 'ok', 'passed', /agreed/],
  ['a conflict', bundle(conflict), 'conflict', 'failed', /newest verdict is conflict/],
  [
    'degraded',
    bundle({ outputs: { gemini: plan.gemini, gpt_pro: plan.gpt_pro } }),
    'degraded',
    'failed',
    /degraded/,
  ],
  [
    'a conflict that calls itself ok',
    forged(),
    'ok',
    'failed',
    /does not hold: .*claims ok; its own files make it conflict/,
  ],
  ['a conflict that a person accepted', accepted('we go on'), 'conflict', 'waived', /Ana .* accepted it/],
] as const)(
  'a verdict that is %s is computed again and not passed over',
  async ([, files, verdict, status, message], { repo }) => {
    writePacket(repo);
    recordEarlier(repo);
    recordVerdict(repo, files, verdict);
    const run = await runStage(repo, 'audit');
    expect(checkOf(run, 'verdict:plan')).toMatchObject({ status, message: expect.stringMatching(message) });
    expect(run.report.outcome).toBe(status === 'failed' ? 'failed' : 'passed');
    if (status === 'waived')
      expect(run.report.waivers).toMatchObject([{ check: 'verdict:plan', reason: 'we go on' }]);
  },
);
