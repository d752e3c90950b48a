import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { behavesLikeAShell } from './behaviours.ts'
import { needShell, type Operator, operator } from './operator.ts'

const quoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`

describe('fish', function () {
  this.timeout(20_000)
  behavesLikeAShell({
    shell: 'fish',
    say: (text) => `printf '%s\\n' ${quoted(text)}`,
    sayOnStderr: (text) => `echo ${quoted(text)} >&2`,
    sayUnfinished: (text) => `printf %s ${quoted(text)}`,
    sayVariable: (name) => `printf '[%s]\\n' "$${name}"`,
    set: (name, value) => `set -gx ${name} ${quoted(value)}`,
    unset: (name) => `set -e ${name}`,
    go: (folder) => `cd ${quoted(folder)}`,
    sayFolder: 'pwd',
    exit: (code) => `exit ${code}`,
    fail: 'no-such-command',
    stops: false,
    continues: true,
    brokenSyntax: 'if true\n',
    place: /joining\.md \(line 44\): ?\nno-such-command\n/,
    nativeCommand: (command) => `sh -c ${quoted(command)}`,
    join: '\n',
  })

  describe('of its own', () => {
    let someone: Operator
    beforeEach(async function () {
      someone = operator(tmpdir())
      await needShell(this, someone, 'fish')
    })
    afterEach(() => someone.run.close())
    const fish = (text: string, more = {}) => someone.step('fish', text, more)

    it('hands on variables that are not exported, lists and functions', async () => {
      await fish(`set x 1; set -g list a 'b c' 'd
e' 日本 '' \\xff; set none; set -gx both one 'two three'; set -gx --path LIBS a b
function greet -a who --description 'says "hello"'
  echo "hello $who" # and
end
function 挨拶; echo こんにちは; end`)
      const { output } = await fish(
        `greet you; 挨拶; echo $x $list[2] $list[3] $list[4] (count $list) (count $none) (set -q none; echo $status)
test $list[6] = \\xff; and echo same
set -a both four; set -a LIBS c; echo (count $both) (count $LIBS); sh -c 'echo "$both $LIBS"'`,
      )
      assert.equal(output, 'hello you\nこんにちは\n1 b c d\ne 日本 6 0 0\nsame\n3 3\none two three four a:b:c\n')
      await someone.step('bash', 'both=other')
      assert.equal((await fish('echo (count $both) $both')).output, '1 other\n')
    })

    it('hands on that a local variable or a function is gone', async () => {
      await fish('set -g x 1; function f; end')
      await fish('set -e x; functions -e f')
      assert.equal((await fish('echo "[$x]"; functions -q f; or echo gone')).output, '[]\ngone\n')
    })

    it('hands on none of what waits for an event of one process, and none of the library of fish', async () => {
      await fish(
        'function bye --on-event fish_exit; echo bye; end; function got --on-signal USR1; end; ll >/dev/null; cd /',
      )
      assert.deepEqual(JSON.parse(someone.state.local.fish ?? ''), { variables: [], functions: [] })
    })

    it('fails as its last command fails, or as exit says', async () => {
      for (const [text, code] of [
        ['false', 1],
        ['no-such', 127],
        ['false; true', 0],
        ['false; or exit 3; true', 3],
        ['function f; return 6; end; f', 6],
        ['return 4', 4],
      ] as const) {
        assert.equal((await fish(text)).code, code, text)
      }
    })

    for (const [how, text, code] of [
      ['exit in a function', 'function f; set -l KEPT no; exit 4; end; f', 4],
      ['return', 'return 6', 6],
      ['a handler of its own', 'function bye --on-event fish_exit; exit 9; end; exit 2', 2],
      ['SIGTERM', 'kill -TERM $fish_pid; sleep 5; echo never', 143],
      ['SIGINT', 'kill -INT $fish_pid; sleep 5; echo never', 130],
    ] as const) {
      it(`hands on its state when it ends by ${how}`, async () => {
        const done = await fish(`set x local; set -gx LAST 1\n${text}`)
        assert.equal(done.code, code)
        assert.doesNotMatch(done.output, /never/)
        assert.equal(someone.state.env.LAST, '1')
        assert.equal((await fish('echo "$x [$KEPT]"')).output, 'local []\n')
      })
    }

    it('hands on what it did until it was cancelled', async () => {
      const stop = new AbortController()
      const { exit } = await fish('set -gx A 1; sh -c "echo up; exec sleep 75.5"', {
        signal: stop.signal,
        onOutput: () => stop.abort(),
      })
      assert.equal(exit.kind, 'cancelled')
      assert.equal(someone.state.env.A, '1')
    })

    it('keeps nothing of a grant, not even unexported', async () => {
      await fish('set -gu TOKEN $TOKEN; set copy 1', { grants: { TOKEN: 'geheim' } })
      assert.doesNotMatch(JSON.stringify(someone.state), /geheim/)
      assert.match(someone.state.local.fish ?? '', /copy/)
    })

    it('takes a text of any length on any line, and knows what it is called', async () => {
      assert.equal((await fish(`true ${'x'.repeat(200_000)}\necho (status filename)`)).output, 'joining.md\n')
      assert.match(
        (await fish('no-such', { place: { file: 'a b/-ü.md', line: 30_000 } })).output,
        /a b\/-ü\.md \(line 30000\)/,
      )
      assert.match((await fish('no-such', { place: { file: '-x.md', line: 1 } })).output, /-x\.md \(line 1\)/)
    })
  })
})
