import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createCredentialDesk } from '../../../src/machine/credentials/credentials.ts'
import { declareSecret } from '../../../src/runbook/declare-secret.ts'
import { parseRunbook } from '../../../src/runbook/parse.ts'
import type { CommandStep } from '../../../src/runbook/runbook.ts'
import { applied, planMove } from '../../../src/secrets/credentials/move.ts'
import { needs } from '../../support/needs.ts'

const scanner = createCredentialDesk()
const value = 'Midori 2026!'

/** How each interpreter is given a script. */
const interpreters: Readonly<Record<string, readonly string[]>> = {
  bash: ['bash', '-c'],
  sh: ['sh', '-c'],
  zsh: ['zsh', '-fc'],
  fish: ['fish', '-Nc'],
  pwsh: ['pwsh', '-NoProfile', '-Command'],
  python: ['python3', '-c'],
  node: [process.execPath, '-e'],
  ruby: ['ruby', '-e'],
  perl: ['perl', '-e'],
}

/** `VVV` stands for the password. Each script prints something that holds it. */
const scripts: Readonly<Record<string, readonly string[]>> = {
  bash: [
    'password=\'VVV\'; echo "[$password]"',
    'password="VVV"; echo "[$password]"',
    'echo \'{"user":"a","password":"WWW"}\'',
    'echo "{\\"password\\":\\"WWW\\",\\"x\\":1}"',
    'echo "$(printf %s "password=WWW")"',
    'cat <<EOF\npassword="VVV" and more\nEOF',
    "cat <<-'X'\nno\nX\npassword='VVV'; echo \"$password\"",
    "# don't\npassword='VVV' bash -c 'echo \"$password\"'",
    'echo "it\'s password=WWWx"',
    "echo -n \\' password=WWW \\'",
    'echo "password=WWW_"',
    'password=\'VVV\'\'x\'; db_password="VVV""x"; echo "$password $db_password"',
  ],
  sh: ['password=\'VVV\'; echo "$password"'],
  zsh: ['password=\'VVV\'; echo "$password"', 'echo "password=WWW_"'],
  fish: ["set x password='VVV'; echo $x", 'echo "password=WWW_"', "echo 'password=WWW_ # no comment'"],
  pwsh: [
    '$password = \'VVV\'; "[$password]"',
    '$password = "VVV"; "[$password]"',
    "'Server=x;Password=WWW;Note=it''s $5'",
    '"Server=x;Password=WWW;"',
    "Write-Output '<#'; <# it's #> $p = @{ Password = 'VVV' }; $p.Password",
    '@"\npassword="VVV"\n"@',
    '[System.Net.NetworkCredential]::new("", (ConvertTo-SecureString "VVV" -AsPlainText -Force)).Password',
  ],
  python: [
    "password = 'VVV'\nprint(password)",
    'import sys\nprint(dict(password="VVV"))',
    'x = 1\nprint(f"Server=x;Password=WWW;{x}".upper())',
    "print('%s' % 'postgresql://app:WWW@db/app')",
  ],
  node: [
    "const config = { password: 'WWW' }; console.log(config)",
    'console.log("Server=x;Password=WWW;".length, `Password=WWW;`)',
    "// it's\nconsole.log('Server=x;Password=WWW;'.toUpperCase())",
  ],
  ruby: ["password = 'VVV'; puts password", 'puts "Server=x;Password=WWW;"', "puts 'Server=x;Password=WWW;'.upcase"],
  perl: [
    "my %c = (password => 'VVV'); print $c{password}",
    'print "Server=x;Password=WWW;"',
    "print 'Server=x;Password=WWW;' . 1",
  ],
}

function run(shell: string, script: string, env: Readonly<Record<string, string>> = {}) {
  const [program = '', ...args] = interpreters[shell] ?? []
  const { stdout, stderr, error } = spawnSync(program, [...args, script], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
  })
  return { isThere: error === undefined, output: stdout, errors: stderr }
}

describe('a script from which the password was moved', () => {
  for (const [shell, templates] of Object.entries(scripts)) {
    it(`prints the same in ${shell}`, async function () {
      needs(this, run(shell, '').isThere ? undefined : `${shell} is not here`)
      for (const template of templates) {
        // Without quotes around it, and in a string of several settings, no password has spaces.
        const secret = template.includes('WWW') ? 'Midori2026!' : value
        const script = template.replaceAll('VVV', secret).replaceAll('WWW', secret)
        const text = `# Title\n\n> quoted\n\n\`\`\`${shell}\n${script}\n\`\`\`\n`
        const moved = await withoutCredentials(text)
        assert.doesNotMatch(moved.text, /Midori/, moved.text)
        const [step] = parseRunbook(moved.text).steps as readonly CommandStep[]
        const before = run(shell, script)
        const after = run(shell, step?.text ?? '', moved.secrets)
        assert.deepEqual([after.output, after.errors], [before.output, before.errors], moved.text)
        assert.match(before.output, /midori/i)
      }
    })
  }
})

/** Moves one credential after the other, as a person would. */
async function withoutCredentials(text: string) {
  const secrets: Record<string, string> = {}
  let current = text
  for (let n = 0; n < 5; n++) {
    const [finding] = (await scanner.inMarkdown(current)).findings
    if (finding === undefined) break
    const [hit] = finding.hits
    assert.ok(hit, current)
    const name = `MOVED_${n}`
    const move = planMove(current, parseRunbook(current), hit, name, { parse: parseRunbook, declareSecret })
    assert.equal(move.kind, 'move', current)
    if (move.kind !== 'move') break
    secrets[name] = move.value
    current = applied(current, move.edits)
  }
  return { text: current, secrets }
}
