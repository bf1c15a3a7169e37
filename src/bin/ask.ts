import { createInterface } from 'node:readline/promises';

/** The line that a person types in answer, asked on stderr; undefined where nobody sits at a terminal. */
export async function askPerson(question: string, signal: AbortSignal): Promise<string | undefined> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await lines.question(question, { signal });
  } catch (error) {
    if (signal.aborted) return '';
    throw error;
  } finally {
    lines.close();
  }
}
