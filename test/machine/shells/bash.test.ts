import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { behavesLikeAShell } from './behaviours.ts'
import { type Operator, operator } from './operator.ts'
import { posixDialect } from './posix-dialect.ts'

describe('bash', function () {
  this.timeout(20_000)
  behavesLikeAShell(posixDialect('bash'))

  describe('of its own', () => {
    let someone: Operator
    beforeEach(() => {
      someone = operator(tmpdir())
    })
    afterEach(() => someone.run.close())
    const bash = (text: string, more = {}) => someone.step('bash', text, more)

    it('hands on variables that are not exported, arrays and functions', async () => {
      await bash(`x=1; list=(a 'b c' $'d\\ne'); declare -A map=([k]='v "q"' [日本]=語); declare -i n=5
greet() { echo "hello $1"; }; readonly fixed=3; export -f greet; declare -rx both=4`)
      const { output } = await bash(
        `greet you; echo "$x \${list[1]} \${list[2]} \${map[k]} \${map[日本]}"; n=n+1; echo $n $fixed $both; bash -c 'greet child; echo $both'`,
      )
      assert.equal(output, 'hello you\n1 b c d\ne v "q" 語\n6 3 4\nhello child\n4\n')
      const again = await bash('fixed=4', { errors: 'continue' })
      assert.match(again.output, /fixed: readonly variable/)
    })

    it('hands on that a local variable or a function is gone', async () => {
      await bash('x=1; f() { :; }')
      await bash('unset x; unset -f f')
      assert.equal((await bash('set +u; echo "[$x]"; type f', { errors: 'continue' })).output.split('\n')[0], '[]')
    })

    it('hands on functions that need extglob', async () => {
      await bash('shopt -s extglob\nf() { case $1 in +([0-9])) echo number ;; *) echo other ;; esac; }')
      assert.equal(
        (await bash('shopt -q extglob || echo off; shopt -s extglob; f 12; f x')).output,
        'off\nnumber\nother\n',
      )
    })

    it('lets a step have an EXIT trap of its own', async () => {
      const { output, code } = await bash(`trap 'code=$?; echo "bye $code"; exit $code' EXIT\nexport KEPT=1\nfalse`)
      assert.equal(output, 'bye 1\n')
      assert.equal(code, 1)
      assert.equal(someone.state.env.KEPT, '1')
      assert.equal((await bash('echo quiet; trap')).output.split('\n')[0], 'quiet')
    })

    it('keeps nothing of a grant, not even unexported', async () => {
      await bash('declare +x TOKEN; copy=1', { grants: { TOKEN: 'geheim' } })
      assert.doesNotMatch(JSON.stringify(someone.state), /geheim/)
    })

    it('fails when a part of a pipe fails', async () => {
      assert.equal((await bash('false | true; echo never')).code, 1)
      assert.equal((await bash('false | true; echo on', { errors: 'continue' })).output, 'on\n')
    })

    it('survives what a step does to its shell', async () => {
      for (const text of ['set -u', 'set -x', 'IFS=,', 'exec >/dev/null', 'set -o posix', 'trap "echo e" ERR DEBUG']) {
        await bash(`${text}\nexport LAST='${text}'`)
        assert.equal(someone.state.env.LAST, text, text)
      }
      const { output } = await bash('set -x\n:')
      assert.equal(output, '+ :\n')
    })

    it('gives a real pipe, so that /dev/stderr can be opened', async () => {
      assert.equal((await bash('echo x >/dev/stderr; echo y | tee /dev/stderr')).output, 'x\ny\ny\n')
    })

    for (const [how, text, code] of [
      ['exit in a function', 'f() { local KEPT=no x=shadow; export LAST=1; exit 4; }\nf', 4],
      ['a failing command in a function', 'f() { local KEPT=no; export LAST=1; false; echo never; }\nf', 1],
      ['a failing command in a subshell', 'export LAST=1; (false; echo never); echo never', 1],
      ['return', 'f() { export LAST=1; return 6; }; f; echo never', 6],
      ['an unset variable', 'set -u; export LAST=1; echo $nothing; echo never', 1],
      ['a read-only variable', 'export LAST=1; readonly r=1; r=2; echo never', 1],
      ['a missing value', `export LAST=1; : \${nothing:?is missing}; echo never`, 1],
      ['SIGTERM', 'export LAST=1; kill -TERM $$; sleep 5; echo never', 143],
      ['SIGINT', 'export LAST=1; kill -INT $$; sleep 5; echo never', 130],
      ['SIGHUP', 'export LAST=1; kill -HUP $$; sleep 5; echo never', 129],
    ] as const) {
      it(`hands on its state when it ends by ${how}`, async () => {
        const done = await bash(`x=local; list=(1 2)\n${text}`)
        assert.equal(done.code, code)
        assert.doesNotMatch(done.output, /never/)
        assert.equal(someone.state.env.LAST, '1')
        assert.equal((await bash(`echo "$x \${list[1]} [\${KEPT-}]"`)).output, 'local 2 []\n')
      })
    }

    it('hands on what it did until it was cancelled', async () => {
      const stop = new AbortController()
      const { exit } = await bash('export A=1; sh -c "echo up; exec sleep 75.5"', {
        signal: stop.signal,
        onOutput: () => stop.abort(),
      })
      assert.equal(exit.kind, 'cancelled')
      assert.equal(someone.state.env.A, '1')
    })

    it('keeps the state before when the step was killed', async () => {
      await bash('export A=1')
      const { exit } = await bash('export A=2; kill -9 $$')
      assert.deepEqual(
        [exit.kind, 'exitCode' in exit && exit.exitCode, 'signal' in exit && exit.signal],
        ['exited', 137, 'SIGKILL'],
      )
      assert.equal(someone.state.env.A, '1')
    })

    it('refuses a text that no argument holds, and takes one that it holds', async () => {
      assert.equal((await bash(`: ${'x'.repeat(90_000)}`)).code, 0)
      const { exit } = await bash(`: ${'x'.repeat(200_000)}`)
      assert.equal(exit.kind === 'refused' && exit.problem.code, 'step-too-long')
    })

    it('carries much state', async () => {
      await bash('big=$(head -c 300000 /dev/zero | tr "\\0" "日")')
      assert.equal((await bash('echo "$(printf %s "$big" | wc -c)"')).output, '300000\n')
    })

    it('counts the lines of a text far down a long file', async () => {
      const { output } = await bash('no-such', { place: { file: 'long.md', line: 20_000 } })
      assert.match(output, /long\.md: line 20000: /)
    })

    it('starts a text on the first line, too', async () => {
      assert.equal((await bash('echo x', { place: { file: 'f', line: 1 } })).output, 'x\n')
    })
  })
})
