import * as z from 'zod';
import { SpecError } from '../errors.js';
import { inert } from '../inert.js';
import type { Tool } from '../tool.js';
import type { Parsed, Terminal } from './command.js';

/** Calls a tool as a client would: the same checks of its input and output. Throws SpecError. */
export async function runTool<In extends z.ZodObject, Out extends z.ZodObject>(
  tool: Tool<In, Out>,
  input: Readonly<Record<string, unknown>>,
  parsed: Parsed,
  { open, signal, note }: Terminal,
): Promise<z.output<Out>> {
  const checked = tool.input.safeParse(
    Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)),
  );
  if (!checked.success)
    throw new SpecError(
      'INVALID_ARGUMENT',
      `${z.prettifyError(checked.error).replaceAll('\n', ' ').slice(0, 1500)}.`,
    );
  const output = await tool.run(checked.data, {
    workspace: open(parsed.text('workspace')),
    signal,
    progress: async (done, total, message) => note(`[${done}/${total}] ${inert(message)}`),
  });
  return tool.output.parse(output);
}
