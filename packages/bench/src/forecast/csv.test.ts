import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { array, assert as assertProperty, constantFrom, property, string } from 'fast-check'
import { formatCsv, parseCsv } from './csv.ts'

describe('comma-separated values', () => {
  it('may be quoted, with commas, quotes and line ends inside', () => {
    const { records, faults } = parseCsv('a,b\r\n"1,2","say ""hi"""\n"two\nlines",\nlast,one')
    assert.deepEqual(faults, [])
    assert.deepEqual(records, [
      { line: 1, fields: ['a', 'b'] },
      { line: 2, fields: ['1,2', 'say "hi"'] },
      { line: 3, fields: ['two\nlines', ''] },
      { line: 5, fields: ['last', 'one'] },
    ])
  })

  it('skip empty lines and count them', () => {
    assert.deepEqual(parseCsv('\n\na,b\n').records, [{ line: 3, fields: ['a', 'b'] }])
    assert.deepEqual(parseCsv('').records, [])
  })

  it('name the line of a quote that is out of place, and go on after it', () => {
    const { records, faults } = parseCsv('a"b,c\n"a"b,c\nx,y\n"open,z\nu,v')
    assert.deepEqual(faults, [
      { line: 1, code: 'stray-quote' },
      { line: 2, code: 'stray-quote' },
      { line: 4, code: 'unclosed-quote' },
    ])
    assert.deepEqual(records, [
      { line: 3, fields: ['x', 'y'] },
      { line: 5, fields: ['u', 'v'] },
    ])
  })

  it('are read as they were written', () => {
    const field = string({ unit: constantFrom('a', ' ', ',', '"', '\n', '\r', '|', 'é') })
    // An empty line is no record, so one has two fields or more.
    const record = array(field, { minLength: 2, maxLength: 4 })
    assertProperty(
      property(array(record), (records) => {
        const { records: read, faults } = parseCsv(formatCsv(records))
        assert.deepEqual(faults, [])
        assert.deepEqual(
          read.map(({ fields }) => fields),
          records,
        )
      }),
    )
  })
})
