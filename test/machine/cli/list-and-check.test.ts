import assert from 'node:assert/strict'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'mocha'
import { baton, fence, folderOf, program, repoOf } from './baton.ts'

const joining = [
  '---',
  'title: 入社時のアカウント作成',
  'owner: k.sato@example.co.jp',
  'parameters:',
  '  - { name: USER_ID, label: ユーザーID, type: text }',
  '---',
  '# 入社',
  '',
  '## アカウントを作る',
  fence('sh {name=create-account}', 'echo made'),
  '- [ ] ライセンスを割り当てる',
  '',
].join('\n')

describe('baton list', () => {
  const root = repoOf({
    'people/joining.md': joining,
    'README.md': '# About\n\nNothing to run.\n',
    'node_modules/x/README.md': fence('sh', 'npm install x'),
    // Attached to a record.
    '.baton/runs/attachments/README.md': fence('sh', 'npm install y'),
    'b.markdown': fence('bash', 'true'),
  })

  it('shows runbooks with what `run` takes behind #', async () => {
    const { code, stdout, stderr } = await baton(['list'], { cwd: root })
    assert.equal(code, 0, stderr)
    assert.match(stdout, /^b\.markdown {2}/m)
    assert.match(stdout, /^people\/joining\.md {2}入社時のアカウント作成 {2}2 steps$/m)
    assert.match(stdout, /^ {2}#create-account {2}.* {2}sh$/m)
    assert.match(stdout, /by hand$/m)
    assert.doesNotMatch(stdout, /README|node_modules/)
  })

  it('takes a folder or a file, and prints JSON', async () => {
    for (const place of ['people', 'people/joining.md']) {
      const { code, stdout } = await baton(['list', place, '--json'], { cwd: root })
      assert.equal(code, 0)
      const [runbook, ...others] = JSON.parse(stdout)
      assert.equal(others.length, 0)
      assert.equal(runbook.path, 'people/joining.md')
      assert.equal(runbook.owner, 'k.sato@example.co.jp')
      assert.deepEqual(
        runbook.parameters.map(({ name }: { name: string }) => name),
        ['USER_ID'],
      )
      assert.deepEqual(
        runbook.steps.map(({ kind, line }: { kind: string; line: number }) => [kind, line]),
        [
          ['command', 10],
          ['manual', 14],
        ],
      )
    }
  })

  it('says what a runbook is where there is none', async () => {
    const { code, stdout, stderr } = await baton(['list'], { cwd: folderOf({}) })
    assert.equal(code, 0)
    assert.equal(stdout, '')
    assert.match(stderr, /no runbook here/)
    assert.equal((await baton(['list', '--json'], { cwd: folderOf({}) })).stdout, '[]\n')
  })

  it('takes a folder that does not exist for a mistake', async () => {
    const { code, stderr } = await baton(['list', 'nowhere'], { cwd: root })
    assert.equal(code, 2)
    assert.match(stderr, /There is no folder .*nowhere/)
  })

  it('lets no title draw over the terminal', async () => {
    const cwd = folderOf({ 'a.md': `# Evil \x1b[2J\x1b]0;owned\x07 title\n\n${fence('sh', 'true')}` })
    const { stdout } = await baton(['list'], { cwd })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    assert.doesNotMatch(stdout, /[\x00-\x09\x0b-\x1f]/)
  })

  it('ends quietly when its reader leaves', async function () {
    if (process.platform === 'win32') {
      console.log('      no sh here')
      this.skip()
    }
    // More than a pipe holds.
    const long = joining.replace('入社時', '入社時'.repeat(60))
    const files = Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`${index}.md`, long]))
    const cwd = folderOf({
      ...files,
      'pipe.md': fence('bash {name=pipe}', '"$NODE" "$CLI" list | head -n 1', 'echo "$PIPESTATUS"'),
    })
    const ended = await baton(['run', '--yes', 'pipe.md#pipe'], { cwd, env: { NODE: process.execPath, CLI: program } })
    assert.match(ended.stdout, /^0$/m, ended.stdout + ended.stderr)
    assert.doesNotMatch(ended.stdout, /EPIPE|unexpected/)
  })
})

