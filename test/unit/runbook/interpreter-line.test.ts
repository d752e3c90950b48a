import assert from 'node:assert/strict'
import { interpreterOf, wordsOf } from '../../../src/runbook/interpreter-line.ts'
import { canonicalShell } from '../../../src/runbook/languages.ts'
import { parseRunbook } from '../../../src/runbook/parse.ts'

const shells = (markdown: string) =>
  parseRunbook(markdown).steps.map((step) =>
    step.kind === 'command' ? [step.shell, step.text, step.textLine] : step.kind,
  )
const shellOf = (firstLine: string) => shells(`\`\`\`sh\n${firstLine}\necho x\n\`\`\``)[0]?.[0]

describe('the interpreter of a step', () => {
  for (const [firstLine, shell] of [
    ['#!/bin/bash', 'bash'],
    ['#! /bin/zsh -e', 'zsh'],
    ['#!/usr/bin/env bash', 'bash'],
    ['#!/usr/bin/env python3', 'python'],
    ['#!/usr/bin/env -S python3 -u', 'python'],
    ['#!/usr/local/bin/pwsh', 'pwsh'],
    ['#!/usr/bin/awk -f', '/usr/bin/awk -f'],
    ['#!/usr/bin/env -S deno run --allow-net', 'deno run --allow-net'],
    ['#!/usr/bin/env -S python3 -m pdb', 'python3 -m pdb'],
    ['#!/usr/bin/env A=1 bash', '/usr/bin/env A=1 bash'],
    ['#!/usr/bin/env -i bash', '/usr/bin/env -i bash'],
    ['#!/usr/bin/python2', '/usr/bin/python2'],
    ['#!', 'sh'],
    ['# !/bin/bash', 'sh'],
    [' #!/bin/bash', 'sh'],
  ] as const) {
    it(`is ${shell} for ${firstLine}`, () => assert.equal(shellOf(firstLine), shell))
  }

  it('comes from the first line of the text, which stays where it is', () => {
    assert.deepEqual(shells('# A\n```bash\n#!/usr/bin/env ruby\nputs 1\n```'), [
      ['ruby', '#!/usr/bin/env ruby\nputs 1', 2],
    ])
    assert.equal(shellOf('echo\n#!/usr/bin/awk'), 'sh')
  })

  it('is what the attributes say before anything else', () => {
    assert.equal(shells('```sh {shell=zsh}\n#!/bin/bash\n```')[0]?.[0], 'zsh')
    assert.equal(shells('```sh {interpreter="awk -f"}\n#!/bin/bash\n```')[0]?.[0], 'awk -f')
    assert.equal(canonicalShell(`"C:\\Program Files\\Git\\bin\\bash.exe" --login`), 'bash')
    assert.equal(canonicalShell('/usr/bin/python3.12'), '/usr/bin/python3.12')
    assert.equal(canonicalShell('PowerShell.exe'), 'powershell')
  })

  it('makes no step of a language that does not run', () => {
    for (const language of ['text', 'json', 'awk', '']) {
      assert.deepEqual(shells(`\`\`\`${language}\n#!/bin/bash\necho x\n\`\`\``), [], language)
    }
  })

  it('is a command in words', () => {
    assert.deepEqual(wordsOf(`"C:\\Program Files\\x.exe"  -a 'b c' d"e f"g ""`), [
      'C:\\Program Files\\x.exe',
      '-a',
      'b c',
      'de fg',
      '',
    ])
    assert.deepEqual(wordsOf(`it's "open`), [`it's`, `"open`])
    assert.deepEqual(wordsOf(' '), [])
    assert.equal(interpreterOf('#!/usr/bin/env'), '/usr/bin/env')
  })
})
