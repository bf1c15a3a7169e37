import type { CallToolResult, ServerContext } from '@modelcontextprotocol/server';
import { argumentProblems } from '../argument-problems.js';
import { describeError, SpecError } from '../errors.js';
import { inert, inertJson } from '../inert.js';
import { answerInTime, assertNoOtherRun, type Work } from '../pipeline/long-call.js';
import { runUri } from '../pipeline/run-files.js';
import { runningReport } from '../pipeline/run-report.js';
import { evidenceRootOf } from '../settings/evidence-root.js';
import type { Call, RunSubject, Tool } from '../tool.js';
import { chooseWorkspace } from './choose-workspace.js';
import type { Host } from './host.js';
import { logFailure } from './log-failure.js';
import { type Progress, SILENT, throttledProgress } from './progress.js';

/** Asked before every call; throws SpecError RATE_LIMITED when the caller has to wait. */
export type Admit = (tool: Tool) => void;

/** The one way from a `tools/call` to a tool and back. Never throws. */
export async function callTool(
  host: Host,
  tool: Tool,
  args: unknown,
  context: ServerContext,
  admit: Admit,
): Promise<CallToolResult> {
  const progress = progressTo(context);
  try {
    const data = await run(host, tool, args, context.mcpReq.signal, progress, admit);
    await progress.finish();
    return success(data);
  } catch (error) {
    await progress.finish();
    if (error instanceof SpecError) return failure(describeError(error));
    if (context.mcpReq.signal.aborted) return failure('The call was cancelled.');
    return unexpected(host, tool, error, context);
  }
}

async function run(
  host: Host,
  tool: Tool,
  args: unknown,
  signal: AbortSignal,
  progress: Progress,
  admit: Admit,
): Promise<Record<string, unknown>> {
  const input = parseInput(tool, args);
  const workspace = chooseWorkspace(host.workspaces, input['workspace']);
  admit(tool);
  const call = {
    workspace,
    signal,
    progress: (done: number, total: number, message: string) =>
      progress.report({ progress: done, total, message: inert(message) }),
  };
  const subject = tool.subject?.(input);
  // What is quick with a tool that may take long does not wait for those that do.
  const quick = tool.annotations.readOnlyHint || (tool.subject !== undefined && subject === undefined);
  const work = (parts: Partial<Call>) =>
    finish(host, tool, input, { ...call, ...parts }, quick ? host.reads : host.runs);
  return subject === undefined ? work({}) : inTime(host, subject, Number(input['waitSeconds']), call, work);
}

/** The whole of a call, however long its client waits for it. */
async function finish(
  host: Host,
  tool: Tool,
  input: Record<string, unknown>,
  call: Call,
  slots: Host['runs'],
): Promise<Record<string, unknown>> {
  const leave = await slots.enter(call.signal);
  try {
    const data = inertJson((await tool.output()).parse(await tool.run(input, call)));
    if (call.workspace === host.workspaces[0]) host.hub.announce(tool.changes?.(data) ?? []);
    return data;
  } finally {
    leave();
  }
}

async function inTime(
  host: Host,
  subject: RunSubject,
  waitSeconds: number,
  call: Call,
  work: Work,
): Promise<Record<string, unknown>> {
  const { workspace } = call;
  await assertNoOtherRun(workspace, subject.specId);
  const long = {
    ...call,
    subject,
    root: await evidenceRootOf(workspace),
    waitMs: waitSeconds * 1000,
    changed: (runId: string) => {
      if (workspace === host.workspaces[0]) host.hub.announce([runUri(runId)]);
    },
    explain: (error: unknown) => explained(host, subject.kind, error),
  };
  const answer = await answerInTime(long, work);
  if ('output' in answer) return answer.output;
  long.changed(answer.run.runId);
  return inertJson(runningReport(workspace, answer.run));
}

/** Why a run has no result, in words that its record may keep. */
function explained(host: Host, what: string, error: unknown) {
  if (error instanceof SpecError) return { code: error.code, message: error.message };
  const id = logFailure(host, what, error);
  return {
    code: 'INTERNAL',
    message: `It failed inside the server; the server's log has the cause under ${id}.`,
  };
}

function parseInput(tool: Tool, args: unknown): Record<string, unknown> {
  const parsed = tool.input.safeParse(args ?? {});
  if (parsed.success) return parsed.data;
  const known = Object.keys(tool.input.shape).join(', ');
  throw new SpecError(
    'INVALID_ARGUMENT',
    `${tool.name} was not run: ${argumentProblems(parsed.error)}. Its arguments are: ${known}.`,
  );
}

function success(data: Record<string, unknown>): CallToolResult {
  const content: CallToolResult['content'] = [{ type: 'text', text: JSON.stringify(data) }];
  const uri = data['resource'];
  if (typeof uri === 'string') content.push({ type: 'resource_link', uri, name: uri });
  return { content, structuredContent: data };
}

/** Text only: some clients drop the text when there is structured content beside it. */
function failure(text: string): CallToolResult {
  return { isError: true, content: [{ type: 'text', text: inert(text) }] };
}

function unexpected(host: Host, tool: Tool, error: unknown, { mcpReq }: ServerContext): CallToolResult {
  const id = logFailure(host, tool.name, error);
  const text = `${tool.name} failed inside the server; the server's log has the cause under ${id}. Trying the same again will not help.`;
  mcpReq.log('error', text, 'spec-kit').catch(() => {});
  return failure(text);
}

function progressTo({ mcpReq }: ServerContext): Progress {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return SILENT;
  return throttledProgress(async step => {
    if (mcpReq.signal.aborted) return;
    await mcpReq
      .notify({ method: 'notifications/progress', params: { progressToken, ...step } })
      .catch(() => {});
  });
}
