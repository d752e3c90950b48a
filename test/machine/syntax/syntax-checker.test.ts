import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SyntaxProblem } from '../../../src/execution/syntax.ts'
import { problemsOfRuby } from '../../../src/machine/syntax/ruby.ts'
import { createSyntaxChecker } from '../../../src/machine/syntax/syntax-checker.ts'
import { needs, needsUnix } from '../../support/needs.ts'
import { languages, sampleRunbooks } from '../samples/sample.ts'

// A sh that is dash knows no options to be asked by.
const isHere = (program: string) => spawnSync(program, ['-c', '']).error === undefined
const folder = mkdtempSync(join(tmpdir(), 'syntax-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const checker = createSyntaxChecker({ assets: folder })

/** `unchecked`, or what is wrong in a text that begins on line 10. */
const look = async (shell: string, text: string): Promise<readonly SyntaxProblem[] | 'unchecked'> => {
  const found = await checker.check({ shell, text, line: 10 })
  return found.kind === 'checked' ? found.problems : 'unchecked'
}

describe('the syntax of steps', function () {
  this.timeout(60_000)

  const needsProgram = (context: Mocha.Context, program: string) => {
    if (['sh', 'zsh', 'fish'].includes(program)) needsUnix(context, `${program} is not here`)
    needs(context, isHere(program) ? undefined : `${program} is not here`)
  }

  interface Case {
    readonly program?: string
    readonly good: readonly string[]
    /** The line, the column where the shell tells it, and what it says. */
    readonly bad: readonly (readonly [text: string, line: number, column: number | undefined, message: RegExp])[]
  }
  const cases: Readonly<Record<string, Case>> = {
    bash: {
      good: ['echo 日本', '', '-x', '#!/bin/bash\necho a', 'shopt -s extglob\nls !(a|b)', 'cat <<X\n$(\nX', 'a=(1 2)'],
      bad: [
        ['echo a\nif true; then\necho "日本" )', 12, undefined, /^syntax error near unexpected token `\)'$/],
        ['if true; then\n  echo a', 11, undefined, /^syntax error: unexpected end of file$/],
        ['oc logs <pod>', 10, undefined, /`newline'$/],
        ['\n\necho "a', 12, undefined, /^unexpected EOF while looking for matching `"'$/],
      ],
    },
    sh: {
      good: ['echo 日本', 'f() { echo a; }\nf'],
      bad: [['echo a\n)', 11, undefined, /yntax error/]],
    },
    zsh: {
      good: ['echo 日本 **/*(.) $~x', '#!/bin/zsh\na=(1 2)\n# comment', 'setopt extendedglob\nls ^a'],
      bad: [['echo a\nfi', 11, undefined, /^parse error near `fi'$/]],
    },
    fish: {
      program: 'fish',
      good: ['echo 日本 (date)', 'if true\n  set x 1\nend', '#!/usr/bin/fish\necho a'],
      bad: [
        ['echo a\nif true\n  echo b', 11, 1, /^Missing end to balance this if statement$/],
        ['echo ok\necho 日本 (\nx', 11, undefined, /^Unexpected end of string, expecting '\)'$/],
        ['end', 10, 1, /outside of a block$/],
      ],
    },
    python: {
      program: process.platform === 'win32' ? 'python' : 'python3',
      good: ['print("日本")', '#!/usr/bin/env python3\nimport os', 'if 1:\n    x = 1', 'x = "\\d"'],
      bad: [
        ['if True:\n  x = "日本" +', 11, 13, /^invalid syntax$/],
        ['x = 1\n  y = 2', 11, undefined, /^unexpected indent$/],
        ['x = "😀" )', 10, 10, /^unmatched '\)'$/],
        ['return 1', 10, 1, /^'return' outside function$/],
      ],
    },
    node: {
      good: [
        'console.log("日本")',
        'const x = await 1',
        "const x = await import('y')\nawait x()",
        '#!/usr/bin/env node\nawait 1',
        "const { a } = require('b')",
      ],
      bad: [
        ['const x = 1\n  const 日本 = "a', 11, 14, /^Invalid or unexpected token$/],
        ['if (', 10, undefined, /^Unexpected end of input$/],
        ['let a\nlet a', 11, 5, /^Identifier 'a' has already been declared$/],
        ["import x from 'y'", 10, 1, /^Cannot use import statement outside a module$/],
        ['await foo bar', 10, undefined, /./],
      ],
    },
    ruby: {
      good: ['puts "日本"', '#!/bin/sh\nputs 1', 'def a = 1', 'x = <<~X\n  a\nX', 'puts DATA.read\n__END__\n)'],
      bad: [['puts 1\nputs "a" )', 11, 10, /unexpected '\)'/]],
    },
    perl: {
      good: [
        'print "日本\\n";',
        '#!/bin/sh\nuse strict;\nuse warnings;\nuse v5.10;\nmy $x = 1;',
        "use feature 'say';\nsay 1",
      ],
      bad: [
        ['my $x = 1;\nif ($x { print 1 }', 11, undefined, /^syntax error, at EOF$/],
        ['my $x = "abc;\n\nfoo', 10, undefined, /^Can't find string terminator/],
        ['use strict;\n$x = 1;', 11, undefined, /^Global symbol "\$x" requires explicit package name/],
      ],
    },
  }

  for (const [shell, { program = shell, good, bad }] of Object.entries(cases)) {
    it(`is read by ${shell}`, async function () {
      needsProgram(this, program)
      for (const text of good) assert.deepEqual(await look(shell, text), [], text)
      for (const [text, line, column, message] of bad) {
        const found = await look(shell, text)
        assert.ok(found !== 'unchecked', `${text}: unchecked`)
        const [first] = found
        assert.ok(first, `${text}: nothing was found`)
        assert.equal(first.line, line, text)
        if (column !== undefined) assert.equal(first.column, column, text)
        assert.match(first.message, message)
      }
    })
  }

  it('is read from what Ruby says from version 3.4 on', () => {
    const text = 'puts 1\nputs "a" )\nif ('
    const printed = [
      'step:2: syntax errors found',
      '  1 | puts 1',
      '> 2 | puts "a" )',
      "    |          ^ unexpected ')', expecting end-of-input",
      '> 3 | if (',
      '    |     ^ unexpected end-of-input; expected a `)` to close the parentheses',
      '',
    ].join('\n')
    assert.deepEqual(problemsOfRuby(printed, text), [
      { line: 2, column: 10, message: "unexpected ')', expecting end-of-input" },
      { line: 3, column: 5, message: 'unexpected end-of-input; expected a `)` to close the parentheses' },
    ])
    assert.equal(problemsOfRuby('something else', text), undefined)
  })

  it('says nothing of shells that it does not know, and of cmd', async () => {
    for (const shell of ['cmd', 'cobol', 'constructor', '/usr/bin/bash'])
      assert.equal(await look(shell, '('), 'unchecked')
    assert.equal(await look('bash', 'echo \0 ('), 'unchecked')
    const nowhere = createSyntaxChecker({ assets: folder, env: { PATH: folder } })
    for (const shell of ['bash', 'zsh', 'fish', 'python', 'node', 'ruby', 'perl', 'sh'])
      assert.deepEqual(await nowhere.check({ shell, text: '(', line: 1 }), { kind: 'unchecked' })
  })

  describe('runs nothing', () => {
    const target = join(folder, 'ran')
    const trap = join(folder, 'trap')
    before(() => {
      mkdirSync(target)
      writeFileSync(join(folder, 'evil.rb'), `system("${touch('evil-rb')}")`)
      writeFileSync(join(folder, 'evil.pm'), `package evil; system("${touch('evil-pm')}"); 1;`)
      writeFileSync(join(folder, 'evil.py'), `open("${target}/evil-py", "w")`)
    })
    const noneRan = (what: string) => {
      assert.deepEqual(readdirSync(target), [], what)
    }
    const touch = (name: string) => `touch ${target}/${name}`

    const posix = [
      `a=$(${touch('1')})`,
      `b=\`${touch('2')}\``,
      `for x in $(${touch('3')}); do ${touch('4')}; done`,
      `case $(${touch('5')}) in *) ${touch('6')};; esac`,
      `while ${touch('7')}; do break; done`,
      `if ${touch('8')}; then ${touch('9')}; fi`,
      `cat <<EOF\n$(${touch('10')})\nEOF`,
      `: \${y:=$(${touch('11')})}`,
      `echo x > ${target}/12`,
      `echo x > $(${touch('13')}; echo /dev/null)`,
      `f() { ${touch('14')}; }\nf`,
      `(${touch('15')})`,
      `${touch('16')} &`,
      `trap '${touch('17')}' EXIT`,
      `eval '${touch('18')}'`,
      `${touch('19')} | cat`,
      `set +n; set +o noexec\n${touch('20')}`,
      `: $((x = $(${touch('21')}; echo 1)))`,
      `exit $(${touch('22')})`,
      `}; ${touch('23')}; {`,
      `\n'; ${touch('24')}; '`,
    ]
    const further = [
      `(( $(${touch('30')}; echo 1) ))`,
      `[[ -n $(${touch('31')}) ]]`,
      `cat < <(${touch('32')})`,
      `for ((i=$(${touch('33')}; echo 0); i<1; i++)); do :; done`,
      `arr=($(${touch('34')}))\narr[$(${touch('35')}; echo 1)]=2`,
      `cat <<< $(${touch('36')})`,
      `time ${touch('37')}`,
      `coproc ${touch('38')}`,
    ]
    const texts: Readonly<Record<string, readonly string[]>> = {
      bash: [...posix, ...further, `shopt -s extglob\nx=$(${touch('40')})`],
      sh: posix,
      zsh: [
        ...posix,
        ...further,
        `() { ${touch('41')} }`,
        `repeat 1 ${touch('42')}`,
        `{ ${touch('43')} } always { ${touch('44')} }`,
      ],
      fish: [
        `set a (${touch('1')})`,
        `for x in (${touch('2')}); ${touch('3')}; end`,
        `switch (${touch('4')}); case '*'; ${touch('5')}; end`,
        `if ${touch('6')}; end`,
        `function f; ${touch('7')}; end\nf`,
        `echo x > ${target}/8`,
        `eval ${touch('9')}`,
        `${touch('10')} &`,
      ],
      python: [
        `open(${JSON.stringify(join(target, '1'))}, 'w')`,
        `class A:\n  open(${JSON.stringify(join(target, '2'))}, 'w')`,
        `def f(x=open(${JSON.stringify(join(target, '3'))}, 'w')): pass`,
        `# -*- coding: ${join(folder, 'evil')} -*-`,
      ],
      node: [
        `require('fs').mkdirSync(${JSON.stringify(join(target, '1'))})`,
        `import fs from 'fs'\nfs.mkdirSync(${JSON.stringify(join(target, '2'))})`,
        `})(); require('fs').mkdirSync(${JSON.stringify(join(target, '3'))}); (async () => { await 1`,
      ],
      ruby: [
        `BEGIN { system("${touch('1')}") }`,
        `END { system("${touch('2')}") }`,
        `\`${touch('3')}\``,
        `#!ruby -r${folder}/evil\nputs 1`,
        `x = "#{\`${touch('4')}\`}"`,
      ],
      perl: [
        `BEGIN { system("${touch('1')}") }`,
        `use lib '${folder}'; use evil;`,
        `UNITCHECK { system("${touch('2')}") }`,
        `CHECK { system("${touch('3')}") }`,
        `sub BEGIN { system("${touch('4')}") }`,
        `#!/usr/bin/perl -I${folder} -Mevil\nprint 1;`,
        `use strict (system("${touch('5')}"));`,
        `use strict; { package strict; sub import { system("${touch('6')}") } } use strict;`,
        `sub CORE::GLOBAL::require { system("${touch('7')}") } use feature 'say';`,
        `sub MODIFY_CODE_ATTRIBUTES { system("${touch('8')}"); () } sub foo : Bar { 1 }`,
        `sub feature::import { system("${touch('9')}") } use feature 'say';`,
        `sub UNIVERSAL::VERSION { system("${touch('10')}") } use feature 'say';`,
        `my $x = \`${touch('11')}\`;`,
        `"a" =~ /(?{ system("${touch('12')}") })/;`,
      ],
    }

    for (const [shell, hostile] of Object.entries(texts)) {
      it(`of a step in ${shell}`, async () => {
        for (const text of hostile) {
          await look(shell, text)
          noneRan(text)
        }
      })
    }

    it('of what the environment or the working folder names', async () => {
      writeFileSync(trap, touch('from-environment'))
      writeFileSync(join(folder, 'sitecustomize.py'), `open("${target}/sitecustomize", "w")`)
      writeFileSync(
        join(folder, 'preload.js'),
        `require('fs').writeFileSync(${JSON.stringify(`${target}/preload`)}, '')`,
      )
      mkdirSync(join(folder, 'config/fish'), { recursive: true })
      writeFileSync(join(folder, 'config/fish/config.fish'), touch('fish-config'))
      writeFileSync(join(folder, '.zshenv'), touch('zshenv'))
      const hostile = createSyntaxChecker({
        assets: folder,
        env: {
          ...process.env,
          BASH_ENV: trap,
          ENV: trap,
          ZDOTDIR: folder,
          XDG_CONFIG_HOME: join(folder, 'config'),
          PYTHONSTARTUP: join(folder, 'evil.py'),
          PYTHONPATH: folder,
          NODE_OPTIONS: `--require ${join(folder, 'preload.js')}`,
          RUBYOPT: `-r${folder}/evil`,
          RUBYLIB: folder,
          PERL5OPT: '-Mevil',
          PERL5LIB: folder,
          LD_PRELOAD: join(folder, 'none.so'),
          'BASH_FUNC_echo%%': `() { ${touch('function')}; }`,
          PS4: `$(${touch('ps4')})`,
          SHELLOPTS: 'xtrace',
        },
      })
      for (const shell of Object.keys(texts)) {
        for (const text of ['x', 'echo "a" )', 'print 1']) {
          await hostile.check({ shell, text, line: 1 })
          noneRan(`${shell}: ${text}`)
        }
      }
    })

    it('and leaves nothing in the temp folder', async () => {
      const ours = () => readdirSync(tmpdir()).filter((name) => /^baton-[0-9a-f]{8}-/.test(name))
      await look('fish', 'echo left')
      assert.deepEqual(ours(), [])
    })
  })

  it('gives up after five seconds, and when nobody waits any more', async function () {
    needsUnix(this, 'its stand-in for a slow shell is a script of sh')
    const slow = join(folder, 'slow')
    mkdirSync(slow)
    writeFileSync(join(slow, 'bash'), `#!/bin/sh\necho x >>${slow}/started\nexec sleep 60\n`)
    chmodSync(join(slow, 'bash'), 0o755)
    const stuck = createSyntaxChecker({ assets: folder, env: { PATH: `${slow}:${process.env.PATH}` } })
    const before = performance.now()
    const withdrawn = new AbortController()
    setTimeout(() => withdrawn.abort(), 300)
    const answers = [
      stuck.check({ shell: 'bash', text: 'a', line: 1 }),
      stuck.check({ shell: 'bash', text: 'b', line: 1 }, withdrawn.signal),
    ]
    assert.deepEqual(await answers[1], { kind: 'unchecked' })
    assert.ok(performance.now() - before < 3000)
    assert.deepEqual(await answers[0], { kind: 'unchecked' })
    assert.ok(performance.now() - before < 10_000)
    // What could not be answered is asked again; what was answered is not.
    assert.deepEqual(await stuck.check({ shell: 'bash', text: 'b', line: 1 }, AbortSignal.abort()), {
      kind: 'unchecked',
    })
    assert.equal(readFileSync(join(slow, 'started'), 'utf8').split('\n').length - 1, 2)
  })

  it("does not wake up macOS' stand-in for Python", async function () {
    const hasPython = process.platform === 'linux' && existsSync('/usr/bin/python3')
    needs(this, hasPython ? undefined : 'needs the python3 of a Linux')
    const mac = (more: string) =>
      createSyntaxChecker({ assets: folder, platform: 'darwin', env: { PATH: `${more}:/usr/bin` } })
    const request = { shell: 'python', text: 'x = (', line: 1 }
    assert.equal((await mac('/nowhere').check(request)).kind, 'unchecked')
    const tools = join(folder, 'tools')
    mkdirSync(tools)
    writeFileSync(join(tools, 'xcode-select'), '#!/bin/sh\nexit 0\n', { mode: 0o755 })
    assert.equal((await mac(tools).check(request)).kind, 'checked')
  })

  it('starts at most two programs at once, and asks once for the same text', async function () {
    needsUnix(this, 'its stand-in for a slow shell is a script of sh')
    const counting = join(folder, 'counting')
    mkdirSync(counting)
    const log = join(counting, 'log')
    writeFileSync(join(counting, 'bash'), `#!/bin/sh\necho + >>${log}\nsleep 0.2\necho - >>${log}\n`)
    chmodSync(join(counting, 'bash'), 0o755)
    const counted = createSyntaxChecker({ assets: folder, env: { PATH: `${counting}:${process.env.PATH}` } })
    const check = (text: string) => counted.check({ shell: 'bash', text, line: 1 })
    await Promise.all(['a', 'b', 'c', 'd', 'e'].map(check))
    let running = 0
    let most = 0
    for (const sign of readFileSync(log, 'utf8').trim().split('\n')) {
      running += sign === '+' ? 1 : -1
      most = Math.max(most, running)
    }
    assert.equal(most, 2)
    const size = readFileSync(log).length
    assert.deepEqual(await check('a'), { kind: 'checked', problems: [] })
    assert.equal(readFileSync(log).length, size)
  })

  it('finds nothing wrong in the sample', async () => {
    for (const language of languages) {
      for (const { path, runbook } of sampleRunbooks(language)) {
        for (const step of runbook.steps) {
          if (step.kind !== 'command') continue
          const found = await checker.check({ shell: step.shell, text: step.text, line: step.textLine + 1 })
          if (found.kind === 'checked') assert.deepEqual(found.problems, [], `${language}/${path}#${step.id}`)
          else assert.equal(step.shell, 'cmd', `${language}/${path}#${step.id}`)
        }
      }
    }
  })
})
