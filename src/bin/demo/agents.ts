import type { AgentRole } from '../../../schemas/settings.js';
import { StageReport } from '../../../schemas/stage-tools.js';
import type { Say } from './demo.js';
import type { Session } from './session.js';

const SPEC = 'SPEC-KIT-DEMO';
const SPEC_MD = `docs/${SPEC}/spec.md`;

/**
 * The plan stage with agents, twice: the client answers for every role itself and says so, and the second time its arbiter
 * names a conflict. Both runs halt, each for its reason. Throws when one of them does not.
 */
export async function consult(say: Say, session: Session): Promise<void> {
  say();
  say(
    'spec_plan: three roles work out a plan, one question at a time. Nobody else is asked here: this demo answers for',
  );
  say('   all of them with canned text, and says so in "model". One voice is no second opinion.');
  const degraded = await answered(say, session, []);
  verdict(say, degraded, 'degraded');
  say('   The old rule saw three files and no conflict and said: ok.');
  say();
  say(
    'spec_plan again: now the arbiter names a conflict, where the origin never looked (final_plan.consensus).',
  );
  const conflict = await answered(say, session, [
    'R2 asks for 503, the constitution forbids failing answers',
  ]);
  verdict(say, conflict, 'conflict');
  say('   The old rule read other fields and said: ok.');
}

async function answered(say: Say, session: Session, conflicts: readonly string[]): Promise<StageReport> {
  let report = await ask(session, {});
  for (let { awaiting } = report; awaiting !== undefined; { awaiting } = report) {
    const { agent, role, promptUri } = awaiting;
    const prompt = await session.read(promptUri);
    say(`   ${agent} (${role}): a prompt of ${prompt.length} characters, answered`);
    const output = JSON.stringify(answerOf(agent, prompt, conflicts));
    report = await ask(session, { runId: report.runId, agent, output });
  }
  return report;
}

async function ask(session: Session, more: Readonly<Record<string, unknown>>): Promise<StageReport> {
  return StageReport.parse(await session.call('spec_plan', { specId: SPEC, ...more }));
}

function verdict(say: Say, report: StageReport, expected: string): void {
  const { findings = [], resource, summary } = report;
  say(`   verdict: ${report.verdict ?? 'none'}. ${summary}`);
  for (const { rule, detail } of findings.slice(0, 2)) say(`   ${rule}: ${detail}`);
  say(`   evidence: ${resource ?? 'none'}`);
  if (report.verdict !== expected)
    throw new Error(
      `The demo did not come out as it should: ${report.verdict ?? 'no verdict'}, not ${expected}.`,
    );
}

/** What a role answers: sound content of few words, in the header what the prompt asks for. */
function answerOf(role: AgentRole, prompt: string, conflicts: readonly string[]): object {
  const said = (name: string) => new RegExp(`"${name}"(?: is)? "([^"]{1,80})"`).exec(prompt)?.[1] ?? '';
  const criteria = ['R1', 'R2'];
  return {
    stage: said('stage'),
    spec_id: said('spec_id'),
    run_id: said('run_id'),
    prompt_version: said('prompt_version'),
    agent: role,
    model: 'canned answers of the spec-kit-mcp demo',
    model_release: 'none',
    reasoning_mode: 'none',
    ...contentOf(role, criteria, conflicts),
    positions: criteria.map(requirement_id => ({
      requirement_id,
      position: 'ready',
      because: 'the handler and its tests are there',
      cites: [SPEC_MD],
    })),
  };
}

function contentOf(role: AgentRole, criteria: readonly string[], conflicts: readonly string[]): object {
  const steps = [
    { id: 'S1', step: 'Answer /health with the version and the database state', requirement_ids: ['R1'] },
    { id: 'S2', step: 'Answer 503 when the database does not answer in time', requirement_ids: ['R2'] },
  ];
  const acceptance_mapping = criteria.map(requirement_id => ({
    requirement_id,
    validation_step: `health test that shows ${requirement_id}`,
    artifact: 'test/health.test.mjs',
    artifact_exists: true,
  }));
  const risks = [
    { risk: 'a scan may hold the connection', owner: 'Ben', mitigation: 'a deadline of 500 ms' },
  ];
  if (role === 'gemini')
    return {
      research_summary: [
        { topic: 'Health', details: 'one route, two answers', cites: [SPEC_MD, 'src/health.mjs'] },
      ],
      questions: [],
    };
  if (role === 'claude')
    return {
      work_breakdown: steps.map(step => ({
        ...step,
        rationale: 'the spec asks for it',
        success_signal: 'its test passes',
      })),
      acceptance_mapping,
      risks,
      answers: [],
    };
  return {
    feasibility_notes: ['small'],
    missing_items: [],
    final_plan: {
      work_breakdown: steps.map(({ id, step }) => ({ step, from: [id], success_signal: 'its test passes' })),
      dropped: [],
      acceptance_mapping,
      risks,
      resolutions: [],
      consensus: { agreements: [], conflicts },
    },
  };
}
