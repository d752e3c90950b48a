import assert from 'node:assert/strict'
import { resolveParameters, validateParameter } from '../../../src/execution/parameters.ts'
import type { ParameterDeclaration } from '../../../src/runbook/parameter.ts'

const position = { line: 0, character: 0, offset: 0 }
const range = { start: position, end: position }
const declare = (more: Partial<ParameterDeclaration>): ParameterDeclaration => ({
  name: 'P',
  type: 'text',
  required: true,
  range,
  ...more,
})
const code = (declaration: ParameterDeclaration, value: string) => validateParameter(declaration, value)?.code

describe('a parameter', () => {
  it('needs a value only when it is required', () => {
    assert.equal(code(declare({}), ''), 'missing')
    assert.equal(code(declare({ required: false, pattern: '[a-z]+' }), ''), undefined)
  })
  it('matches its pattern with the whole value', () => {
    const declaration = declare({ pattern: '[a-z]+|[0-9]+' })
    assert.equal(code(declaration, 'abc'), undefined)
    assert.equal(code(declaration, 'abc1'), 'pattern')
    assert.equal(code(declaration, 'abc\n'), 'pattern')
  })
  it('takes hostile text as text, but no NUL and nothing that no environment holds', () => {
    for (const value of ['$(touch x)', '"; rm -rf /', "'", '%PATH%', 'a\nb', '鈴木🍣']) {
      assert.equal(code(declare({}), value), undefined)
    }
    assert.equal(code(declare({}), 'a\0b'), 'has-nul')
    assert.equal(code(declare({}), 'x'.repeat(32_001)), 'too-long')
  })
  for (const [type, right, wrong] of [
    ['number', ['1', '-2.5', '1e3', '.5'], ['', '1,5', 'x', 'NaN', '0x10', 'Infinity', '1e999', '٣', ' 1']],
    ['integer', ['0', '-12', '+5', '007'], ['1.5', '1.0', '1e3', '9007199254740993', 'a', '１２']],
    ['path', ['C:\\Users', '../x y', '/'], ['a\0b']],
    ['list', ['a', 'a,b', ','], ['']],
    ['boolean', ['true', 'false'], ['yes', '1', 'TRUE']],
    [
      'date',
      ['2026-11-21', '2028-02-29'],
      ['2026-02-29', '21.11.2026', '2026-1-1', '2026-13-01', '2026-11-21\n', '20261121'],
    ],
    ['email', ['k.sato@example.co.jp'], ['k.sato', 'a b@example.com', '@x.y', 'a@b', 'a@b.c\nd@e.f', 'a@@b.c']],
  ] as const) {
    it(`of type ${type} knows its values`, () => {
      for (const value of right) assert.equal(code(declare({ type }), value), undefined, value)
      for (const value of wrong) assert.notEqual(code(declare({ type }), value), undefined, value)
    })
  }
  it('stays between its limits: a size for text and lists, a value for numbers', () => {
    assert.equal(code(declare({ type: 'integer', min: 1, max: 5 }), '6'), 'too-large')
    assert.equal(code(declare({ type: 'integer', min: 1, max: 5 }), '0'), 'too-small')
    assert.equal(code(declare({ max: 2 }), '鈴木🍣'), 'too-large')
    assert.equal(code(declare({ type: 'list', max: 2 }), 'a,b,c'), 'too-large')
    assert.equal(code(declare({ sensitive: true }), 'abc'), 'too-short-to-mask')
    assert.equal(code(declare({ sensitive: true }), 'abcd'), undefined)
    assert.equal(code(declare({ sensitive: true, required: false }), ''), undefined)
    assert.equal(code(declare({ type: 'list', min: 2 }), 'a'), 'too-small')
    assert.equal(code(declare({ type: 'path', min: 3 }), '/a'), 'too-small')
    assert.equal(code(declare({ type: 'number', min: 0.5 }), '.4'), 'too-small')
    assert.equal(code(declare({ max: 3 }), '鈴木🍣'), undefined)
  })
  it('is one of its choices', () => {
    const declaration = declare({ type: 'choice', choices: ['営業', '総務'] })
    assert.equal(code(declaration, '総務'), undefined)
    assert.equal(code(declaration, '開発'), 'not-a-choice')
  })
})

describe('the parameters of a run', () => {
  const declarations = [
    declare({ name: 'A' }),
    declare({ name: 'B', default: 'b' }),
    declare({ name: 'C', required: false }),
  ]

  it('are what was given, else the defaults', () => {
    const { values, problems } = resolveParameters(declarations, { A: 'a' })
    assert.deepEqual(values, { A: 'a', B: 'b', C: '' })
    assert.deepEqual(problems, [])
  })
  it('are taken as they were meant: typed in full width, with spaces around them, or as dates of a spreadsheet', () => {
    const meant = (more: Partial<ParameterDeclaration>, written: string) =>
      resolveParameters([declare({ name: 'A', ...more })], { A: written }).values.A
    const pattern = '[a-z][a-z0-9.]{2,19}'
    for (const written of ['ｔａｎａｋａ', ' tanaka ', '　tanaka']) assert.equal(meant({ pattern }, written), 'tanaka')
    assert.equal(meant({ type: 'integer', min: 100, max: 999 }, '１２３'), '123')
    assert.equal(meant({ type: 'number' }, '０．５'), '0.5')
    assert.equal(meant({ type: 'email' }, 'ｋ．ｓａｔｏ＠example.co.jp'), 'k.sato@example.co.jp')
    assert.equal(meant({ type: 'choice', choices: ['ＶＰＮ', '社内'] }, 'VPN '), 'ＶＰＮ')
    for (const written of ['2026/12/1', '2026-12-1', '２０２６／１２／０１', '2026年12月1日', '2026.12.01 ']) {
      assert.equal(meant({ type: 'date' }, written), '2026-12-01', written)
    }
  })
  it('stay as they were written where that is right, or where nothing else would be', () => {
    const kept = (more: Partial<ParameterDeclaration>, written: string) =>
      assert.equal(resolveParameters([declare({ name: 'A', ...more })], { A: written }).values.A, written)
    kept({}, '　田中　太郎　')
    kept({ pattern: '[０-９]+' }, '１２')
    kept({ type: 'date' }, '2026/2/30')
    kept({ type: 'date' }, '12/1/2026')
    kept({ type: 'integer', max: 9 }, '１２')
    kept({ required: false, pattern: 'x?' }, ' ')
  })
  it('name every problem at once, unknown names included', () => {
    const { problems } = resolveParameters(declarations, { B: '', D: 'x' })
    assert.deepEqual(
      problems.map((problem) => [problem.code, problem.name]),
      [
        ['unknown', 'D'],
        ['missing', 'A'],
        ['missing', 'B'],
      ],
    )
  })
})
