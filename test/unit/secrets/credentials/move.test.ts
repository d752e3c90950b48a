import assert from 'node:assert/strict'
import { declareSecret } from '../../../../src/runbook/declare-secret.ts'
import { parseRunbook } from '../../../../src/runbook/parse.ts'
import { applied, canMove, planMove } from '../../../../src/secrets/credentials/move.ts'
import { findingsIn } from './scan.ts'

const header = '---\nsecrets: [OTHER]\n---\n'
const headerAfter = '---\nsecrets: [OTHER, NAME]\n---\n'

/** What a text becomes when its only credential is moved to `NAME`, and what is kept. */
async function moved(text: string): Promise<readonly [string, string] | string> {
  const [finding, ...more] = await findingsIn(text)
  assert.ok(finding !== undefined && more.length === 0, `one finding in ${text}`)
  const [hit] = finding.hits
  assert.ok(hit)
  const runbook = parseRunbook(text)
  const move = planMove(text, runbook, hit, 'NAME', { parse: parseRunbook, declareSecret })
  assert.equal(canMove(text, runbook, hit), move.kind !== 'impossible')
  return move.kind === 'move' ? [applied(text, move.edits), move.value] : move.kind
}

async function movedInStep(language: string, script: string) {
  const text = `${header}\`\`\`${language}\n${script}\n\`\`\`\n`
  const after = await moved(text)
  if (typeof after === 'string') return after
  const [whole, value] = after
  assert.ok(whole.startsWith(`${headerAfter}\`\`\`${language}\n`) && whole.endsWith('\n```\n'), whole)
  return [whole.slice(headerAfter.length + language.length + 4, -5), value]
}

describe('moving a credential', () => {
  it('writes the variable as PowerShell wants it', async () => {
    // `<env>` stands for the variable in braces.
    const cases: readonly (readonly [string, string, string?])[] = [
      ['ConvertTo-SecureString "Midori2026!" -AsPlainText', 'ConvertTo-SecureString "$env:NAME" -AsPlainText'],
      [
        "ConvertTo-SecureString 'Mido''ri2026!' -AsPlainText",
        'ConvertTo-SecureString "$env:NAME" -AsPlainText',
        "Mido'ri2026!",
      ],
      ['Connect-Thing -Password Midori2026! -Force', 'Connect-Thing -Password $env:NAME -Force'],
      ['net user taro Midori2026! /add', 'net user taro $env:NAME /add'],
      ['cmdkey /add:nas /user:a /pass:Midori2026!', 'cmdkey /add:nas /user:a /pass:<env>'],
      ['mysql -u root -pMidori2026! db', 'mysql -u root "-p<env>" db'],
      ['$c = "Server=db;Password=Midori2026!;"', '$c = "Server=db;Password=$env:NAME;"'],
      ["$c = 'Server=db;Password=Midori2026!;Note=it''s $5'", '$c = "Server=db;Password=<env>;Note=it\'s `$5"'],
      ['$u = "https://a:Midori2026@nas.example.jp/"', '$u = "https://a:$env:NAME@nas.example.jp/"', 'Midori2026'],
      ['# password=Midori2026!', '# password=NAME'],
    ]
    for (const [before, after, value = 'Midori2026!'] of cases)
      assert.deepEqual(await movedInStep('powershell', before), [after.replace('<env>', `\${env:NAME}`), value])
    // What is in it is made when it runs: its text is not the value.
    assert.equal(await movedInStep('powershell', '$p = "Midori`n2026!"; $password = "Midori`n2026!"'), 'impossible')
  })

  it('writes it as cmd wants it, and where the value would mean something as it is put in later', async () => {
    assert.deepEqual(await movedInStep('cmd', 'net user taro Midori2026 /add'), [
      'net user taro %NAME% /add',
      'Midori2026',
    ])
    assert.deepEqual(await movedInStep('cmd', 'net user taro Midori2026! /add'), [
      'net user taro !NAME! /add',
      'Midori2026!',
    ])
    assert.deepEqual(await movedInStep('cmd', 'setlocal EnableDelayedExpansion\nset DB_PASS=Midori2026'), [
      'setlocal EnableDelayedExpansion\nset DB_PASS=!NAME!',
      'Midori2026',
    ])
  })

  it('writes it as the other shells want it', async () => {
    assert.deepEqual(await movedInStep('bash', 'mysql -u root -pMidori2026! db'), [
      'mysql -u root -p"$NAME" db',
      'Midori2026!',
    ])
    assert.deepEqual(await movedInStep('bash', 'curl -u "admin:Midori2026!" https://nas/'), [
      'curl -u "admin:$NAME" https://nas/',
      'Midori2026!',
    ])
    assert.deepEqual(await movedInStep('bash', 'ldapadd -x \\\n  -w Midori2026! -f x'), [
      'ldapadd -x \\\n  -w "$NAME" -f x',
      'Midori2026!',
    ])
    assert.deepEqual(await movedInStep('python', 'from __future__ import x\npassword = "Midori2026!"'), [
      'from __future__ import x\nimport os\npassword = os.environ["NAME"]',
      'Midori2026!',
    ])
    assert.equal(await movedInStep('bash', "cat <<'EOF'\npassword=Midori2026!\nEOF"), 'impossible')
  })

  it('keeps the container that a fence stands in, and the line ends of Windows', async () => {
    const text = '- [ ] x\r\n\r\n  > ```sh\r\n  > password=Midori2026!\r\n  > ```\r\n'
    assert.deepEqual(await moved(text), [
      '---\r\nsecrets:\r\n  - { name: NAME }\r\n---\r\n\r\n- [ ] x\r\n\r\n  > ```sh\r\n  > password="$NAME"\r\n  > ```\r\n',
      'Midori2026!',
    ])
  })

  it('puts the name into a sentence', async () => {
    assert.deepEqual(await moved(`${header}初期パスワードは Midori2026! です\n`), [
      `${headerAfter}初期パスワードは \`NAME\` です\n`,
      'Midori2026!',
    ])
    assert.deepEqual(await moved(`${header}The password is \`Midori2026!\`.\n`), [
      `${headerAfter}The password is \`NAME\`.\n`,
      'Midori2026!',
    ])
    assert.deepEqual(await moved(`${header}| user | password |\n|---|---|\n| a | Midori2026! |\n`), [
      `${headerAfter}| user | password |\n|---|---|\n| a | \`NAME\` |\n`,
      'Midori2026!',
    ])
  })

  it('is not offered where a name would say nothing', async () => {
    assert.equal(await moved(`${header}See https://a:Midori2026@nas.example.jp/ for more.\n`), 'impossible')
    assert.equal(await moved(`${header}\`\`\`yaml\npassword: Midori2026!\n\`\`\`\n`), 'impossible')
    assert.equal(await moved('---\ndescription: "password: Midori2026!"\n---\n'), 'impossible')
    assert.equal(await moved(`${header}\`\`\`sh {shell=tclsh}\nset password=Midori2026!\n\`\`\`\n`), 'impossible')
  })

  it('does not touch a frontmatter that it does not understand', async () => {
    assert.equal(await moved('---\nsecrets: { A: b }\n---\n```sh\npassword=Midori2026!\n```\n'), 'frontmatter-unclear')
    assert.equal(await moved('---\ntitle: x\n\n```sh\npassword=Midori2026!\n```\n'), 'frontmatter-unclear')
  })
})
