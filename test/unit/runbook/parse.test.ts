import assert from 'node:assert/strict'
import { tidyTask } from '../../../src/runbook/hasty-task.ts'
import { parseRunbook } from '../../../src/runbook/parse.ts'
import type { CommandStep, Runbook, Step } from '../../../src/runbook/runbook.ts'

const lines = (...text: string[]) => text.join('\n')
const commands = (runbook: Runbook) => runbook.steps.filter((step): step is CommandStep => step.kind === 'command')
const only = (text: string): CommandStep => {
  const [step, ...more] = commands(parseRunbook(text))
  assert.ok(step !== undefined && more.length === 0, 'exactly one command step')
  return step
}
const codes = (runbook: Runbook) => runbook.problems.map(({ code }) => code)
const slice = (text: string, { range }: Pick<Step, 'range'>) => text.slice(range.start.offset, range.end.offset)

describe('a fence', () => {
  it('is a step when its language can run', () => {
    for (const [language, shell] of [
      ['bash', 'bash'],
      ['sh', 'sh'],
      ['Shell', 'bash'],
      ['console', 'bash'],
      ['powershell', 'pwsh'],
      ['ps1', 'pwsh'],
      ['pwsh', 'pwsh'],
      ['bat', 'cmd'],
      ['py', 'python'],
      ['js', 'node'],
      ['zsh', 'zsh'],
    ]) {
      assert.equal(only(`\`\`\`${language}\nx\n\`\`\``).shell, shell, language)
    }
    for (const language of ['', 'json', 'yaml', 'output', 'text', 'mermaid', 'constructor']) {
      assert.equal(parseRunbook(`\`\`\`${language}\nx\n\`\`\``).kind, 'document', language)
    }
  })
  it('takes any interpreter that its attribute names, and the frontmatter chooses for the generic languages', () => {
    assert.equal(only('```text {shell=ruby}\nx\n```').shell, 'ruby')
    assert.equal(only('---\nshell: pwsh\n---\n```shell\nx\n```').shell, 'pwsh')
    assert.equal(only('---\nshell: pwsh\n---\n```python\nx\n```').shell, 'python')
    assert.equal(only('---\nshell: powershell\n---\n```powershell\nx\n```').shell, 'powershell')
  })
  for (const [form, text] of Object.entries({
    tildes: '~~~sh\necho 1\n~~~',
    'longer fences around shorter ones': '````sh\necho 1\n````',
    'an indented fence': '   ```sh\n   echo 1\n   ```',
    'a list': '- item\n\n  ```sh\n  echo 1\n  ```',
    'a numbered list': '1. item\n   ```sh\n   echo 1\n   ```',
    'a quote': '> ```sh\n> echo 1\n> ```',
    'a list in a quote': '> - item\n>   ```sh\n>   echo 1\n>   ```',
    CRLF: '# T\r\n\r\n```sh\r\necho 1\r\n```\r\n',
    'a byte order mark': '\uFEFF```sh\necho 1\n```',
  })) {
    it(`is found in ${form}, with its text and its line`, () => {
      const step = only(text)
      assert.equal(step.text, 'echo 1')
      assert.equal(text.split('\n')[step.textLine]?.includes('echo 1'), true)
      assert.deepEqual(codes(parseRunbook(text)), [])
    })
  }
  it('that is not closed is a step with a problem at its place', () => {
    const runbook = parseRunbook('# T\n\n```sh\necho 1\n')
    assert.equal(commands(runbook)[0]?.text, 'echo 1\n'.trimEnd())
    assert.deepEqual(
      runbook.problems.map(({ code, range }) => [code, range.start.line]),
      [['fence-unclosed', 2]],
    )
  })
  it('has a range that is its source', () => {
    const text = '# T\n\ntext\n\n- a\n\n  ```sh {name=x}\n  true\n  ```\n'
    assert.equal(slice(text, only(text)), '```sh {name=x}\n  true\n  ```')
  })
})

