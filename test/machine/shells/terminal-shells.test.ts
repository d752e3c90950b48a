import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { needShell, type Operator, operator } from './operator.ts'
import { typist } from './typist.ts'

/**
 * In each shell: asks for a line, keeps it for the next step, and waits: in a program that says itself that it is there, since
 * shells pass over a Ctrl+C that comes while they start one.
 */
const dialogues: Readonly<Record<string, { readonly ask: string; readonly show: string; readonly wait: string }>> = {
  bash: {
    ask: 'read -p "Who? " ANSWER; export ANSWER',
    show: 'echo "<$ANSWER>"',
    wait: 'export A=1; sh -c "echo up; exec sleep 60"',
  },
  sh: {
    ask: 'printf "Who? "; read ANSWER; export ANSWER',
    show: 'echo "<$ANSWER>"',
    wait: 'export A=1; sh -c "echo up; exec sleep 60"',
  },
  zsh: {
    ask: 'read "ANSWER?Who? "; export ANSWER',
    show: 'echo "<$ANSWER>"',
    wait: 'export A=1; sh -c "echo up; exec sleep 60"',
  },
  fish: {
    ask: 'read -gx -P "Who? " ANSWER',
    show: 'echo "<$ANSWER>"',
    wait: 'set -gx A 1; sh -c "echo up; exec sleep 60"',
  },
  python: {
    ask: 'import os; os.environ["ANSWER"] = input("Who? ")',
    show: 'import os; print("<" + os.environ["ANSWER"] + ">")',
    wait: 'import os, time; os.environ["A"] = "1"; print("up"); time.sleep(60)',
  },
  ruby: {
    ask: 'print "Who? "; ENV["ANSWER"] = $stdin.gets.chomp',
    show: 'puts "<#{ENV["ANSWER"]}>"',
    wait: 'ENV["A"] = "1"; puts "up"; sleep 60',
  },
  perl: {
    ask: 'print "Who? "; chomp(my $line = <STDIN>); $ENV{ANSWER} = $line;',
    show: 'print "<$ENV{ANSWER}>\\n";',
    wait: '$ENV{A} = 1; $SIG{INT} = sub { exit 130 }; print "up\\n"; sleep 60;',
  },
  node: {
    ask: 'const lines = require("node:readline/promises").createInterface(process.stdin, process.stdout)\nprocess.env.ANSWER = await lines.question("Who? ")\nlines.close()',
    show: 'console.log("<" + process.env.ANSWER + ">")',
    wait: 'process.env.A = "1"; process.on("SIGINT", () => process.exit(130)); console.log("up"); setTimeout(() => {}, 60000)',
  },
}

describe('an interactive step', function () {
  this.timeout(30_000)
  let someone: Operator
  beforeEach(() => {
    someone = operator(tmpdir())
  })
  afterEach(() => someone.run.close())

  for (const [shell, { ask, show, wait }] of Object.entries(dialogues)) {
    it(`asks in ${shell}, hands on the answer, and hands on what it did until Ctrl+C`, async function () {
      await needShell(this, someone, shell)
      const at = typist()
      const step = someone.step(shell, ask, { keyboard: at.keyboard, onOutput: at.onOutput })
      await at.sees('Who? ')
      at.press('鈴木 "x"\r')
      assert.equal((await step).code, 0, at.screen())
      assert.equal(someone.state.env.ANSWER, '鈴木 "x"')
      assert.equal((await someone.step(shell, show)).output, '<鈴木 "x">\n')

      const again = typist()
      const waiting = someone.step(shell, wait, { keyboard: again.keyboard, onOutput: again.onOutput })
      await again.sees('up')
      again.press('\x03')
      assert.equal((await waiting).code, 130, again.screen())
      assert.equal(someone.state.env.A, '1')
    })
  }
})
