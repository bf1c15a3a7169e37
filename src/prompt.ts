import type { Next } from '../schemas/shared.js';
import type { Workspace } from './workspace/workspace.js';

export interface PromptArgument {
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
}

/** A document that goes with the words, as a resource. */
export interface Embedded {
  readonly uri: string;
  readonly mimeType: string;
  readonly text: string;
}

export interface PromptText {
  /** For the model: which tool to call with which arguments, and what to do with the answer. */
  readonly words: string;
  readonly documents: readonly Embedded[];
  /** Documents that are too long to go along. */
  readonly links: readonly string[];
}

/** A slash command in clients that show them. */
export interface Prompt {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly args: readonly PromptArgument[];
  /** Calls that begin it, the best first; the server takes the first whose tool it has. Throws SpecError. */
  calls(given: Readonly<Record<string, string>>): readonly NonNullable<Next>[];
  write(call: NonNullable<Next>, workspace: Workspace): Promise<PromptText>;
  complete(argument: string, value: string, workspace: Workspace): Promise<readonly string[]>;
}