describe('a line that was meant as a step to tick off', () => {
  const problemsOf = (text: string) =>
    parseRunbook(text)
      .problems.filter(({ code }) => code === 'task-misspelt')
      .map(({ range }) => [range.start.line, text.slice(range.start.offset, range.end.offset)])

  for (const line of [
    '- [] Call her',
    '-[ ] Call her',
    '-[x] Call her',
    '- [ ]Call her',
    '* [　] 電話する',
    '- ［ ］ 電話する',
    '・[ ] 電話する',
    '1. [] Call her',
  ]) {
    it(`is told where it stands: ${line}`, () => {
      assert.deepEqual(problemsOf(`# T\n\n- [ ] First\n\n${line}\n\ntext\n`), [[4, line]])
    })
  }

  it('is made one', () => {
    for (const [line, tidy] of [
      ['- [] Call her', '- [ ] Call her'],
      ['-[x] Call her', '- [x] Call her'],
      ['  > * [ ]Call', '  > * [ ] Call'],
      ['・［　］　電話する', '- [ ] 電話する'],
      ['12.[] Call', '12. [ ] Call'],
    ] as const) {
      assert.equal(tidyTask(line), tidy)
      assert.deepEqual(problemsOf(`${tidy}\n`), [])
    }
  })

  it('is told line by line', () => {
    const text = '# T\r\n\r\n-[ ] one\r\n-[ ] two\r\n\r\n> -[ ] three\r\n'
    assert.deepEqual(problemsOf(text), [
      [2, '-[ ] one'],
      [3, '-[ ] two'],
      [5, '> -[ ] three'],
    ])
  })

  it('is told with any line end', () => {
    assert.deepEqual(problemsOf('# T\r\r-[ ] one\r-[ ] two\r'), [
      [2, '-[ ] one'],
      [3, '-[ ] two'],
    ])
  })

  it('is nothing else that begins with brackets', () => {
    for (const line of [
      '- [ ] Call her',
      '- [x] Done',
      '- [a](b.md)',
      '- []( b.md )',
      '- [][a]',
      '- [^1]',
      '[ ] no item',
      '- a [ ] b',
    ]) {
      assert.deepEqual(problemsOf(`# T\n\n${line}\n`), [], line)
    }
    for (const text of [
      '```text\n-[ ] code\n```\n',
      '- [ ]\n  Open [the page](x.md)\n',
      '- [x]\n  [link](#t)\n',
      '*[x]* means done\n',
      '1. [X]ボタンを押す\n',
      '- [x], the site\n\n[x]: https://example.com\n',
    ])
      assert.deepEqual(problemsOf(`# T\n\n${text}`), [], text)
  })
})

describe('attributes', () => {
  for (const info of [
    'sh {name=list cwd=/tmp timeout=2m}',
    'sh{name=list cwd=/tmp timeout=2m}',
    'sh { name=list, cwd="/tmp" timeout=120 }',
    'sh {"name":"list","cwd":"/tmp","timeout":"2m"}',
    'sh{"name":"list","cwd":"/tmp","timeout":"120s"}',
  ]) {
    it(`are read from \`${info}\``, () => {
      const { attributes, language } = only(`\`\`\`${info}\ntrue\n\`\`\``)
      assert.equal(language, 'sh')
      assert.deepEqual(attributes, { unknown: {}, name: 'list', cwd: '/tmp', timeout: 120_000 })
    })
  }
  it('are typed, and a wrong value is a problem that costs this attribute alone', () => {
    const text =
      '```sh {name=x timeout=soon confirm=true secrets=A_1,B retries=3 on-failure=#T errors=continue}\ntrue\n```\n# T'
    const runbook = parseRunbook(text)
    assert.deepEqual(commands(runbook)[0]?.attributes, {
      unknown: {},
      name: 'x',
      confirm: true,
      secrets: ['A_1', 'B'],
      retries: 3,
      onFailure: '#t',
      errors: 'continue',
    })
    assert.ok(codes(runbook).includes('attribute-invalid-value'))
  })
  it('may be lists in JSON', () => {
    assert.deepEqual(only('```sh {"secrets":["A","B"],"confirm":true}\ntrue\n```').attributes, {
      unknown: {},
      secrets: ['A', 'B'],
      confirm: true,
    })
  })
  it('that nobody knows are kept and reported as information; those of Runme are known', () => {
    const runbook = parseRunbook('```sh {mine=1 closeTerminalOnSuccess=false}\ntrue\n```')
    assert.deepEqual(
      runbook.problems.map(({ code, severity, values }) => [code, severity, values.key]),
      [['attribute-unknown', 'information', 'mine']],
    )
    assert.equal(commands(runbook)[0]?.attributes.unknown.mine, '1')
  })
  it('that do not parse leave a step and a problem', () => {
    for (const info of ['sh {name=x', 'sh {"name":', 'sh {=}', 'sh {name="x}']) {
      const runbook = parseRunbook(`\`\`\`${info}\ntrue\n\`\`\``)
      assert.equal(commands(runbook).length, 1, info)
      assert.ok(codes(runbook).includes('attribute-invalid-syntax'), info)
    }
  })
})

