// What a stage with agents costs beside its models: preflight, rendering, extraction and synthesis of a 200 KB packet, and the
// memory of a server to which three agents answer 2 MB each.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { begun, prepare } from '../dist/src/consensus/begin.js';
import { inputsOf } from '../dist/src/consensus/inputs.js';
import { judge } from '../dist/src/consensus/judge.js';
import { questionFor, questionText } from '../dist/src/consensus/question.js';
import { synthesize } from '../dist/src/consensus/synthesize.js';
import { agentEvidence } from '../dist/src/consensus/evidence-files.js';
import { findPacket } from '../dist/src/packet/find.js';
import { openWorkspace } from '../dist/src/ports/open.js';
import { loadSettings } from '../dist/src/settings/load.js';
import { median, startServer } from './mcp-process.mjs';

const here = import.meta.dirname;
const SPEC = 'SPEC-KIT-BENCH';
const ROUNDS = 8;
const CRITERIA = 40;
const TRACKER = [
  '# Tracker',
  '',
  '| Order | Task ID | Title | Status | Owners | PRD | Branch | PR | Last Validation | Evidence | Notes |',
  '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
  `| 1 | T1 | Bench | In Progress | Ben | docs/${SPEC}/spec.md |  |  |  |  |  |`,
  '',
].join('\n');

