import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { behavesLikeAShell } from './behaviours.ts'
import { type Operator, operator } from './operator.ts'
import { posixDialect } from './posix-dialect.ts'

describe('sh', function () {
  this.timeout(20_000)
  behavesLikeAShell(posixDialect('sh'))

  describe('of its own', () => {
    let someone: Operator
    beforeEach(() => {
      someone = operator(tmpdir())
    })
    afterEach(() => someone.run.close())

    for (const [how, text, code] of [
      ['exit in a function', 'f() { exit 4; }; f', 4],
      ['a failing command in a function', 'f() { false; echo never; }; f', 1],
      ['an unset variable', 'set -u; echo $nothing; echo never', 2],
      ['SIGTERM', 'kill -TERM $$; sleep 5; echo never', 143],
      ['SIGINT', 'kill -INT $$; sleep 5; echo never', 130],
      ['SIGHUP', 'kill -HUP $$; sleep 5; echo never', 129],
    ] as const) {
      it(`hands on its environment when it ends by ${how}`, async () => {
        const done = await someone.step('sh', `export LAST=1\n${text}`)
        assert.equal(done.code, code)
        assert.doesNotMatch(done.output, /never/)
        assert.equal(someone.state.env.LAST, '1')
      })
    }

    it('hands on what it did until it was cancelled', async () => {
      const stop = new AbortController()
      const { exit } = await someone.step('sh', 'export A=1; sh -c "echo up; exec sleep 75.5"', {
        signal: stop.signal,
        onOutput: () => stop.abort(),
      })
      assert.equal(exit.kind, 'cancelled')
      assert.equal(someone.state.env.A, '1')
    })

    it('lets a step have traps of its own', async () => {
      const { output, code } = await someone.step('sh', 'trap "echo got" TERM; kill -TERM $$; echo on')
      assert.deepEqual([output, code], ['got\non\n', 0])
      const last = await someone.step('sh', 'export LOST=1; trap "echo bye; exit 9" EXIT; exit 2')
      assert.deepEqual([last.output, last.code, someone.state.env.LOST], ['bye\n', 9, undefined])
    })
  })
})