describe('prompts', () => {
  const text = (language: string, ...body: string[]) => only(lines(`\`\`\`${language}`, ...body, '```')).text
  it('are stripped from transcripts, and each command stays on its line', () => {
    assert.equal(text('console', '$ ls', 'a  b', '$ pwd'), 'ls\n\npwd')
    assert.equal(text('sh', '$ echo 1 \\', '> 2', 'output', '$ true'), 'echo 1 \\\n2\n\ntrue')
    assert.equal(
      text('console', '$ cat <<EOF', '> $ not a prompt', '> EOF', '$ true'),
      'cat <<EOF\n$ not a prompt\nEOF\ntrue',
    )
    assert.equal(text('console', '# systemctl status'), 'systemctl status')
  })
  it('are no prompts where they mean something else', () => {
    assert.equal(text('powershell', '$ u = 1', '$u = 2'), '$ u = 1\n$u = 2')
    assert.equal(text('sh', 'echo 1', '$ x'), 'echo 1\n$ x')
    assert.equal(text('bash', '# a comment', 'true'), '# a comment\ntrue')
    assert.equal(text('python', '$ x'), '$ x')
  })
})

describe('procedures and names', () => {
  const runbook = parseRunbook(
    lines(
      '# 手順書',
      '```sh',
      'true',
      '```',
      '## 前提条件',
      '- [健全性](./health.md)',
      '- [外](https://example.com/)',
      '## アカウントを作る！',
      '```sh',
      'one',
      '```',
      '### 細部',
      '```sh {name=deep}',
      'two',
      '```',
      '- [ ] **確認** する',
      '## 空',
      'text',
      '## アカウントを作る！',
      '```sh',
      'three',
      '```',
    ),
  )
  it('are sections that hold steps, nested as their headings are; the only first heading is the title', () => {
    assert.equal(runbook.title, '手順書')
    const shape = (procedures: Runbook['procedures']): unknown[] =>
      procedures.map(({ id, stepIds, procedures }) => [id, stepIds.length, shape(procedures)])
    assert.deepEqual(shape(runbook.procedures), [
      ['アカウントを作る', 1, [['細部', 2, []]]],
      ['アカウントを作る-1', 1, []],
    ])
    assert.deepEqual([runbook.procedures[0]?.range.start.line, runbook.procedures[0]?.range.end.line], [7, 16])
  })
  it('name every step once, in the words of the file', () => {
    assert.deepEqual(
      runbook.steps.map(({ id, title }) => [id, title]),
      [
        ['手順書-1', 'true'],
        ['アカウントを作る-1', 'one'],
        ['deep', 'deep'],
        ['細部-2', '確認 する'],
        ['アカウントを作る-1-1', 'three'],
      ],
    )
    const repeated = parseRunbook('```sh {name=a}\n1\n```\n```sh {name=a}\n2\n```')
    assert.deepEqual(codes(repeated), ['step-duplicate-name'])
    assert.equal(new Set(repeated.steps.map(({ id }) => id)).size, 2)
  })
  it('keep the links to prerequisites', () =>
    assert.deepEqual(
      runbook.prerequisites.map(({ target }) => target),
      ['./health.md', 'https://example.com/'],
    ))
})

describe('manual steps and decisions', () => {
  it('are task items, with their text and without what hangs below them', () => {
    const runbook = parseRunbook(
      '# T\n- [ ] Look *here*\n  and there\n  ```sh\n  true\n  ```\n- [x] done before\n- plain',
    )
    assert.deepEqual(
      runbook.steps.map((step) => [step.kind, step.title, step.kind === 'manual' ? step.text : '']),
      [
        ['manual', 'Look here and there', 'Look *here*\nand there'],
        ['command', 'true', ''],
        ['manual', 'done before', 'done before'],
      ],
    )
  })
  it('are lists of nothing but links to headings of the same file', () => {
    const [decision] = parseRunbook('# T\n## Q\nWhich way?\n\n- [left](#l%C3%A4nks)\n- [right](#q)\n\n## Länks\n').steps
    assert.ok(decision?.kind === 'decision')
    assert.equal(decision.title, 'Which way?')
    assert.deepEqual(
      decision.choices.map(({ label, target }) => [label, target]),
      [
        ['left', 'länks'],
        ['right', 'q'],
      ],
    )
    for (const text of ['- [a](#t) and more', '- [a](#t)\n- b', '- [a](other.md)', '- [ ] [a](#t)']) {
      assert.equal(parseRunbook(`# T\n${text}`).steps.filter(({ kind }) => kind === 'decision').length, 0, text)
    }
    assert.deepEqual(codes(parseRunbook('# T\n- [a](#nowhere)')), ['decision-unknown-target'])
  })
})

