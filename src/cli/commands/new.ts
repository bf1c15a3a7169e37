import { newSpecTool } from '../../../tools/new-spec.js';
import type { Command } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { nextLine } from '../next-line.js';
import { runTool } from '../run-tool.js';

export const newCommand: Command = {
  name: 'new',
  summary: 'start a spec: the next free id, a packet from templates, a tracker row',
  takes: 'TITLE',
  positionals: [1, 1],
  flags: {
    area: { type: 'string', value: 'AREA', help: 'middle of the id, e.g. AUTH (default: the most used one)' },
    description: { type: 'string', value: 'TEXT', help: 'goes under Context of spec.md' },
    'dry-run': { type: 'boolean', help: 'show what would be written, write nothing' },
  },
  example: 'spec-kit-mcp new "Search by director" --area SEARCH',
  async run(parsed, terminal) {
    const [title] = parsed.positionals;
    const input = {
      title,
      area: parsed.text('area'),
      description: parsed.text('description'),
      dryRun: parsed.on('dry-run'),
    };
    const result = await runTool(newSpecTool, input, parsed, terminal);
    const text = [
      ...result.created,
      `${result.tracker.file}:${result.tracker.line} ${result.tracker.row}`,
      result.summary,
      ...nextLine(result.next),
    ];
    return { json: result, text: text.join('\n'), exitCode: EXIT.passed };
  },
};
