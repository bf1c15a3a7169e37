import type * as z from 'zod';
import type { Stage } from '../schemas/ids.js';
import type { Workspace } from './workspace/workspace.js';

/** What a call that may take long works on. */
export interface RunSubject {
  /** As in the records of runs: guardrail, stage, auto, hal. */
  readonly kind: string;
  readonly specId: string;
  readonly stage: Stage | null;
  /** True: its core keeps the record of the run itself, and tells its id. */
  readonly ownRecord?: true;
}

/** What a tool gets beside its arguments. */
export interface Call {
  readonly workspace: Workspace;
  readonly signal: AbortSignal;
  progress(done: number, total: number, message: string): Promise<void>;
  /** A core that keeps a record of its own tells its id here: it is what a caller that cannot wait asks for later. */
  readonly recordedAs?: (runId: string) => void;
  /** The run that makes this call as a part of itself. */
  readonly partOf?: string;
}

export interface Tool<In extends z.ZodObject = z.ZodObject, Out extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  readonly title: string;
  /** For a model: what it does, when to use it, what comes back. Under 300 characters. */
  readonly description: string;
  /** Strict, and with the optional `workspace` of schemas/workspace.ts. */
  readonly input: In;
  /** Loaded on the first call: no start needs it, and building a schema takes time. */
  output(): Promise<Out>;
  readonly annotations: {
    readonly readOnlyHint: boolean;
    readonly destructiveHint: boolean;
    readonly idempotentHint: boolean;
    readonly openWorldHint: boolean;
  };
  run(input: z.output<In>, call: Call): Promise<z.input<Out>>;
  /** For a call that may take longer than a client waits; its input has `waitSeconds`. Absent, or undefined for an input: it is quick. */
  subject?(input: z.output<In>): RunSubject | undefined;
  /** URIs of resources that a finished call changed; the server announces them. Absent: it changes none. */
  changes?(output: z.output<Out>): readonly string[];
}

/** Ties the types of `run` to the two schemas. Does nothing at run time. */
export function defineTool<In extends z.ZodObject, Out extends z.ZodObject>(
  tool: Tool<In, Out>,
): Tool<In, Out> {
  return tool;
}
