import assert from 'node:assert/strict'
import { type BatchReading, columnsOf, readBatch, rowLimit } from '../../../src/execution/batch.ts'
import { decodeTable } from '../../../src/execution/table-text.ts'
import { parseRunbook } from '../../../src/runbook/parse.ts'

const { parameters } = parseRunbook(
  [
    '---',
    'parameters:',
    "  - { name: USER_ID, label: ユーザーID, pattern: '[a-z][a-z0-9.]{2,19}' }",
    '  - { name: DEPARTMENT, label: 部署, type: choice, choices: [営業, 総務], default: 総務 }',
    '  - { name: PIN, sensitive: true, required: false }',
    '  - { name: NOTE, label: Remark, required: false }',
    '  - { name: OTHER_NOTE, label: Remark, required: false }',
    '---',
    '- [ ] x',
  ].join('\n'),
).frontmatter

const read = (csv: string, fixed = {}) => readBatch(csv, parameters, fixed)
function rows(reading: BatchReading) {
  assert.ok(reading.kind === 'rows', JSON.stringify(reading))
  return reading.rows
}
function problems(reading: BatchReading) {
  assert.ok(reading.kind === 'problems', 'it was taken')
  return reading.problems
}

describe('a table of rows to run', () => {
  it('names parameters by their name or their label, and gives every row all of them', () => {
    assert.deepEqual(rows(read('PIN,ユーザーID, 部署 \n7788,tanaka,営業\n,suzuki,\n', { NOTE: 'April' })), [
      {
        row: 1,
        line: 2,
        key: 'tanaka',
        values: { USER_ID: 'tanaka', DEPARTMENT: '営業', PIN: '7788', NOTE: 'April', OTHER_NOTE: '' },
      },
      {
        row: 2,
        line: 3,
        key: 'suzuki',
        values: { USER_ID: 'suzuki', DEPARTMENT: '総務', PIN: '', NOTE: 'April', OTHER_NOTE: '' },
      },
    ])
    assert.deepEqual(columnsOf('PIN,部署,Remark,what\n', parameters), ['PIN', 'DEPARTMENT'])
  })
  it('is what spreadsheets save: byte order mark, semicolons, tabs, quotes, line ends in them, empty lines and columns', () => {
    const expected = ['tanaka:a;"b"\nc', 'suzuki:,']
    const texts = [
      '\ufeffUSER_ID;NOTE;;\r\n"tanaka";"a;""b""\r\nc";;\r\n;;;\r\n\r\nsuzuki;,;;\r\n',
      'sep=;\r\nUSER_ID;NOTE\r\ntanaka;"a;""b""\r\nc"\r\nsuzuki;,',
      'USER_ID\tNOTE\ntanaka\t"a;""b""\nc"\nsuzuki\t,',
      'USER_ID,NOTE\rtanaka,"a;""b""\rc"\rsuzuki,","\r',
    ]
    for (const text of texts) {
      assert.deepEqual(
        rows(read(text)).map(({ values }) => `${values.USER_ID}:${values.NOTE}`),
        expected,
        text,
      )
    }
    assert.deepEqual(
      rows(read(texts[0] ?? '')).map(({ line }) => line),
      [2, 6],
    )
  })
  it('takes dates as Excel writes them, and what was typed in full width', () => {
    const { parameters: two } = parseRunbook(
      "---\nparameters:\n  - { name: USER_ID, pattern: '[a-z]+' }\n  - { name: UNTIL, label: 期限, type: date }\n---\n- [ ] x",
    ).frontmatter
    const [row] = rows(readBatch('USER_ID,期限\r\nｔａｎａｋａ,2026/12/1\r\n', two, {}))
    assert.deepEqual([row?.key, row?.values], ['tanaka', { USER_ID: 'tanaka', UNTIL: '2026-12-01' }])
  })

  it('says of every wrong value in which line and column it stands', () => {
    assert.deepEqual(problems(read('部署,USER_ID\n営業,Tanaka\n\n"x\ny",\n')), [
      {
        code: 'value',
        line: 2,
        column: 2,
        problem: { code: 'pattern', name: 'USER_ID', pattern: '[a-z][a-z0-9.]{2,19}' },
      },
      { code: 'value', line: 4, column: 2, problem: { code: 'missing', name: 'USER_ID' } },
      {
        code: 'value',
        line: 4,
        column: 1,
        problem: { code: 'not-a-choice', name: 'DEPARTMENT', choices: ['営業', '総務'] },
      },
    ])
  })
  it('says of a required parameter that it has no column for that every row lacks it', () => {
    assert.deepEqual(problems(read('部署\n営業\n')), [
      { code: 'value', line: 2, problem: { code: 'missing', name: 'USER_ID' } },
    ])
  })
  it('is refused for columns that nobody knows, that are there twice, or that have one value for all', () => {
    assert.deepEqual(problems(read('USER_ID,氏名,ユーザーID,Remark,部署,\na,b,c,d,e,f\n', { DEPARTMENT: 'x' })), [
      { code: 'column-unknown', column: 2, name: '氏名' },
      { code: 'column-ambiguous', column: 4, name: 'Remark' },
      { code: 'column-unknown', column: 6, name: '' },
      { code: 'column-twice', column: 3, name: 'ユーザーID' },
      { code: 'column-fixed', column: 5, name: '部署' },
      { code: 'fixed', problem: { code: 'not-a-choice', name: 'DEPARTMENT', choices: ['営業', '総務'] } },
    ])
  })
  it('is refused when a row has more fields than the header, which is a comma without quotes', () => {
    assert.deepEqual(problems(read('USER_ID,NOTE\ntanaka,a,b\n')), [{ code: 'too-many-fields', line: 2, limit: 2 }])
  })
  it('is refused without rows, with too many, and with a quotation mark that nothing closes', () => {
    for (const text of ['USER_ID\n', 'USER_ID', 'USER_ID\n\n,,\n']) {
      assert.deepEqual(problems(read(text)), [{ code: 'no-rows' }])
    }
    assert.equal(rows(read(`USER_ID\n${'abc\n'.repeat(rowLimit)}`)).length, rowLimit)
    assert.deepEqual(problems(read(`USER_ID\n${'abc\n'.repeat(rowLimit + 1)}`)), [
      { code: 'too-many-rows', limit: rowLimit },
    ])
    assert.deepEqual(problems(read('USER_ID\nabc\n"def\n')), [{ code: 'quotes', line: 3 }])
    assert.deepEqual(problems(read('USER_ID\r\nabc\r\nd"ef\r\n')), [{ code: 'quotes', line: 3 }])
    assert.deepEqual(problems(read('')), [{ code: 'no-rows' }])
  })
  it('is taken as UTF-8, as UTF-16 and as the CSV that Excel saves in Japan', () => {
    const utf8 = new TextEncoder().encode('部署,①㈱髙﨑')
    assert.equal(decodeTable(utf8), '部署,①㈱髙﨑')
    assert.equal(decodeTable(Uint8Array.of(0xef, 0xbb, 0xbf, ...utf8)), '部署,①㈱髙﨑')
    const cp932 = [0x95, 0x94, 0x8f, 0x90, 0x2c, 0x87, 0x40, 0x87, 0x8a, 0xfb, 0xfc, 0xed, 0x95]
    assert.equal(decodeTable(Uint8Array.from(cp932)), '部署,①㈱髙﨑')
    assert.equal(decodeTable(Buffer.from('\ufeff部署', 'utf16le')), '部署')
    assert.equal(decodeTable(Buffer.from('\ufeff部署', 'utf16le').swap16()), '部署')
    for (const bytes of [[0x50, 0x4b, 0x03, 0x04, 0x00], [0xff, 0xff], [0x81]]) {
      assert.equal(decodeTable(Uint8Array.from(bytes)), undefined)
    }
  })
})
