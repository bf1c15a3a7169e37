import type { Command } from '../../cli/command.js';
import { EXIT } from '../../cli/exit-codes.js';

export const demoCommand: Command = {
  name: 'demo',
  summary: 'show the main job on a small example in a temporary folder',
  takes: '',
  positionals: [0, 0],
  flags: {},
  example: 'spec-kit-mcp demo',
  async run(_, { say, signal }) {
    const { demo } = await import('./demo.js');
    const transcript: string[] = [];
    await demo((line = '') => {
      signal.throwIfAborted();
      transcript.push(line);
      say(line);
    });
    return { json: { transcript }, text: 'Every step came out as it should.', exitCode: EXIT.passed };
  },
};
