import type { Next } from '../../schemas/shared.js';

type Given = Readonly<Record<string, unknown>>;

/** How each tool that a `next` may name is called as a command; what is not listed goes on elsewhere. */
const commands: Readonly<Record<string, (given: Given) => readonly unknown[]>> = {
  spec_plan: ({ specId, ...run }) => ['plan', specId, ...answer(run)],
  spec_stage: ({ stage, specId, ...run }) => ['stage', stage, specId, ...answer(run)],
  run_guardrail: ({ stage, specId }) => ['guardrail', stage, specId],
  hal_smoke: ({ specId }) => ['hal', 'run', specId],
  lint_tasks: ({ specId }) => ['lint', ...flag('spec', specId)],
  spec_auto: ({ specId, resume, from, cancel }) =>
    cancel === undefined
      ? ['auto', specId, ...flag('resume', resume), ...flag('from', from)]
      : ['status', '--run', cancel, '--cancel'],
  spec_status: ({ specId, runId, waitSeconds }) => [
    'status',
    ...(specId === undefined ? [] : [specId]),
    ...flag('run', runId),
    ...flag('wait', waitSeconds),
  ],
  verify_evidence: ({ specId }) => ['verify', ...(specId === undefined ? [] : [specId])],
};

/** The call that goes on from a result, as a person types it; nothing where the command line has none. */
export function nextLine(next: Next): readonly string[] {
  const typed = next === null ? undefined : typedCall(next.tool, next.arguments);
  return typed === undefined ? [] : [`next: ${typed}`];
}

/** A call as a person types it; undefined where the command line has none. */
export function typedCall(tool: string, given: Given): string | undefined {
  const command = Object.hasOwn(commands, tool) ? commands[tool] : undefined;
  return command === undefined ? undefined : ['spec-kit-mcp', ...command(given)].map(String).join(' ');
}

function answer({ runId, agent }: Given): readonly unknown[] {
  if (runId === undefined) return [];
  const given = agent === undefined ? [] : ['--agent', agent, '--output', 'FILE'];
  return ['--run', runId, ...given];
}

function flag(name: string, value: unknown): readonly unknown[] {
  return value === undefined ? [] : [`--${name}`, value];
}
