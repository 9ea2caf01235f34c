import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { widthOf } from '../table.ts'
import { nameAgents, roleOf } from './agent-names.ts'
import { fitTable } from './fit-table.ts'
import { quote, shortIds, titleOf } from './question-name.ts'
import { formatScore } from './score-text.ts'
import { renderTree } from './tree.ts'

describe('names of agents', () => {
  it('are those of accounts, told apart where two are the same, and else the id', () => {
    const nameOf = nameAgents([
      { agent: 'aaaaaaaaaa', name: 'ann' },
      { agent: 'bbbbbbbbbb', name: 'bob' },
      { agent: 'cccccccccc', name: 'bob' },
      { agent: 'dddddddddd', name: '' },
      { agent: 'eeeeeeeeee', name: 'bad\u001b[31m' },
    ])
    const agents = [
      'aaaaaaaaaa',
      'bbbbbbbbbb',
      'cccccccccc',
      'dddddddddd',
      'eeeeeeeeee',
      'ffffffffff',
    ]
    assert.deepEqual(agents.map(nameOf), [
      'ann',
      'bob (bbbbbbbb)',
      'bob (cccccccc)',
      'dddddddd',
      'bad·[31m',
      'ffffffff',
    ])
  })

  it('say the role where they have the form of one; else a lock does', () => {
    assert.equal(roleOf('signal-2', true), 'signal')
    assert.equal(roleOf('data-sky', false), 'data')
    assert.equal(roleOf('registrar', false), 'registrar')
    assert.equal(roleOf('signal-to-noise', true), 'forecaster')
    assert.equal(roleOf('ann', false), 'supplier')
  })
})

describe('questions in words', () => {
  it('are about a day where the topic has one', () => {
    assert.equal(titleOf('seattle/2014-03-02/rain'), 'rain on 2014-03-02')
    assert.equal(titleOf('who/won'), 'who/won')
    assert.equal(titleOf('a\u001bb'), 'a·b')
  })

  it('have the shortest ids that are apart, also where one is told twice', () => {
    const shorten = shortIds([
      'bafyreiaaaaaaaaaaX',
      'bafyreiaaaaaaaaaaX',
      'bafyreiaaaaaaaaaaY',
      'q',
    ])
    assert.equal(shorten('bafyreiaaaaaaaaaaX'), 'bafyreiaaaaaaaaaaX')
    assert.equal(shortIds(['bafyreiabcdefghij'])('bafyreiabcdefghij'), 'bafyreiabcdefg')
    assert.equal(shorten('q'), 'q')
  })

  it('quote somebody within limits', () => {
    assert.equal(quote('so “it” is', 80), '“so "it" is”')
    assert.equal(widthOf(quote('x'.repeat(99), 10)), 12)
  })
})

it('a score has its sign, and none where it is nothing', () => {
  assert.deepEqual(
    [0.1234, -0.1234, -0.0001, 0, null].map((score) => formatScore(score)),
    ['+0.123', '−0.123', '0.000', '0.000', ''],
  )
})

it('a table leaves columns out in the order given until it fits, and no more', () => {
  const columns = ['a', 'bbbb', 'cccc'].map((title) => ({ title, cell: () => title }))
  const titles = (width: number): string =>
    fitTable(columns, [{}], (text) => text, { width, dropOrder: ['bbbb', 'cccc'] })[0] ?? ''
  assert.deepEqual(
    [titles(13), titles(12), titles(6), titles(0)],
    ['a  bbbb  cccc', 'a  cccc', 'a', 'a'],
  )
})

it('a tree is drawn with its branches, and long texts go on below themselves', () => {
  const leaf = { text: 'leaf', notes: [], branches: [] }
  const lines = renderTree(
    [
      { text: 'one two three four five six seven', notes: ['note'], branches: [leaf, leaf] },
      { text: 'end', notes: ['note'], branches: [] },
    ],
    30,
  )
  assert.deepEqual(lines, [
    '├─ one two three four five six',
    '│  │ seven',
    '│  │ note',
    '│  ├─ leaf',
    '│  └─ leaf',
    '└─ end',
    '     note',
  ])
})