describe('expected output', () => {
  const expected = (text: string) => commands(parseRunbook(text))[0]?.expectedOutput
  it('is the output block behind a step', () => {
    assert.equal(expected('```sh\ntrue\n```\n\n```output\nok\n```')?.match, 'exact')
    assert.equal(expected('```sh\ntrue\n```\n\n```output {match=contains}\nok\n```')?.match, 'contains')
    assert.equal(expected('```sh\ntrue\n```\n## Next\n```output\nok\n```'), undefined)
  })
  it('is what a comment of executable documents asks for', () => {
    const alike = expected('```sh\ntrue\n```\nResults:\n\n<!-- expected_similarity=0.8 -->\n\n```json\n{}\n```')
    assert.deepEqual([alike?.match, alike?.similarity, alike?.text], ['similarity', 0.8, '{}'])
    const pattern = expected('```sh\ntrue\n```\n<!-- expected_similarity="^ok.*$" -->\n```text\nok\n```')
    assert.deepEqual([pattern?.match, pattern?.text], ['regex', '^ok.*$'])
  })
  it('is not guessed where its block says something else', () => {
    const problemsOf = (braces: string) =>
      parseRunbook(`\`\`\`sh\ntrue\n\`\`\`\n\n\`\`\`output ${braces}\nok\n\`\`\``).problems
    for (const braces of ['', '{match=contains}', '{match=similarity}', '{match=similarity similarity=0.25}']) {
      assert.deepEqual(problemsOf(braces), [])
    }
    const wrong = [
      ['{match=fuzzy}', 'match', 'fuzzy'],
      ['{match=similarity similarity=80}', 'similarity', '80'],
    ] as const
    for (const [braces, key, value] of wrong) {
      const [problem, ...others] = problemsOf(braces)
      assert.deepEqual(others, [])
      assert.deepEqual([problem?.code, problem?.severity], ['attribute-invalid-value', 'error'])
      assert.deepEqual([problem?.values.key, problem?.values.value], [key, value])
      assert.equal(problem?.range.start.line, 4)
    }
  })
  it('is read from comments as they are written in the wild', () => {
    const asked = (comment: string) => expected(`\`\`\`bash\ntrue\n\`\`\`\n\n${comment}\n\n\`\`\`json\n{}\n\`\`\``)
    const cases: readonly (readonly [string, 'similarity' | 'regex', number | string])[] = [
      ['<!--expected_similarity=0.3-->', 'similarity', 0.3],
      ['<!-- expected_similarity= 1 -->', 'similarity', 1],
      ['<!-- expected_similarity=1.0 --> ', 'similarity', 1],
      ['<!-- expected_similarity="0.8" -->', 'similarity', 0.8],
      ['<!-- expected_similarity="\\"id\\": \\".*\\"" -->', 'regex', '\\"id\\": \\".*\\"'],
      ['<!-- expected_similarity=\'a > "b"\' -->', 'regex', 'a > "b"'],
      ['<!--\nexpected_similarity=0.5\n-->', 'similarity', 0.5],
    ]
    for (const [comment, match, value] of cases) {
      const found = asked(comment)
      assert.deepEqual(
        [found?.match, found?.match === 'regex' ? found.text : found?.similarity],
        [match, value],
        comment,
      )
    }
  })
})

