import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { behavesLikeAShell } from './behaviours.ts'
import { operator } from './operator.ts'

const text = JSON.stringify

describe('python', function () {
  this.timeout(30_000)
  behavesLikeAShell({
    shell: 'python',
    say: (what) => `print(${text(what)})`,
    sayOnStderr: (what) => `import sys; print(${text(what)}, file=sys.stderr)`,
    sayUnfinished: (what) => `print(${text(what)}, end='')`,
    sayVariable: (name) => `import os; print('[' + os.environ.get('${name}', '') + ']')`,
    set: (name, value) => `import os; os.environ['${name}'] = ${text(value)}`,
    unset: (name) => `import os; del os.environ['${name}']`,
    go: (folder) => `import os; os.chdir(${text(folder)})`,
    sayFolder: 'import os; print(os.getcwd())',
    exit: (code) => `import sys; sys.exit(${code})`,
    fail: 'no_such_name',
    continues: false,
    brokenSyntax: 'if True\n  pass',
    place: /File "joining\.md", line 44, in <module>\n {4}no_such_name\n/,
    nativeCommand: (command) => `import subprocess; subprocess.run(${text(command)}, shell=True)`,
    join: '\n',
  })

  it('shows nothing of its own in a traceback, and leaves no names', async () => {
    const someone = operator(tmpdir())
    const { output } = await someone.step('python', 'def f():\n    raise ValueError("いいえ")\nf()')
    assert.equal(
      output,
      'Traceback (most recent call last):\n  File "joining.md", line 44, in <module>\n    f()\n  File "joining.md", line 43, in f\n    raise ValueError("いいえ")\nValueError: いいえ\n',
    )
    const names = await someone.step(
      'python',
      'import sys, os; print(dir(), sys.argv, [n for n in os.environ if "BATON" in n])',
    )
    assert.match(names.output, /^\['__annotations__', '__builtins__'.*'sys'\] \['joining\.md'\] \['BATON_RUN'\]\n$/)
    await someone.run.close()
  })
})
