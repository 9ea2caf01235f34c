import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { sumBigint } from '../../integer.ts'
import type { Ledger } from '../../ledger/draft.ts'
import { treasuryOf } from '../../ledger/money.ts'
import { FORECAST_KINDS } from '../../message/forecast.ts'
import { misnamedIn, reloaded } from '../../testing/ledger-checks.ts'
import { headOf } from '../head.ts'
import { closings, locks, marketOf } from './market.ts'
import { blocksArbitrary, createWorld, type Played, play } from './random-market.test.ts'

/** All weight that there is. */
function weightMicroOf(ledger: Ledger): bigint {
  const weights = [...locks.entries(ledger)].map(([, { weightMicro }]) => weightMicro)
  return marketOf(ledger).houseWeightMicro + sumBigint(weights)
}

/** What has been given back of locks that were closed, and waits until this epoch or longer. */
function waitingMicro(ledger: Ledger, fromEpoch: number): bigint {
  return sumBigint(
    [...closings.entries(ledger)]
      .filter(([key]) => Number.parseInt(key, 10) >= fromEpoch)
      .map(([, { amountMicro }]) => amountMicro),
  )
}

function checkWeight({ world, before, applied }: Played): void {
  const openedMicro = sumBigint(
    applied.map((message) => (message.kind === 'lock' ? message.amountMicro : 0n)),
  )
  // What was paid out with this block had waited before it.
  const nextEpoch = headOf(world.ledger).epoch + 1
  const endedMicro = waitingMicro(world.ledger, 0) - waitingMicro(before, nextEpoch)
  const { length: closed } = applied.filter(({ kind }) => kind === 'close-lock')
  assert.ok(endedMicro >= 0n && (closed > 0 || endedMicro === 0n))
  assert.equal(weightMicroOf(world.ledger), weightMicroOf(before) + openedMicro - endedMicro)
  assert.equal(marketOf(world.ledger).totalWeightMicro, weightMicroOf(world.ledger))
}

describe('whatever is done to a market', () => {
  it('weight begins with locks and ends with them: questions only move it', () => {
    fc.assert(
      fc.property(blocksArbitrary, (blocks) => {
        play(blocks, checkWeight)
      }),
      { numRuns: 10 },
    )
  })

  it('an epoch mints what it pays, and no more than its emission', () => {
    fc.assert(
      fc.property(blocksArbitrary, (blocks) => {
        const issuedMicro = treasuryOf(createWorld().ledger).issuedMicro
        const world = play(blocks)
        const minted = world.events.flatMap((event) =>
          event.kind === 'emission-settled' ? event.nets : [],
        )
        const mintedMicro = sumBigint(minted.map(({ amountMicro }) => amountMicro))
        assert.equal(treasuryOf(world.ledger).issuedMicro, issuedMicro + mintedMicro)
        for (const event of world.events) {
          if (event.kind !== 'emission-settled') continue
          const paidMicro = sumBigint(event.nets.map(({ amountMicro }) => amountMicro))
          assert.equal(paidMicro + event.unmintedMicro, event.emissionMicro)
          assert.ok(event.unmintedMicro >= 0n)
        }
      }),
      { numRuns: 6 },
    )
  })

  it('nothing is left of questions that are gone', () => {
    fc.assert(
      fc.property(blocksArbitrary, (blocks) => {
        const { ledger } = play(blocks)
        const left = ['question/', 'entry/', 'unsettled/', 'due/', 'hold/'].flatMap((prefix) => [
          ...ledger.entries(prefix),
        ])
        assert.deepEqual(left, [])
        assert.equal(marketOf(ledger).questionCount, 0)
      }),
      { numRuns: 10 },
    )
  })

  it('every amount has a name that says so, and the ledger comes back from its bytes as it was', () => {
    fc.assert(
      fc.property(blocksArbitrary, (blocks) => {
        play(blocks, ({ world }) => {
          assert.deepEqual(misnamedIn(world.ledger), [])
          if (world.head.height % 16 !== 0) return
          const again = reloaded(world.ledger)
          assert.equal(again.digest(), world.ledger.digest())
          assert.deepEqual([...again.entries()], [...world.ledger.entries()])
        })
      }),
      { numRuns: 5 },
    )
  })

  it('these acts come to everything that a market knows', () => {
    const kinds = new Set<string>()
    const told = new Set<string>()
    for (const blocks of fc.sample(blocksArbitrary, { seed: 1, numRuns: 20 })) {
      const world = play(blocks, ({ applied }) => {
        for (const { kind } of applied) kinds.add(kind)
      })
      for (const event of world.events) {
        told.add(event.kind)
        if (event.kind === 'question-stage') told.add(event.stage)
        if (event.kind === 'slashed') told.add(event.offence)
        if (event.kind === 'jury-tallied') told.add(event.result)
        if (event.kind === 'jury-drawn') told.add(`round ${event.round}`)
        if (event.kind === 'question-settled') told.add(event.outcome === null ? 'void' : 'moved')
        if (event.kind === 'emission-settled' && event.transfers.length > 0) told.add('flow')
      }
    }
    assert.deepEqual(
      [...FORECAST_KINDS, 'transfer', 'bond', 'unbond', 'evidence'].filter(
        (kind) => !kinds.has(kind),
      ),
      [],
    )
    const stages = ['open', 'revealing', 'waiting', 'asserted', 'disputed', 'jury', 'final']
    const ends = ['question-lapsed', 'void', 'moved', 'flow', 'statement-not-opened']
    const juries = ['decided', 'undecided', 'too-few-reveals', 'incoherent-verdict']
    const rounds = ['round 1', 'round 2', 'round 3', 'conflicting-votes']
    const wanted = [...stages, ...ends, ...juries, ...rounds]
    assert.deepEqual(
      wanted.filter((one) => !told.has(one)),
      [],
    )
  })
})
