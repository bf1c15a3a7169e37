import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { judge } from './judge.mjs';
import { startModel } from './model-stub.mjs';
import { run as runProcess } from './processes.mjs';
import { lintByCommand, makeServer, makeWorkspace, tail } from './server.mjs';

const LIMIT_MS = 90_000;
const MAX_TURNS = 40;

const SPEC = 'SPEC-KIT-DEMO';

/** The conversation: the first two are judged in full, the others for their shape. */
const CALLS = {
  lint_tasks: {},
  run_guardrail: { specId: SPEC, stage: 'plan' },
  spec_status: { specId: SPEC },
  update_task: { taskId: 'T2', note: 'Seen by a client' },
  write_evidence: { specId: SPEC, name: 'client.md', content: 'Written by a client.' },
  verify_evidence: { specId: SPEC },
  spec_plan: { specId: SPEC, dryRun: true },
  hal_smoke: { specId: SPEC },
  spec_stage: { specId: SPEC, stage: 'tasks', dryRun: true },
  spec_auto: { specId: SPEC, to: 'plan', skipConsensus: true },
  new_spec: { title: 'Asked by a client', dryRun: true },
};

/** Calls every tool once, because a client may refuse one by its hints. */
function decideFor(toolNames) {
  const toCall = [...new Set([...Object.keys(CALLS), ...toolNames])].filter(name => toolNames.includes(name));
  let turns = 0;
  return received => {
    turns += 1;
    const done = new Set(received.results.map(({ tool }) => tool));
    const name = toCall.find(candidate => !done.has(candidate));
    if (name === undefined || turns > MAX_TURNS) return { say: 'Done.' };
    const tool = received.tools.find(candidate => candidate.name === name);
    if (tool === undefined) return received.find ?? { say: `There is no ${name}.` };
    return { call: tool.call, args: CALLS[name] ?? {} };
  };
}

/** A folder with a home, a workspace to be and room for temporary files, and an environment of nothing else. */
export function makePlace(scratch) {
  const folder = mkdtempSync(path.join(scratch, 'run-'));
  const [home, workspace, temporary] = ['home', 'kavedarr', 'tmp'].map(name => path.join(folder, name));
  mkdirSync(home);
  mkdirSync(temporary);
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    TMPDIR: temporary,
    LANG: 'C.UTF-8',
    TERM: 'xterm-256color',
  };
  return { folder, home, workspace, env };
}

/** One client, one transport: {problems: sentences, detail: sizes as the model saw them}. */
export async function attempt(client, run, entry, { scratch, toolNames }) {
  const began = performance.now();
  const { folder, home, workspace, env } = makePlace(scratch);
  let model;
  let server;
  const problems = [];
  try {
    await makeWorkspace(workspace, env, run.prepare);
    const lint = await lintByCommand(workspace, env);
    server = await makeServer(run.transport, workspace, env);
    model = await startModel(client.dialect, decideFor(toolNames));
    const launch = client.launch({ home, workspace, modelUrl: model.url, server, run });
    const options = { cwd: workspace, env: { ...env, ...launch.env }, limitMs: LIMIT_MS };
    for (const args of launch.commands) {
      const out = await runProcess(process.execPath, [entry, ...args], options);
      problems.push(...endOf(out), ...client.complaints(out.stdout));
    }
    const received = model.turns.findLast(({ tools }) => tools.length > 0) ?? model.turns.at(-1);
    problems.push(...judge({ received, called: Object.keys(CALLS), toolNames, lint, workspace }));
    return { problems, detail: received && describe(received, performance.now() - began) };
  } catch (error) {
    problems.push(error.message);
    return { problems };
  } finally {
    model?.close();
    problems.push(...((await server?.stop()) ?? []));
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function endOf({ code, stdout, stderr }) {
  if (code === null) return [`it did not end within ${LIMIT_MS / 1000} s`];
  return code === 0 ? [] : [`it ended with ${code}: ${tail(stderr || stdout)}`];
}

function describe({ tools: listed, results }, milliseconds) {
  const size = text => `${(Buffer.byteLength(text) / 1024).toFixed(1)} KiB`;
  const list = listed.map(({ name, description, schema }) => ({ name, description, schema }));
  return [
    `${list.length} tools in ${size(JSON.stringify(list))}`,
    ...results.map(({ tool, text }) => `${tool} ${size(text)}`),
    `${(milliseconds / 1000).toFixed(1)} s`,
  ].join(', ');
}