describe('baton check', () => {
  it('passes what is in order', async () => {
    const { code, stdout, stderr } = await baton(['check'], { cwd: repoOf({ 'a.md': joining }) })
    assert.equal(stdout, '')
    assert.match(stderr, /1 runbook: nothing to report/)
    assert.equal(code, 0)
  })

  it('names file, line and column of an error, and fails', async () => {
    const text = ['---', 'title: [', '---', fence('sh', 'true')].join('\n')
    const cwd = repoOf({ 'a b/破損.md': text })
    const { code, stdout } = await baton(['check'], { cwd })
    assert.equal(code, 1)
    assert.match(stdout, /^a b\/破損\.md:\d+:\d+ error .*YAML/m)
    const json = await baton(['check', '--json'], { cwd })
    assert.equal(json.code, 1)
    const problems: { file: string; code: string; line: number }[] = JSON.parse(json.stdout)
    const problem = problems.find(({ code }) => code === 'frontmatter-invalid-yaml')
    assert.equal(problem?.file, 'a b/破損.md')
    assert.equal(typeof problem?.line, 'number')
  })

  it('fails for no remark that is not an error', async () => {
    const cwd = repoOf({ 'a.md': fence('sh {colour=red}', 'true') })
    const { code, stdout } = await baton(['check', 'a.md'], { cwd })
    assert.match(stdout, /^a\.md:1:\d+ information .*“colour”/m)
    assert.equal(code, 0)
  })

  it('reports what is wrong in baton.yaml of the repo, from any folder of it and by its name', async () => {
    const cwd = repoOf({ 'a/a.md': fence('sh', 'true'), 'baton.yaml': 'colour: red\nrecords: { commit: 3 }\n' })
    for (const args of [['check'], ['check', 'a'], ['check', 'baton.yaml']]) {
      const { code, stdout } = await baton(args, { cwd })
      assert.match(stdout, /^baton\.yaml:1:1 information .*“colour”/m)
      assert.match(stdout, /^baton\.yaml:2:20 warning .*“records\.commit”.*ask, always, never/m)
      assert.equal(stdout.trim().split('\n').length, 2)
      assert.equal(code, 0)
    }
    assert.equal((await baton(['check', 'a/a.md'], { cwd })).stdout, '')
    writeFileSync(join(cwd, 'baton.yaml'), Uint8Array.of(0xff, 0, 1))
    const { code, stdout } = await baton(['check'], { cwd })
    assert.match(stdout, /^baton\.yaml:1:1 error .*not text/m)
    assert.equal(code, 1)
  })

  it('finds syntax errors in the line of the file, and runs nothing', async () => {
    const text = [
      '# A',
      '',
      '1. First',
      '   ```console',
      '   $ touch ran',
      '   ran it',
      '   $ echo "日本" )',
      '   ```',
      fence('python', 'open("ran", "w")', 'x = ('),
      fence('cmd', 'echo ('),
    ].join('\n')
    const cwd = repoOf({ '手順.md': text, 'b.md': fence('node', "require('fs').mkdirSync('ran')") })
    const { code, stdout, stderr } = await baton(['check'], { cwd })
    assert.equal(code, 1)
    assert.match(stdout, /^手順\.md:7:6 error bash cannot read this step: syntax error near unexpected token `\)'$/m)
    assert.match(stdout, /^手順\.md:11:5 error Python cannot read this step: '\(' was never closed$/m)
    assert.equal(stdout.trim().split('\n').length, 2)
    assert.match(stderr, /2 runbooks: 2 errors/)
    assert.match(stderr, /^Not checked, .*: steps in cmd \(1\)\.$/m)
    const json: { code: string; line: number; severity: string; values: object }[] = JSON.parse(
      (await baton(['check', '--json'], { cwd })).stdout,
    )
    assert.deepEqual(
      json.map((one) => [one.code, one.line, one.severity, one.values]),
      [
        ['syntax-error', 7, 'error', { shell: 'bash', detail: "syntax error near unexpected token `)'" }],
        ['syntax-error', 11, 'error', { shell: 'python', detail: "'(' was never closed" }],
        ['syntax-unchecked', 14, 'information', { shell: 'cmd' }],
      ],
    )
    assert.ok(!existsSync(join(cwd, 'ran')))
  })

  it('passes where steps could not be checked', async () => {
    const cwd = repoOf({ 'a.md': fence('bash', 'echo )') })
    const { code, stderr } = await baton(['check'], { cwd, env: { PATH: cwd } })
    assert.equal(code, 0)
    assert.match(stderr, /^Not checked, .*: steps in bash \(1\)\.$/m)
  })

  it('says where there is no runbook, instead of that all is well', async () => {
    const cwd = repoOf({ 'notes.md': 'Nothing to run.\n', 'baton.yaml': 'records: { commit: never }\n' })
    const { code, stderr } = await baton(['check'], { cwd })
    assert.equal(code, 0)
    assert.match(stderr, /^There is no runbook here\./)
    const settings = await baton(['check', 'baton.yaml'], { cwd })
    assert.match(settings.stderr, /nothing to report/)
    const nothing = await baton(['run'], { cwd })
    assert.match(nothing.stderr, /baton list/)
  })

  it('fails for a prerequisite that is not there, as the run would', async () => {
    const cwd = repoOf({
      'people/joining.md': `## Prerequisites\n\n- [Directory](../daily/directory.md)\n- [Gone](../daily/gone.md)\n- [Web](https://example.com/a.md)\n\n${fence('sh', 'true')}`,
      'daily/directory.md': fence('sh', 'true'),
    })
    const { code, stdout } = await baton(['check', 'people'], { cwd })
    assert.equal(code, 1)
    assert.match(
      stdout,
      /^people\/joining\.md:4:\d+ error The prerequisite daily\/gone\.md was not found\. Correct the link\.$/m,
    )
    assert.equal(stdout.trim().split('\n').length, 1)
  })

  it('names every error of a frontmatter at once, when a run is refused for it', async () => {
    const cwd = repoOf({ 'a.md': `---\nschedule: now\nowner：x\n---\n${fence('sh', 'touch made')}` })
    writeFileSync(join(cwd, 'b.md'), `---\nschedule: now\nestimate: long\n---\n${fence('sh', 'touch made')}`)
    const typed = await baton(['run', 'a.md', '--yes'], { cwd })
    assert.equal(typed.code, 2)
    assert.match(typed.stderr, /^a\.md:3:6 .*full-width/m)
    const { code, stderr } = await baton(['run', 'b.md', '--yes'], { cwd })
    assert.equal(code, 2)
    assert.match(stderr, /^b\.md:2:11 .*\nb\.md:3:11 .*\nNothing was run\.$/m)
    assert.ok(!existsSync(join(cwd, 'made')))
  })

  it('names a file of the folder that is in Shift_JIS, as `list` does, and would else be missed', async () => {
    const cwd = repoOf({ 'a.md': fence('sh', 'true') })
    writeFileSync(join(cwd, 'sjis.md'), Buffer.from([0x23, 0x20, 0x8e, 0xe8, 0x8f, 0x87, 0x0a]))
    const checked = await baton(['check'], { cwd })
    assert.match(checked.stdout, /^sjis\.md:1:1 warning .*Save it as UTF-8/m)
    assert.equal(checked.code, 0)
    const listed = await baton(['list'], { cwd })
    assert.match(listed.stderr, /^sjis\.md: .*Save it as UTF-8/m)
    assert.doesNotMatch(listed.stdout, /sjis/)
  })

  it('takes a file that is missing, or no text, for a mistake', async () => {
    const cwd = repoOf({ 'a.md': 'a\0b' })
    for (const [name, sentence] of [
      ['missing.md', /missing\.md cannot be read: it does not exist\./],
      ['a.md', /not text/],
    ] as const) {
      const { code, stderr } = await baton(['check', name], { cwd })
      assert.equal(code, 2)
      assert.match(stderr, sentence)
    }
    assert.ok(!existsSync(join(cwd, '.baton')))
  })
})
