import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { behavesLikeAShell } from './behaviours.ts'
import { needShell, type Operator, operator } from './operator.ts'
import { posixDialect } from './posix-dialect.ts'

describe('zsh', function () {
  this.timeout(20_000)
  behavesLikeAShell(posixDialect('zsh'))

  describe('of its own', () => {
    let someone: Operator
    beforeEach(async function () {
      someone = operator(tmpdir())
      await needShell(this, someone, 'zsh')
    })
    afterEach(() => someone.run.close())
    const zsh = (text: string, more = {}) => someone.step('zsh', text, more)

    it('hands on variables that are not exported, of every type, and functions', async () => {
      await zsh(`x=1; list=(a 'b c' $'d\\ne'); typeset -A map=(k "v 'q'" 日本 語); typeset -i n=5; typeset -F f=1.5
typeset -r fixed=3; typeset -rix both=4; typeset -T LIBS libs; libs=(a b); export LIBS; typeset -Z 5 padded=42; typeset -aU once=(a a b)
greet() { print "hello $1" }; nul=$'a\\0b'; empty=''; not_utf8=$'\\xff'`)
      const { output } = await zsh(
        `greet you; echo $x $list[2] $list[3] $map[k] $map[日本]; n=n+1; libs+=(c); once+=(b c)
echo $n $((f * 2)) $fixed $both $LIBS $padded $once \${#nul} "[$empty]" \${#not_utf8} $+empty; [[ $not_utf8 == $'\\xff' ]] && zsh -c 'echo $both $LIBS'`,
      )
      assert.equal(output, `hello you\n1 b c d\ne v 'q' 語\n6 3. 3 4 a:b:c 00042 a b c 3 [] 1 1\n4 a:b:c\n`)
      const again = await zsh('fixed=4', { errors: 'continue' })
      assert.match(again.output, /joining\.md:42: read-only variable: fixed/)
    })

    it('hands on that a local variable or a function is gone', async () => {
      await zsh('x=1; f() { :; }')
      await zsh('unset x; unset -f f')
      assert.equal((await zsh('echo "[$x] $+functions[f]"')).output, '[] 0\n')
    })

    it('hands on where functions are looked for, and those that wait to be loaded', async () => {
      await zsh('fpath+=(/usr/none); autoload -Uz is-at-least')
      assert.equal((await zsh('echo $fpath[-1]; is-at-least 4.3.9 && echo new')).output, '/usr/none\nnew\n')
    })

    for (const [how, text, code] of [
      ['exit in a function', 'f() { local KEPT=no; typeset -gx LAST=1; exit 4 }\nf', 4],
      ['a failing command in a function', 'f() { typeset -gx LAST=1; false; echo never }\nf', 1],
      ['a failing command in a subshell', 'export LAST=1; (false; echo never); echo never', 1],
      ['a part of a pipe that fails', 'export LAST=1; false | true; echo never', 1],
      ['return', 'export LAST=1; return 6', 6],
      ['a missing value', `export LAST=1; : \${nothing:?is missing}; echo never`, 1],
      ['an EXIT trap of its own', 'export LAST=1; trap "echo bye; exit 9" EXIT; exit 2', 9],
      ['a TRAPEXIT of its own', 'export LAST=1; TRAPEXIT() { echo bye }; exit 2', 2],
      ['SIGTERM', 'export LAST=1; kill -TERM $$; sleep 5; echo never', 143],
      ['SIGINT', 'export LAST=1; kill -INT $$; sleep 5; echo never', 130],
      ['SIGHUP', 'export LAST=1; kill -HUP $$; sleep 5; echo never', 1],
    ] as const) {
      it(`hands on its state when it ends by ${how}`, async () => {
        const done = await zsh(`x=local; local_array=(1 2)\n${text}`)
        assert.equal(done.code, code)
        assert.doesNotMatch(done.output, /never/)
        assert.equal(someone.state.env.LAST, '1')
        assert.equal((await zsh('echo $x $local_array[2] "[$KEPT]"')).output, 'local 2 []\n')
      })
    }

    it('hands on its state when zsh ends it for an error of its own, but not where a failure ends it anyway', async () => {
      for (const error of ['set -u; echo $nothing', 'typeset -r r=1; r=2']) {
        const done = await zsh(`export LAST='${error}'\n${error}; echo never`, { errors: 'continue' })
        assert.notEqual(done.code, 0)
        assert.doesNotMatch(done.output, /never/)
        assert.equal(someone.state.env.LAST, error)
        await zsh(`export LAST=none\n${error}; echo never`)
        assert.equal(someone.state.env.LAST, error)
      }
    })

    it('shows nothing of its own under set -x, and survives what a step does to its shell', async () => {
      assert.equal((await zsh('set -x\n:')).output, '+joining.md:43> :\n')
      for (const text of [
        'set -u',
        'IFS=,',
        'exec >/dev/null',
        'emulate sh',
        'emulate ksh',
        'setopt ksh_arrays sh_word_split',
      ]) {
        await zsh(`${text}\nexport LAST='${text}'; kept=(1 2)`)
        assert.equal(someone.state.env.LAST, text, text)
        assert.equal((await zsh('echo $kept[2]')).output, '2\n', text)
      }
    })

    it('hands on what it did until it was cancelled', async () => {
      const stop = new AbortController()
      const { exit } = await zsh('export A=1; sh -c "echo up; exec sleep 75.5"', {
        signal: stop.signal,
        onOutput: () => stop.abort(),
      })
      assert.equal(exit.kind, 'cancelled')
      assert.equal(someone.state.env.A, '1')
    })

    it('keeps nothing of a grant, not even unexported', async () => {
      await zsh('typeset +x TOKEN; copy=1', { grants: { TOKEN: 'geheim' } })
      assert.doesNotMatch(JSON.stringify(someone.state), /geheim/)
      assert.match(someone.state.local.zsh ?? '', /copy/)
    })

    it('runs aliases, and takes a text of any length', async () => {
      assert.equal((await zsh('alias hi="echo hello"\nhi you')).output, 'hello you\n')
      assert.equal((await zsh(`: ${'x'.repeat(200_000)}\necho $0 $LINENO`)).output, 'joining.md 43\n')
      assert.match(
        (await zsh('no-such', { place: { file: 'a b/-ü.md', line: 30_000 } })).output,
        /^a b\/-ü\.md:30000: /,
      )
      assert.match((await zsh('no-such', { place: { file: '../x/y.md', line: 1 } })).output, /^y\.md:1: /)
    })
  })
})