describe('a frontmatter', () => {
  it('is read with types', () => {
    const { frontmatter, problems } = parseRunbook(
      lines(
        '---',
        'title: 入社',
        'estimate: 10m',
        'by-hand: 1h30m',
        'reviewed: 2026-09-01',
        'schedule: FREQ=MONTHLY;BYDAY=2TU',
        'parameters:',
        "  - { name: USER_ID, label: ユーザーID, pattern: '^[a-z0-9]+$', default: 007 }",
        '  - { name: DEPARTMENT, type: choice, choices: [営業, 総務] }',
        'secrets: [TOKEN, { name: LDAP_PASSWORD, rotate-every: 90d }]',
        '---',
      ),
    )
    assert.deepEqual(problems, [])
    assert.deepEqual([frontmatter.estimate, frontmatter.byHand], [600_000, 5_400_000])
    assert.equal(frontmatter.parameters[0]?.default, '007')
    assert.deepEqual(frontmatter.parameters[1]?.choices, ['営業', '総務'])
    assert.deepEqual(
      frontmatter.secrets.map(({ name, rotateEvery }) => [name, rotateEvery]),
      [
        ['TOKEN', undefined],
        ['LDAP_PASSWORD', 7_776_000_000],
      ],
    )
  })
  it('with invalid YAML loses no step, and the problem names its line', () => {
    for (const yaml of ['title: [', 'a: b: c', '\t- x', 'title: "x', '- list', 'parameters: 3', 'secrets: {a: 1}']) {
      const runbook = parseRunbook(`---\nurgency: high\n${yaml}\n---\n\`\`\`sh\ntrue\n\`\`\``)
      assert.equal(runbook.steps.length, 1, yaml)
      assert.ok(runbook.problems.length > 0, yaml)
      assert.ok(
        runbook.problems.every(({ range }) => range.start.line >= 0 && range.start.line <= 3),
        yaml,
      )
    }
    assert.ok(codes(parseRunbook('---\ntitle: x\n\n```sh\ntrue\n```')).includes('frontmatter-unclosed'))
  })
  it('says where an input method was still on, instead of what that does to YAML', () => {
    for (const [yaml, character, line, at] of [
      ['title：確認\nschedule: monthly', '：', 1, 5],
      ['schedule: monthly\nowner：佐藤', '：', 2, 5],
      ['schedule: monthly\nowner:　佐藤', '　', 2, 6],
      ['parameters:\n　- { name: X }', '　', 2, 0],
      ['parameters:\n  - name: X\n  -　name: Y', '　', 3, 3],
      ['title：確認', '：', 1, 5],
    ] as const) {
      assert.deepEqual(
        parseRunbook(`---\n${yaml}\n---\n- [ ] x\n`).problems.map(({ code, values, range: { start } }) => [
          code,
          values.character,
          start.line,
          start.character,
        ]),
        [['yaml-full-width', character, line, at]],
        yaml,
      )
    }
    assert.deepEqual(parseRunbook('---\ntitle: 注意：全角　です\nowner: |\n  title：x\n---\n- [ ] x\n').problems, [])
  })
  it('names the key or attribute that was meant by a misspelt one', () => {
    const meant = (text: string) =>
      parseRunbook(text).problems.map(({ severity, values }) => [severity, values.key, values.meant])
    assert.deepEqual(meant('---\nshedule: monthly\nparameter: []\nplatform: x\n---\n- [ ] x\n'), [
      ['warning', 'shedule', 'schedule'],
      ['warning', 'parameter', 'parameters'],
      ['information', 'platform', undefined],
    ])
    assert.deepEqual(
      meant('---\nparameters: [{ name: X, lable: x }]\nsecrets: [{ name: Y, ower: x }]\n---\n- [ ] x\n'),
      [
        ['warning', 'lable', 'label'],
        ['warning', 'ower', 'owner'],
      ],
    )
    assert.deepEqual(meant('```sh {timout=1m Name=a mine=1}\ntrue\n```\n'), [
      ['warning', 'timout', 'timeout'],
      ['warning', 'Name', 'name'],
      ['information', 'mine', undefined],
    ])
  })
  it('with a key twice says so at the second', () => {
    const text = '---\nurgency: low\nurgency: high\n---\n'
    assert.deepEqual(
      parseRunbook(text).problems.map(({ code, range }) => [code, range.start.line]),
      [['frontmatter-duplicate-key', 2]],
    )
  })
  it('has places that are right with CRLF, too', () => {
    const text = '---\r\ntitle: x\r\nurgency: soon\r\n---\r\n'
    const [problem] = parseRunbook(text).problems
    assert.ok(problem)
    assert.equal(text.slice(problem.range.start.offset, problem.range.end.offset), 'soon')
    assert.deepEqual([problem.range.start.line, problem.range.start.character], [2, 9])
  })
  it('refuses names that would change how programs run', () => {
    for (const name of [
      'PATH',
      'LD_PRELOAD',
      'BASH_ENV',
      'IFS',
      'NODE_OPTIONS',
      'PYTHONPATH',
      'PSMODULEPATH',
      'BATON_X',
    ]) {
      const runbook = parseRunbook(`---\nparameters: [{ name: ${name} }]\nsecrets: [${name}]\n---`)
      assert.deepEqual(codes(runbook), ['parameter-reserved-name', 'parameter-reserved-name'], name)
      assert.deepEqual(runbook.frontmatter.parameters, [])
    }
    assert.deepEqual(codes(parseRunbook('---\nparameters: [{ name: user }, { name: A }, { name: A }]\n---')), [
      'parameter-invalid-name',
      'parameter-duplicate',
    ])
  })
  it("tells a file that holds a session's output from a runbook", () => {
    const session = '---\nrunme:\n  id: 01\n  session:\n    id: 02\n---\n```sh\ntrue\n```'
    assert.equal(parseRunbook(session).kind, 'session-output')
    assert.equal(parseRunbook('---\nrunme:\n  id: 01\n---\n```sh\ntrue\n```').kind, 'runbook')
  })
})
