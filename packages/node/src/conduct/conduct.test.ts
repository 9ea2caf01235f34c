import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { agentIdOf } from '@commonweal/protocol'
import {
  type Conduct,
  nameSuspects,
  STALE_COUNT_MAX,
  UNUSED_COUNT_MAX,
  UNVOTED_COUNT_MAX,
} from './conduct.ts'

function conductOf(seat: number, facts: Partial<Conduct> = {}): Conduct {
  return {
    agent: agentIdOf(new Uint8Array(32).fill(seat + 1)),
    refusedCount: 0,
    doubleNonceCount: 0,
    unusedCount: 0,
    staleCount: 0,
    ledCount: 0,
    lostCount: 0,
    unvotedCount: 0,
    spokenCount: 0,
    ...facts,
  }
}

/** What is said of the first of four, the others being faultless leaders of ten views each unless told. */
function namesOf(facts: Partial<Conduct>, others: Partial<Conduct> = {}): readonly string[] {
  const rest = [1, 2, 3].map((seat) => conductOf(seat, { ledCount: 10, ...others }))
  const first = conductOf(0, facts)
  const named = nameSuspects([first, ...rest])
  return named.filter(({ agent }) => agent === first.agent).map(({ kind }) => kind)
}

describe('a suspicion', () => {
  it('falls on nobody who kept the rules', () => {
    assert.deepEqual(nameSuspects([0, 1, 2, 3].map((seat) => conductOf(seat))), [])
  })

  it('of what an honest node never does needs one case', () => {
    assert.deepEqual(namesOf({ refusedCount: 1 }), ['refused-messages'])
    assert.deepEqual(namesOf({ doubleNonceCount: 1 }), ['double-nonce'])
  })

  it('of what may happen to an honest node begins one beyond a limit', () => {
    assert.deepEqual(namesOf({ unusedCount: UNUSED_COUNT_MAX }), [])
    assert.deepEqual(namesOf({ unusedCount: UNUSED_COUNT_MAX + 1 }), ['floods'])
    assert.deepEqual(namesOf({ staleCount: STALE_COUNT_MAX }), [])
    assert.deepEqual(namesOf({ staleCount: STALE_COUNT_MAX + 1 }), ['replays'])
    assert.deepEqual(namesOf({ unvotedCount: UNVOTED_COUNT_MAX }), [])
  })

  it('of one that does not vote is absence, unless it was heard otherwise meanwhile', () => {
    const unvotedCount = UNVOTED_COUNT_MAX + 1
    assert.deepEqual(namesOf({ unvotedCount, spokenCount: 2 }), ['absent'])
    assert.deepEqual(namesOf({ unvotedCount, spokenCount: 3 }), ['withholds-votes'])
  })

  it('says what was counted, and how much of it may be chance', () => {
    const [first] = nameSuspects([conductOf(0, { staleCount: 5 })])
    assert.deepEqual([first?.count, first?.countMax], [5, STALE_COUNT_MAX])
  })
})

describe('a leader whose views make no block', () => {
  it('is named when bad luck would hardly ever do that, by what others lose', () => {
    // One in 32 by the rule of succession: three in a row happen once in 30,000 times, four once in a million.
    assert.deepEqual(namesOf({ ledCount: 3, lostCount: 3 }), [])
    assert.deepEqual(namesOf({ ledCount: 4, lostCount: 4 }), ['loses-views'])
  })

  it('is not named for the same where others lose views too', () => {
    assert.deepEqual(namesOf({ ledCount: 4, lostCount: 4 }, { lostCount: 2 }), [])
    assert.deepEqual(namesOf({ ledCount: 12, lostCount: 12 }, { lostCount: 2 }), ['loses-views'])
  })

  it('is not named where others lose half of theirs, however many it loses', () => {
    assert.deepEqual(namesOf({ ledCount: 64, lostCount: 64 }, { lostCount: 5 }), [])
  })

  it('is not named where nobody else has led', () => {
    assert.deepEqual(namesOf({ ledCount: 64, lostCount: 64 }, { ledCount: 0 }), [])
  })

  it('may lose some of many', () => {
    assert.deepEqual(namesOf({ ledCount: 64, lostCount: 9 }), [])
    assert.deepEqual(namesOf({ ledCount: 64, lostCount: 20 }), ['loses-views'])
  })
})
