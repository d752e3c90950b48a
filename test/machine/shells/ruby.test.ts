import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { behavesLikeAShell } from './behaviours.ts'
import { needShell, type Operator, operator } from './operator.ts'

const text = (what: string) => `'${what.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`

describe('ruby', function () {
  this.timeout(30_000)
  behavesLikeAShell({
    shell: 'ruby',
    say: (what) => `puts ${text(what)}`,
    sayOnStderr: (what) => `warn ${text(what)}`,
    sayUnfinished: (what) => `print ${text(what)}`,
    sayVariable: (name) => `puts "[#{ENV['${name}']}]"`,
    set: (name, value) => `ENV['${name}'] = ${text(value)}`,
    unset: (name) => `ENV.delete('${name}')`,
    go: (folder) => `Dir.chdir(${text(folder)})`,
    sayFolder: 'puts Dir.pwd',
    exit: (code) => `exit ${code}`,
    fail: 'no_such_name',
    continues: false,
    brokenSyntax: 'if true\nfoo(',
    place: /^joining\.md:44:in [`']<main>': undefined local variable or method [`']no_such_name'/m,
    nativeCommand: (command) => `system(${text(command)})`,
    join: '\n',
  })

  describe('of its own', () => {
    let someone: Operator
    beforeEach(async function () {
      someone = operator(tmpdir())
      await needShell(this, someone, 'ruby')
    })
    afterEach(() => someone.run.close())
    const ruby = (script: string, more = {}) => someone.step('ruby', script, more)

    it('shows nothing of its own in an error, and leaves no names', async () => {
      const { output } = await ruby('def f\n  raise "いいえ"\nend\nbegin\n  f\nensure\n  ENV["KEPT"] = "1"\nend')
      assert.match(
        output,
        /^joining\.md:43:in [`'](Object#)?f': いいえ \(RuntimeError\)\n\tfrom joining\.md:46:in [`']<main>'\n$/,
      )
      assert.equal(someone.state.env.KEPT, '1')
      const names = await ruby(
        'p local_variables, $0, __FILE__, __LINE__, ENV.keys.grep(/BATON/), ARGV, __FILE__ == $0',
      )
      assert.equal(names.output, '[]\n"joining.md"\n"joining.md"\n42\n["BATON_RUN"]\n[]\ntrue\n')
    })

    it('ends with the code of exit, abort, throw and a signal', async () => {
      for (const [script, code] of [
        ['exit 7', 7],
        ['abort "no"', 1],
        ['at_exit { puts "bye" }; exit!(3)', 3],
        ['throw :x', 1],
        ['Process.kill(:TERM, $$); sleep 5', 143],
        ['return', 0],
      ] as const) {
        assert.equal((await ruby(script)).code, code, script)
      }
    })

    it('runs what waits for the exit before the state is handed on, and in no forked process', async () => {
      await ruby('at_exit { ENV["LAST"] = "1" }; Process.wait(fork { ENV["CHILD"] = "1" })')
      assert.deepEqual([someone.state.env.LAST, someone.state.env.CHILD], ['1', undefined])
    })

    it('knows UTF-8 whatever the locale is, and leaves the locale to the step', async () => {
      for (const [name, value] of [
        ['LANG', 'C'],
        ['LC_ALL', 'C'],
        ['LC_ALL', 'ja_JP.UTF-8'],
      ] as const) {
        const set = name === 'LC_ALL' ? value : undefined
        const env = Object.entries(someone.state.env).filter(([one]) => !/^(LANG|LC_.*)$/.test(one))
        someone.state = { ...someone.state, env: { ...Object.fromEntries(env), [name]: value, X: '営業部' } }
        const { output } = await ruby(
          'puts ENV["X"] == "営業部", ENV["X"].size; p ENV["LC_ALL"]; system("echo [$LC_ALL]")',
        )
        assert.equal(output, `true\n3\n${JSON.stringify(set) ?? 'nil'}\n[${set ?? ''}]\n`)
      }
    })
  })
})
