import * as z from 'zod';
import { typedCall } from './next-line.js';

/** The command that does what a tool does. */
const COMMANDS: Readonly<Record<string, string>> = {
  spec_status: 'status',
  run_guardrail: 'guardrail',
  spec_plan: 'plan',
  spec_stage: 'stage',
  spec_auto: 'auto',
  hal_smoke: 'hal run',
  lint_tasks: 'lint',
  new_spec: 'new',
  update_task: 'task',
  write_evidence: 'evidence write',
  verify_evidence: 'verify',
};

const NAMES = Object.keys(COMMANDS).join('|');
/** A call as messages write it, with the command that may follow it in brackets. */
const CALL = new RegExp(
  `\\b(${NAMES}) (\\{[^{}]{0,1000}\\})(?: \\((\`spec-kit-mcp [^\`]{1,300}\`)\\))?`,
  'g',
);
/** A bare name, and no part of a path, of a quotation or of a longer word. */
const NAME = new RegExp(`(?<![\\w"'\`/.-])(${NAMES})(?![\\w"'\`/-]|\\.\\w)`, 'g');

const Arguments = z.record(z.string(), z.unknown());

/** A sentence of ours that speaks of tools, for a person at a command line. */
export function asTyped(sentence: string): string {
  return sentence
    .replaceAll(
      CALL,
      (whole, tool: string, given: string, command: string | undefined) =>
        command ?? quoted(tool, given) ?? whole,
    )
    .replaceAll(NAME, name => `\`spec-kit-mcp ${COMMANDS[name]}\``);
}

function quoted(tool: string, given: string): string | undefined {
  const parsed = argumentsIn(given);
  const typed = parsed === undefined ? undefined : typedCall(tool, parsed);
  return typed === undefined ? undefined : `\`${typed}\``;
}

function argumentsIn(text: string): z.output<typeof Arguments> | undefined {
  try {
    return Arguments.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
