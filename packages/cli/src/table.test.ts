import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatTable, truncate, widthOf, wrap } from './table.ts'

test('columns are as wide as their widest cell and colour codes take no room', () => {
  const lines = formatTable(
    [
      { title: 'name', cell: (row: { name: string; catch: number }) => row.name },
      { title: 'catch', align: 'right', cell: (row) => String(row.catch) },
    ],
    [
      { name: '\u001b[1mnode-0\u001b[22m', catch: 120 },
      { name: 'λ', catch: 7 },
    ],
  )
  assert.deepEqual(lines, ['name    catch', '\u001b[1mnode-0\u001b[22m    120', 'λ           7'])
})

test('no line of a table ends in spaces', () => {
  const lines = formatTable([{ title: 'long title', cell: (row: string) => row }], ['a'])
  assert.deepEqual(lines, ['long title', 'a'])
})

test('a text that fits is not cut, and one cell more is', () => {
  assert.equal(truncate('12345', 5), '12345')
  assert.equal(truncate('123456', 5), '1234…')
})

test('a cut text keeps its colour codes, so that the terminal is left as it was', () => {
  const cut = truncate('\u001b[2mheight\u001b[22m 12', 7)
  assert.equal(cut, '\u001b[2mheight\u001b[22m…')
  assert.equal(widthOf(cut), 7)
})

test('words are wrapped at the width and later lines are indented', () => {
  assert.deepEqual(wrap('aa bb cc dd', 5, '  '), ['aa bb', '  cc', '  dd'])
})

test('a word longer than the width stays whole', () => {
  assert.deepEqual(wrap('abcdefgh', 3), ['abcdefgh'])
})
