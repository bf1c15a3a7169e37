import { expect, test } from 'vitest';
import { Synthesis } from '../../schemas/consensus.js';
import { synthesize } from '../../src/consensus/synthesize.js';
import { canonicalJson } from '../../src/evidence/canonical.js';
import { plan } from './answers.js';
import { blocks, cases, nested } from './cases.js';
import { request, rulesOf, verdictOf } from './run.js';
import { saidBy } from './said.js';

test('a clean triple is ok, and says what it rests on', () => {
  const synthesis = verdictOf();
  expect(rulesOf(synthesis)).toEqual([]);
  expect(Synthesis.parse(synthesis)).toEqual(synthesis);
  expect(synthesis).toMatchObject({
    status: 'ok',
    status_reasons: [],
    missing_agents: [],
    also: { conflicts: 0, degrades: 0, warnings: 0 },
    quorum: { valid: ['gemini', 'claude', 'gpt_pro'], ungrounded: [], min: 2, met: true },
    consensus: { agreements: ['Write the documents of the packet first'], conflicts: [] },
    coverage: { total: 4, covered: 4 },
    alignment: { compared: 4, agreed: 4, split: 0, resolved: 0 },
    acceptance: null,
  });
  expect(synthesis.coverage.criteria[0]).toEqual({ id: 'AC-1', covered: true, by: ['claude', 'gpt_pro'] });
  expect(synthesis.citations).toContainEqual({ agent: 'gemini', checked: 3, missing: 0, examples: [] });
  expect(synthesis.positions[0]?.agents).toHaveLength(3);
});

test.for(cases)('%s', ([, run, status, rules]) => {
  const synthesis = verdictOf(run);
  expect(rulesOf(synthesis)).toEqual(rules);
  expect(synthesis.status).toBe(status);
  expect(saidBy(synthesis, run.stage)).toMatchSnapshot();
  expect(Synthesis.parse(synthesis)).toEqual(synthesis);
  for (const finding of synthesis.findings) {
    expect(finding.how_to_clear).toMatch(/\.$/);
    expect(finding.detail.length).toBeLessThan(700);
  }
});

test('every agent declares a conflict: the origin said ok', () => {
  const conflicts = ['the design forbids this step'];
  const outputs = {
    gemini: { ...plan.gemini, consensus: { agreements: [], conflicts } },
    claude: { ...plan.claude, final_plan: { consensus: { agreements: [], conflicts } } },
    gpt_pro: nested(conflicts),
  };
  const synthesis = verdictOf({ outputs });
  expect(synthesis).toMatchObject({ status: 'conflict', status_reasons: ['R50 declared_conflict'] });
  expect(synthesis.consensus.conflicts).toHaveLength(3);
  expect(synthesis.findings.map(({ id }) => id)).toEqual(['R50.1', 'R50.2', 'R50.3']);
});

test('the order of the agents does not matter, to the byte', () => {
  const whole = request({ outputs: { ...plan, gemini: blocks } });
  const turned = { ...whole, agents: [...whole.agents].reverse() };
  expect(canonicalJson(synthesize(turned))).toBe(canonicalJson(synthesize(whole)));
});

test('an acceptance is stored and changes nothing else', () => {
  const whole = request({ outputs: { ...plan, gemini: blocks } });
  const acceptance = { accepts: 'conflict', by: 'ada', reason: 'known', at: '2026-11-24T18:00:00Z' } as const;
  const accepted = synthesize({ ...whole, acceptance });
  expect(accepted).toEqual({ ...synthesize(whole), acceptance });
  expect(accepted.status).toBe('conflict');
});

test.for([
  [
    'an arbiter that silently drops a step and a criterion',
    ['R22 claude,gpt_pro AC-3', 'R30 claude,gpt_pro S3'],
  ],
  ['a criterion that nobody covers', ['R20  AC-2']],
  ['three of four cited paths invented', ['R10 gemini gemini']],
  ['one agent blocked, another ready', ['R41 gemini,claude,gpt_pro AC-2']],
  ['the same, resolved with a reason and a citation', ['R42 gpt_pro AC-2']],
  ['resolved as blocked', ['R42 gpt_pro AC-2', 'R44 gemini AC-2']],
  ['asked again, and nothing came', ['R02 gpt_pro escalation', 'R41 gemini,claude,gpt_pro AC-2']],
  ['a conflict inside final_plan.consensus', ['R50 gpt_pro conflict']],
] as const)('%s: the findings say whom and what they are about', ([name, wanted]) => {
  const [, run = {}] = cases.find(([each]) => each === name) ?? [];
  const said = verdictOf(run).findings.map(({ rule, agents, subject }) => `${rule} ${agents} ${subject}`);
  expect(said).toEqual(wanted);
});