function makePacket(kilobytes) {
  const root = mkdtempSync(path.join(tmpdir(), 'spec-kit-bench-'));
  const git = (...args) => execFileSync('git', ['-c', 'user.name=b', '-c', 'user.email=b@example.com', ...args], { cwd: root });
  const line = 'See `docs/SPEC-KIT-BENCH/spec.md` and src/main.ts: the service answers, and says why when it does not.\n';
  const prose = `- ${line}`.repeat(Math.ceil((kilobytes * 1024) / 3 / line.length));
  const criteria = Array.from({ length: CRITERIA }, (_, index) => `- R${index + 1}: it answers request ${index + 1}\n`).join('');
  mkdirSync(path.join(root, `docs/${SPEC}`), { recursive: true });
  writeFileSync(path.join(root, 'SPEC.md'), TRACKER);
  writeFileSync(path.join(root, `docs/${SPEC}/spec.md`), `# Spec: bench\n\n## Context\n\n${prose}\n## Objectives\n\n- One.\n\n## Acceptance Criteria\n\n${criteria}`);
  const sections = ['Inputs', 'Work Breakdown', 'Acceptance Mapping', 'Risks & Unknowns', 'Consensus & Risks (Multi-AI)', 'Exit Criteria (Done)'];
  writeFileSync(path.join(root, `docs/${SPEC}/plan.md`), `# Plan: bench\n\n${sections.map(title => `## ${title}\n\n- x\n`).join('\n')}${prose}`);
  writeFileSync(path.join(root, 'PLANNING.md'), `# Planning\n\n${prose}`);
  git('init', '-q');
  git('add', '-A');
  git('commit', '-q', '-m', 'packet');
  return root;
}

function answer(role, runId, promptVersion, filler = '') {
  const ids = Array.from({ length: CRITERIA }, (_, index) => `R${index + 1}`);
  const cites = [`docs/${SPEC}/spec.md`];
  const header = { stage: 'spec-plan', spec_id: SPEC, run_id: runId, prompt_version: promptVersion, agent: role, model: `m-${role}`, model_release: '1', reasoning_mode: 'high' };
  const positions = ids.map(requirement_id => ({ requirement_id, position: 'ready', because: `it can be built as written ${filler}`, cites }));
  const mapping = ids.map(requirement_id => ({ requirement_id, validation_step: `test ${requirement_id}`, artifact: cites[0], artifact_exists: true }));
  const steps = ids.map((id, index) => ({ id: `S${index + 1}`, step: `Build ${id}`, requirement_ids: [id], rationale: 'asked for', success_signal: 'test passes' }));
  const risks = [{ risk: 'late', owner: 'Ben', mitigation: 'begin' }];
  if (role === 'gemini') return { ...header, positions, research_summary: [{ topic: 'all', details: 'there', cites }], questions: [] };
  if (role === 'claude') return { ...header, positions, work_breakdown: steps, acceptance_mapping: mapping, risks, answers: [] };
  const final_plan = { work_breakdown: steps.map(({ id, step }) => ({ step, from: [id], success_signal: 'test passes' })), dropped: [], acceptance_mapping: mapping, risks, resolutions: [], consensus: { agreements: [], conflicts: [] } };
  return { ...header, positions, feasibility_notes: ['fine'], missing_items: [], final_plan };
}

function open(root) {
  return openWorkspace(root, {
    operator: { trust: undefined, secrets: ['a-secret-of-the-operator'], secret: () => undefined, variable: () => undefined },
    runCommand: () => async () => {
      throw new Error('No command runs here.');
    },
    copyLog: () => async () => {
      throw new Error('No log is copied here.');
    },
    http: async () => {
      throw new Error('Nothing is sent here.');
    },
    trusts: () => false,
  });
}

/** Everything of a run that is not a model, a guardrail or the disk of its evidence. */
async function withoutModels(workspace) {
  const loaded = await loadSettings(workspace);
  const packet = findPacket(workspace, 'docs', SPEC);
  const prepared = await prepare(workspace, loaded, packet, 'plan', undefined);
  const run = { runId: '20261122T100000Z-0a0b0c0d', startedAt: '2026-11-22T10:00:00Z' };
  const source = { head: { commit: null, tree: null, branch: null }, changes: [] };
  let state = begun(prepared, run, { outcome: 'passed', bundle: '', resource: '' }, source);
  let characters = 0;
  for (const seat of state.seats) {
    const question = questionFor(state, seat);
    characters += questionText(question).length;
    const text = `Here it is:\n\`\`\`json\n${JSON.stringify(answer(seat.role, run.runId, state.promptVersion), null, 2)}\n\`\`\`\n`;
    const { output, failure } = judge(state, seat, text);
    if (failure !== null) throw new Error(failure.message);
    const provenance = { source: 'http', provider: seat.role, model_requested: null, model_served: null, request_id: null, prompt_sha256: question.promptSha256, schema_sha256: question.schemaSha256, attempt: 1 };
    const given = { role: seat.role, again: false, status: 'valid', output, attempts: [], provenance, reportedCostUsd: null };
    state = { ...state, answers: [...state.answers, given] };
  }
  const inputs = await inputsOf(workspace, loaded.settings.workspace.evidence_root, state, () => 0, []);
  const agents = state.seats.map((seat, index) => ({ path: seat.role, sha256: '0'.repeat(64), evidence: agentEvidence(state, seat, state.answers[index]) }));
  const { status } = synthesize({ inputs, agents, escalation: null, timestamp: run.startedAt, acceptance: null });
  return { status, characters };
}

async function cpu() {
  const root = makePacket(200);
  try {
    const workspace = open(root);
    const times = [];
    let shown = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const before = process.cpuUsage();
      const { characters } = await withoutModels(workspace);
      const { user, system } = process.cpuUsage(before);
      times.push((user + system) / 1000);
      shown = characters;
    }
    return [
      { what: `consensus: a 200 KB packet, three prompts (${Math.round(shown / 1024)} KiB), three answers, verdict: first time, CPU ms`, value: times[0], bound: 250 },
      { what: 'consensus: the same once warm, CPU ms', value: median(times.slice(1)), bound: 250 },
    ];
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

async function memory() {
  const root = makePacket(200);
  try {
    const server = startServer([path.join(here, '../dist/bin/spec-kit-mcp.js'), 'serve'], root);
    await server.initialize();
    const call = async args => {
      const { message } = await server.request('tools/call', { name: 'spec_plan', arguments: { specId: SPEC, ...args } });
      if (message.result?.isError !== false && message.result?.structuredContent === undefined) throw new Error(JSON.stringify(message).slice(0, 500));
      return message.result.structuredContent;
    };
    let report = await call({});
    const { runId } = report;
    if (report.awaiting === undefined) throw new Error(report.summary);
    // As much as an answer may have: the positions of 40 criteria, each with 18,000 characters of reason, and the rest blanks.
    const promptVersion = '20261124-plan-a';
    while (report.awaiting !== undefined) {
      const { agent } = report.awaiting;
      const text = JSON.stringify(answer(agent, runId, promptVersion, 'because '.repeat(2_200)));
      report = await call({ runId, agent, output: text.padEnd(2 * 1024 * 1024, ' ') });
    }
    const { rss } = server.cost();
    await server.stop();
    if (report.verdict === null) throw new Error(report.summary);
    return [{ what: 'consensus: peak RSS of a server with three answers of 2 MiB, MiB', value: rss, bound: 200 }];
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

export async function consensus() {
  return [...(await cpu()), ...(await memory())];
}
