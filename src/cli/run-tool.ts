import type * as z from 'zod';
import { argumentProblems } from '../argument-problems.js';
import { SpecError } from '../errors.js';
import { assertNoOtherRun } from '../pipeline/long-call.js';
import type { Tool } from '../tool.js';
import type { Parsed, Terminal } from './command.js';

/** What the arguments of tools are called at a command line. */
const WORDS: Readonly<Record<string, string>> = {
  specId: 'SPEC-ID',
  taskId: 'TASK-ID',
  stage: 'STAGE',
  title: 'TITLE',
  runId: '--run',
  waitSeconds: '--wait',
  baselineMode: '--baseline-mode',
  expectHead: '--expect-head',
  lastValidation: '--last-validation',
  from: '--from',
  to: '--to',
  stages: '--stages',
  goal: '--goal',
  resume: '--resume',
  agent: '--agent',
  area: '--area',
  description: '--description',
  kind: '--kind',
  status: '--status',
  note: '--note',
  evidence: '--evidence',
  branch: '--branch',
  pr: '--pr',
};

/** The same checks of the input as a client gets. Throws SpecError. */
export function checkedInput<In extends z.ZodObject>(
  schema: In,
  input: Readonly<Record<string, unknown>>,
): z.output<In> {
  const checked = schema.safeParse(
    Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)),
  );
  if (checked.success) return checked.data;
  throw new SpecError(
    'INVALID_ARGUMENT',
    `Nothing was run: ${argumentProblems(checked.error, name => WORDS[name] ?? name)}.`,
  );
}

/** Calls a tool as a client would: the same checks of its input and output. Throws SpecError. */
export async function runTool<In extends z.ZodObject, Out extends z.ZodObject>(
  tool: Tool<In, Out>,
  input: Readonly<Record<string, unknown>>,
  parsed: Parsed,
  { open, signal, step }: Terminal,
): Promise<z.output<Out>> {
  const checked = checkedInput(tool.input, input);
  const workspace = open(parsed.text('workspace'));
  const subject = tool.subject?.(checked);
  if (subject !== undefined) await assertNoOtherRun(workspace, subject.specId);
  const output = await tool.run(checked, {
    workspace,
    signal,
    progress: async (done, total, message) => step(done, total, message),
  });
  return (await tool.output()).parse(output);
}
