import { AgentEvidence, ConsensusInputs, type Verdict } from '../../schemas/consensus.js';
import { synthesize } from '../../src/consensus/synthesize.js';
import type { BundleFile } from '../../src/evidence/bundle.js';
import { sha256Of } from '../../src/evidence/digest.js';
import { plan, RUN_ID, SPEC_ID } from '../consensus/answers.js';
import { bundle, bytesOf, PREFIX } from '../consensus/bundle.js';
import { blocks } from '../consensus/cases.js';
import type { Run } from '../consensus/run.js';

const RUNS: Readonly<Record<Verdict, Run>> = {
  ok: {},
  conflict: { outputs: { ...plan, gemini: blocks } },
  degraded: { outputs: { gemini: plan.gemini, gpt_pro: plan.gpt_pro } },
};

/**
 * Answers of the plan stage that come to this verdict, their inputs and their synthesis, of any spec and session. `said` is
 * the status that the synthesis claims.
 */
export function consensusFiles(
  specId: string,
  sessionId: string,
  verdict: Verdict,
  said: string,
): BundleFile[] {
  const own = (text: string) => text.replaceAll(RUN_ID, sessionId).replaceAll(SPEC_ID, specId);
  const stored = [...bundle(RUNS[verdict])]
    .filter(([name]) => /_(?:inputs|gemini|claude|gpt_pro)\.json$/.test(name))
    .map(([name, bytes]) => ({ name: own(name), bytes: Buffer.from(own(bytes.toString())) }));
  const read = (bytes: Buffer): unknown => JSON.parse(bytes.toString());
  const prefix = own(PREFIX);
  const inputs = stored.find(({ name }) => name === `${prefix}_inputs.json`);
  if (inputs === undefined) throw new Error('no inputs');
  const agents = stored
    .filter(file => file !== inputs)
    .map(({ name, bytes }) => ({
      path: name,
      sha256: sha256Of(bytes),
      evidence: AgentEvidence.parse(read(bytes)),
    }));
  const synthesis = synthesize({
    inputs: ConsensusInputs.parse(read(inputs.bytes)),
    agents,
    escalation: null,
    timestamp: '2026-11-22T10:00:00.000Z',
    acceptance: null,
  });
  const claimed = bytesOf({ ...synthesis, status: said });
  return [...stored, { name: `${prefix}_synthesis.json`, bytes: claimed }];
}
