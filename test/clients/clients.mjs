import { claudeCode } from './claude-code.mjs';
import { codex } from './codex.mjs';
import { geminiCli } from './gemini-cli.mjs';

/**
 * Each client: its npm `package` and `entry` in it, the `dialect` of its model, its `runs`, `launch`, which writes the
 * configuration of one run and returns the commands to give and their environment, and `complaints`: what its output
 * says about calls that it did not let through.
 */
export const clients = [codex, claudeCode, geminiCli];
