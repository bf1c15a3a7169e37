/**
 * What can go wrong, what must happen then, and what shows it. `tests`: [file, part of the test's name]; all of a file when
 * there is no name. `script`: an npm script that is judged by its exit code. `reason`: why a row is not run.
 */
export const rows = [
  row(1, 'A guardrail cannot start, is killed, times out, is cut off', 'never passed; evidence is written', [
    ['test/guardrail/commands.test.ts', 'a command that'],
  ]),
  row(2, 'SIGKILL of any of 8 writers at any time', 'every acknowledged bundle is there and verifies; nothing torn', [
    ['test/evidence/kill-storm.test.ts'],
    ['test/evidence/crash-points.test.ts'],
  ], { script: 'storm' }),
  row(3, 'The n-th file-system call fails (EIO, ENOSPC, EMFILE, short write)', 'old or new state, the error said, no temporary file left', [
    ['test/evidence/faults.test.ts'],
    ['test/ports/faults.test.ts'],
  ]),
  row(4, 'One byte of evidence changed, a file deleted, swapped, added', 'verify ends with 1 and names the record, the file and the byte', [
    ['test/evidence/verify-mutations.test.ts'],
  ]),
  row(5, 'The newest records removed, the whole ledger rolled back', 'exit 3 with an anchor; without one the report says so first', [
    ['test/evidence/verify.test.ts', 'anchor'],
    ['test/evidence/anchor.test.ts'],
  ]),
  row(6, 'A secret of the environment, echoed split and encoded', 'found in no output, evidence or git object', [
    ['test/guardrail/commands.test.ts', 'a secret of the environment'],
    ['test/guardrail/canary.test.ts'],
    ['test/hal/secrets.test.ts', 'found nowhere'],
    ['test/redact/redactor.test.ts'],
    ['test/redact/generated.test.ts'],
  ]),
  row(7, 'A grandchild holds the output, ignores TERM, leaves the session', 'settled 3 s after the deadline, nothing survives', [
    ['test/ports/exec.test.ts'],
  ]),
  row(8, 'A repository with hostile configuration, hooks, filters, a bare repository inside', 'no program of it runs; the keys are named', [
    ['test/ports/git.test.ts', 'runs no program that a hostile repository names'],
    ['test/hostile/repository.test.ts'],
  ]),
  row(9, 'References and paths that look like options', 'refused before git starts', [
    ['test/tools/hostile-arguments.test.ts'],
  ]),
  row(10, '`..`, absolute paths, symbolic links, a swapped folder, a FIFO', 'refused; nothing outside the workspace is touched', [
    ['test/ports/files.test.ts'],
    ['test/ports/swap-race.test.ts'],
    ['test/tools/hostile-arguments.test.ts'],
  ]),
  row(11, 'A wrong Host or Origin, `null`, two Host headers', '403 before the body is read', [
    ['test/server/http-refusals.test.ts', 'refuses'],
  ]),
  row(12, 'No bearer token, or a wrong one', '401; without a token one is made, never none', [
    ['test/server/http-refusals.test.ts', 'token'],
    ['test/ports/token-file.test.ts'],
  ]),
  row(13, '50 clients with the same request ids', 'each gets its own answers', [
    ['test/server/http.test.ts', 'each get their own answers'],
  ]),
  row(14, 'A redirect to another origin or to the metadata address; names that change their address', 'not followed; no secret goes there', [
    ['test/hal/transport.test.ts', 'redirect'],
    ['test/ports/http.test.ts', 'a name is looked up once'],
    ['test/hal/target.test.ts'],
  ]),
  row(15, 'Compressed bombs, a body without end, one byte a second, silence', 'stopped at the limit or the deadline; nothing is decoded', [
    ['test/hal/transport.test.ts'],
    ['test/hal/answers.test.ts', 'a stream without an end'],
  ]),
  row(16, 'A million elements, 5 MiB, 200,000 levels, a batch of 101', 'refused quickly and in little memory', [
    ['test/server/http-refusals.test.ts', 'refuses'],
    ['test/server/http-body.test.ts'],
  ]),
  row(17, 'The disk is full or read-only', 'a clear error; the run counts as not evidenced; the server lives', [
    ['test/evidence/bad-places.test.ts', 'refuses the write'],
    ['test/tools/bad-input.test.ts', 'evidence that cannot be written'],
  ]),
  row(18, 'Two processes edit the same cell', 'one wins, the other is told; every other byte stays', [
    ['test/tracker/concurrent.test.ts'],
  ]),
  row(19, 'Hostile Markdown: emphasis without end, a row of 1 MB, 20,000 columns', 'findings or a limit, in linear time', [
    ['test/tools/bad-input.test.ts', 'a tracker that is'],
  ]),
  row(20, 'Any bytes as SPEC.md', 'no throw, no hang, findings with places', [['test/fuzz.test.ts', 'any bytes as tracker']]),
  row(21, 'An edit and its way back', 'the cell changes and no other byte; line ends, mark and mode stay', [
    ['test/tracker/edit.test.ts'],
  ]),
  row(22, '1 GB of output', 'ended at the limit, head and tail kept, bytes counted, little memory', [
    ['test/ports/exec.test.ts', 'that fills the disk'],
    ['test/ports/log.test.ts'],
  ], { script: 'bench -- exec' }),
  row(23, 'A clone with autocrlf, a ZIP, a shallow clone', 'verify says ok', [
    ['test/evidence/bad-places.test.ts', 'autocrlf'],
    ['test/evidence/clones.test.ts'],
  ]),
  row(24, 'Two branches record the same number', 'a conflict that git shows; rebase keeps both', [
    ['test/evidence/rebase.test.ts'],
  ]),
  row(25, 'The client cancels or leaves in a run', 'the group is dead within 3 s; the run is recorded as incomplete', [
    ['test/guardrail/commands.test.ts', 'a cancelled run'],
    ['test/server/http.test.ts', 'stops the work when it cancels'],
    ['test/server/stdio.test.ts', 'stops the work'],
  ]),
  row(26, 'SIGTERM while calls run', 'they may finish, then they are ended; exit 0', [
    ['test/server/http-closing.test.ts'],
  ], { script: 'load' }),
  row(27, 'SIGKILL of the server in a run', 'its commands die with it', [
    ['test/ports/server-death.test.ts'],
    ['test/guardrail/death.test.ts'],
  ]),
  row(28, 'End of input, a broken pipe, a line of 60 MB, garbage', 'exit, exit, a message and exit, alive', [
    ['test/server/stdio.test.ts'],
  ]),
  row(29, 'Something prints to stdout', 'only messages go out', [
    ['test/server/stdio.test.ts', 'keeps stdout for messages'],
    ['test/server/stdio-fuzz.test.ts'],
  ]),
  row(30, 'Escape sequences, direction marks, hidden characters in foreign text', 'inert in every result', [
    ['test/inert.test.ts'],
    ['test/tools/inert-results.test.ts'],
  ]),
  row(31, 'The list of tools drifts', 'the committed snapshot differs', [
    ['test/contract.test.ts', 'is the published contract'],
  ]),
  row(32, 'An unknown argument, `__proto__`, a wrong type', 'an error that names the argument; prototypes stay clean', [
    ['test/server/create.test.ts', 'is told which argument is wrong'],
    ['test/server/http-refusals.test.ts', 'keeps prototypes clean'],
  ]),
  row(33, '200 slow clients, a head of 20 KB, a length and pieces at once', '408, 431, 400; others are served', [
    ['test/server/http-stress.test.ts'],
  ]),
  row(34, '100 runs at once', 'as many as fit run, some wait, the rest is BUSY or has to come back; health answers', [
    ['test/server/slots.test.ts'],
    ['test/server/http-refusals.test.ts', 'a flood gets 429'],
  ], { script: 'load' }),
  row(35, 'Ten minutes of work', 'memory does not grow; descriptors and children are back', [], { script: 'soak -- 60' }),
  row(36, 'The clock steps back or jumps', 'order by number; verify says ok', [
    ['test/evidence/bad-places.test.ts', 'a clock that was set back'],
    ['test/evidence/read.test.ts', 'while the clock stood wrong'],
  ]),
  row(37, 'A writer is stopped for 8 s and goes on', 'nothing is published twice, nothing waits for ever', [
    ['test/evidence/kill-storm.test.ts'],
    ['test/evidence/crash-points.test.ts'],
  ], { script: 'storm' }),
  row(38, 'What a crash left in staging', 'no finding; swept after a day', [['test/evidence/publish.test.ts', 'staging']]),
  row(39, 'A bundle without a record, a record without its bundle', 'incomplete; tampered', [
    ['test/evidence/verify.test.ts'],
  ]),
  row(40, 'A wrong, foreign or misused signature, a payload swapped after it', 'rejected; what is verified is what is read', [
    ['test/evidence/anchor.test.ts', 'is not believed'],
    ['test/evidence/anchor.test.ts', 'is believed of the allowed signer alone'],
    ['test/evidence/envelope.test.ts'],
  ]),
  row(41, 'JSON with duplicate names, big integers, lone surrogates, another form', 'a finding with the byte', [
    ['test/evidence/canonical.test.ts'],
    ['test/evidence/strictness.test.ts'],
    ['test/evidence/readers.test.ts'],
  ]),
  row(42, 'A dirty work tree; HEAD moves in a run', 'said in the record; a dirty tree does not pass plan, audit and unlock, and a moved HEAD passes nothing', [
    ['test/guardrail/plan.test.ts', 'an untracked file fails'],
    ['test/guardrail/commands.test.ts', 'moves HEAD'],
  ]),
  row(43, 'The configuration changed since the evidence', '`verify --current` says the evidence is stale', [
    ['test/evidence/strictness.test.ts', 'no longer fits the work tree'],
  ]),
  row(44, 'git is missing or broken, HEAD detached, no commit, 20,000 files', 'a clear result', [
    ['test/cli/program.test.ts', 'without git'],
    ['test/ports/git.test.ts'],
  ]),
  row(45, 'A tool that only reads writes something', 'cannot happen', [
    ['test/hostile/read-only.test.ts'],
    ['test/tools/spec-status.test.ts', 'reads only'],
  ]),
  row(46, 'A file system without hard links', 'EVIDENCE_FS_NO_LINK, nothing else tried', [['test/evidence/bad-places.test.ts', 'without hard links']]),
  row(47, 'The lockfile drifts: a script, a git source, more than 60 packages', 'CI fails', [
    ['test/scripts/check-lock.test.ts'],
  ]),
  row(48, 'Node 20, 22, 24', 'the whole suite passes on each', [], { script: 'test:nodes' }),
];

function row(number, fault, required, tests, { script, reason } = {}) {
  return { number, fault, required, tests, script, reason };
}
