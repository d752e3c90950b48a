import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { Language, Parser } from 'web-tree-sitter'
import { parserScript, readAnswers } from '../../../src/machine/syntax/powershell.ts'
import { findImbalance } from '../../../src/machine/syntax/powershell-balance.ts'
import { createSyntaxChecker } from '../../../src/machine/syntax/syntax-checker.ts'

const good = [
  '',
  'Get-ADUser -Filter * -Properties Name, Mail | Select-Object -Property Name, @{ n = "x"; e = { $_.Mail } }',
  'if ((Get-Volume C).SizeRemaining -lt 10GB) { "few" } else { "enough" }',
  'if ($x -gt 1GB) {\n  1\n}',
  'Write-Output \'it\'\'s\' "say ""hi"" `""',
  '"$($a["b"] + ")" + (\'}\'))"',
  '"a $(if ($x) { "b $(1 + (2))" } else { \'c"\' }) d"',
  "@'\n{ ( \" '\n'@",
  '# it\'s a "comment (\n<# { ( " \n#> 1',
  'git stash apply stash@{0}',
  'cmd /c --% echo ( " \' {\n1',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: PowerShell's, not JavaScript's
  '$x = ${a)b}; $h = @{}; $a = @(1, 2)',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: PowerShell's, not JavaScript's
  '$a = ${a`}b}; "${env:ProgramFiles(x86)}\\x"',
  '"(?:$($r.A)|(?<b>[`"\'])" -replace \'[^"]\', "`""',
  "$x = 5 #comment with ' and (\n$y = \"#not one (\" + '#('",
  '@"\nit\'s "quoted" ) $(if ($x) { "@" } else { \')\' })\n"@ -replace "`r`n", \'\'',
  'icacls C:\\x /grant "Users:(OI)(CI)F"; "a""b$("c")d"',
  'echo `( `" `{ a#b',
  'switch -Regex ($x) { "^\\(" { 1 } default { 2 } }',
  'Get-ChildItem [a-z]*',
  'Write-Host “typographic”, ‘quotes’',
  '$s = "日本語①㈱ $env:USERPROFILE\\"',
  'Get-Process | Where-Object { $_.Name -eq \'a"b\' } |\n  ForEach-Object { "{0}" -f $_ }',
  '#!/usr/bin/env pwsh\nfunction f([string]$a) { $a }',
  'winget install --id=Git.Git -e 2>&1 | Tee-Object log.txt',
] as const

/** Where PowerShell 7.6 sees the error, as far as it is one that counting finds. */
const bad: readonly (readonly [text: string, line: number, column: number, message: RegExp])[] = [
  ['if ($true) {\n  1', 1, 12, /^Missing closing '\}' in statement block/],
  ['if ($true { 1 }', 1, 4, /^Missing closing '\)'/],
  ['1\n}', 2, 1, /^Unexpected token '\}'/],
  ['foo )', 1, 5, /^Unexpected token '\)'/],
  ["echo 'a\nb", 1, 6, /^The string is missing the terminator: '\.$/],
  ['echo "a $(1 b"', 1, 6, /./],
  ['$x = @"\nabc\n  "@\n1', 1, 6, /^The string is missing the terminator: "@\.$/],
  ["@'\nabc '@", 1, 1, /terminator: '@\.$/],
  ['<# a', 1, 1, /multiline comment/],
]

describe('the syntax of PowerShell', function () {
  this.timeout(60_000)

  describe('where there is no PowerShell', () => {
    const checker = createSyntaxChecker({ assets: '/none', env: { PATH: '' } })
    const look = async (text: string) => {
      const found = await checker.check({ shell: 'powershell', text, line: 1 })
      assert.equal(found.kind, 'checked')
      return found.kind === 'checked' ? found.problems : []
    }

    it('is sound where nothing is open', async () => {
      for (const text of good) {
        assert.equal(findImbalance(text), undefined, text)
        assert.deepEqual(await look(text), [], text)
      }
    })

    it('is broken where a bracket, a string or a comment does not end', async () => {
      for (const [text, line, column, message] of bad) {
        const [first, ...others] = await look(text)
        assert.ok(first, text)
        assert.deepEqual([first.line, others.length], [line, 0], text)
        if (message.source !== '.') assert.equal(first.column, column, text)
        assert.match(first.message, message, text)
      }
    })

    it('takes no time to speak of for a long text', async () => {
      const before = performance.now()
      await look(`${'if ($a) { "b $(1)" }\n'.repeat(8000)}{`)
      assert.ok(performance.now() - before < 5000)
    })
  })

  it('is asked of PowerShell in a script that parses', async () => {
    await Parser.init()
    const grammar = import.meta.resolve('tree-sitter-powershell/tree-sitter-powershell.wasm')
    const parser = new Parser().setLanguage(await Language.load(fileURLToPath(grammar)))
    const tree = parser.parse(parserScript)
    assert.equal(tree?.rootNode.hasError, false)
    tree?.delete()
    parser.delete()
  })

  it('reads what PowerShell answers', () => {
    const message = Buffer.from('Missing condition.\r\nAnd more 日本').toString('base64')
    assert.deepEqual(readAnswers(`.\r\n3 5 ${message}\r\n.\r\n`), [
      [],
      [{ line: 3, column: 5, message: 'Missing condition. And more 日本' }],
    ])
    assert.deepEqual(readAnswers('1 1 '), [])
    assert.deepEqual(readAnswers('Welcome!\n.\n'), [[]])
  })

  for (const shell of ['pwsh', 'powershell'] as const) {
    describe(`with ${shell}`, () => {
      before(function () {
        const { status, stdout } = spawnSync(shell, ['-NoProfile', '-Command', '$PSVersionTable.PSVersion.Major'])
        if (status === 0 && /^\d/.test(String(stdout))) return
        console.log(`    skipped: ${shell} is not here`)
        this.skip()
      })
      const checker = createSyntaxChecker({ assets: '/none' })
      const look = async (text: string) => {
        const found = await checker.check({ shell, text, line: 10 })
        assert.equal(found.kind, 'checked')
        return found.kind === 'checked' ? found.problems : []
      }

      it('finds what its parser finds, all texts together', async () => {
        const answers = await Promise.all([...good.map(look), ...bad.map(([text]) => look(text))])
        for (const [n, text] of good.entries()) assert.deepEqual(answers[n], [], text)
        for (const [n, [text, line]] of bad.entries()) {
          const problems = answers[good.length + n] ?? []
          assert.ok(problems.length > 0, text)
          assert.ok(line >= 1)
        }
      })

      it('names the line and the column, in its own words', async () => {
        const [first] = await look('$日本 = 1\nif () { }')
        assert.deepEqual([first?.line, first?.column], [11, 5])
        assert.match(first?.message ?? '', /if/)
      })

      it('is quick for many texts', async () => {
        const before = performance.now()
        await Promise.all(Array.from({ length: 100 }, (_, n) => look(`$a${n} = (`)))
        assert.ok(performance.now() - before < 20_000)
      })
    })
  }
})
