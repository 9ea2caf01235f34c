import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { UsageError } from '../usage-error.ts'
import { findByName, NEAR_COUNT_MAX } from './find-by-name.ts'

const NAMED = [
  { id: 'abc1', name: 'rain' },
  { id: 'abd2', name: 'snow' },
  { id: 'xyz3', name: 'abd2' },
  { id: 'xyz4', name: 'hail' },
  { id: 'xyz5', name: 'hail' },
  { id: 'xyz6', name: 'sun\u001b[2J' },
]

describe('something that a person names', () => {
  it('is found by its id, the beginning of it, or its name', () => {
    assert.equal(findByName('abc1', NAMED, 'question').name, 'rain')
    assert.equal(findByName('abc', NAMED, 'question').name, 'rain')
    assert.equal(findByName('rain', NAMED, 'question').id, 'abc1')
  })

  it('is the one with the id, where another has the same text for a name', () => {
    assert.equal(findByName('abd2', NAMED, 'question').name, 'snow')
  })

  it('is asked for again where several are meant', () => {
    assert.throws(() => findByName('ab', NAMED, 'question'), /question ab: 2 are meant/)
    assert.throws(() => findByName('hail', NAMED, 'question'), /xyz4\n {2}hail {2}xyz5/)
  })

  it('is guessed at where there is none: the nearest first, and not too many', () => {
    const error = caught(() => findByName('rian', NAMED, 'question'))
    assert.ok(error instanceof UsageError)
    const [said, ...near] = error.message.split('\n')
    assert.match(said ?? '', /question rian: no such question; accepted are an id/)
    assert.equal(near.length, NEAR_COUNT_MAX)
    assert.match(near[0] ?? '', /^ {2}rain {2}abc1$/)
  })

  it('is guessed at by a part of its name first', () => {
    const names = ['data-air', 'signal-markov', 'data-sky']
    const named = names.map((name, index) => ({ id: `id${index}`, name }))
    const error = caught(() => findByName('signal', named, 'agent'))
    assert.match(error instanceof UsageError ? error.message : '', /near are\n {2}signal-markov/)
  })

  it('is shown without control characters, and what was given too', () => {
    const error = caught(() => findByName('sun\u001b[2K', NAMED, 'question'))
    assert.ok(error instanceof UsageError)
    assert.match(error.message, /question sun·\[2K: no such/)
    assert.match(error.message, /sun·\[2J/)
    assert.throws(() => findByName('', NAMED, 'question'), UsageError)
  })

  it('cannot be found where there is nothing', () => {
    assert.throws(() => findByName('a', [], 'question'), /question a: there is none so far/)
  })
})

function caught(act: () => unknown): unknown {
  try {
    return act()
  } catch (error) {
    return error
  }
}
