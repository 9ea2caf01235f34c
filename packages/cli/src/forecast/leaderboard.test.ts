import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { agentOf } from '@commonweal/protocol/testing'
import { computeLeaderboard, type LeaderboardRow } from './leaderboard.ts'
import { readMarket } from './load-market.ts'
import { isResolved } from './market-history.ts'
import { playMarket } from './played-market.ts'
import { HOUSE, markQuestion, type Participant } from './question-score.ts'

const played = playMarket()
const { history, view, nameOf } = await readMarket(played.market.api())
const rows = computeLeaderboard(history, view, nameOf, 'weight')

function rowOf(agent: Participant): LeaderboardRow {
  const row = rows.find((one) => one.agent === agent)
  assert.ok(row !== undefined)
  return row
}

function near(value: number | null | undefined, expected: number): void {
  assert.ok(typeof value === 'number' && Math.abs(value - expected) < 1e-9, `${value}`)
}

describe('marks of a question', () => {
  const marksOf = (id: string) => {
    const question = history.questions.find((one) => one.id === id)
    assert.ok(question !== undefined && isResolved(question))
    return markQuestion(question)
  }
  const markOf = (id: string, agent: Participant) =>
    marksOf(id).find((mark) => mark.agent === agent)

  it('compare log scores with the house, by the weights of snapshots', () => {
    const { log } = Math
    // 70 % in a snapshot of weight .4, 80 % in one of .6; the house says 40 %.
    const loss = -(0.4 * log(0.7) + 0.6 * log(0.8))
    near(markOf(played.rain, agentOf('1'))?.score?.logLoss, loss)
    near(markOf(played.rain, agentOf('1'))?.skill, -log(0.4) - loss)
    near(markOf(played.rain, agentOf('1'))?.score?.brier, 0.4 * 0.18 + 0.6 * 0.08)
    // Only in the first snapshot.
    near(markOf(played.rain, agentOf('3'))?.skill, log(0.65) - log(0.4))
    near(markOf(played.rain, HOUSE)?.skill, 0)
  })

  it('have the public score of those with weight, the house included, snapshot by snapshot', () => {
    const { log } = Math
    const shares = [1_000 / 2_300, 1_000 / 2_300, 300 / 2_300] as const
    const scores = [log(0.7), log(0.1), log(0.4)] as const
    const mean = shares[0] * scores[0] + shares[1] * scores[1] + shares[2] * scores[2]
    const first = (scores[0] - mean) / (1 - shares[0])
    const second = log(0.8) - log(0.4)
    near(markOf(played.rain, agentOf('1'))?.kelly, 0.4 * first + 0.6 * second)
    near(markOf(played.rain, agentOf('2'))?.kelly, (0.4 * (scores[1] - mean)) / (1 - shares[1]))
    assert.equal(markOf(played.rain, agentOf('3'))?.kelly, null)
  })

  it('take a report that was kept back for the floor in the public score, and for none in skill', () => {
    const mark = markOf(played.withheld, agentOf('2'))
    assert.deepEqual([mark?.score, mark?.skill], [null, null])
    const question = history.questions.find(({ id }) => id === played.withheld)
    const end = question?.end
    assert.ok(end?.kind === 'settled')
    const weights = [end.house, ...end.weights].map(({ beforeMicro }) => Number(beforeMicro))
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    const shares = new Map(
      [HOUSE, ...end.weights.map(({ agent }) => agent)].map((agent, index) => [
        agent,
        (weights[index] ?? 0) / total,
      ]),
    )
    const share = (agent: Participant): number => shares.get(agent) ?? 0
    const mean =
      share(HOUSE) * Math.log(0.5) +
      share(agentOf('1')) * Math.log(0.7) +
      share(agentOf('2')) * Math.log(0.01)
    near(mark?.kelly, (Math.log(0.01) - mean) / (1 - share(agentOf('2'))))
  })
})

describe('the leaderboard', () => {
  it('has everybody who spoke, holds a lock or was paid, and the house, with roles', () => {
    assert.deepEqual(
      rows.map(({ name, role }) => [name, role]),
      [
        ['forecaster-1', 'forecaster'],
        ['forecaster-2', 'forecaster'],
        ['house', 'house'],
        ['signal-3', 'signal'],
        ['feature-4', 'feature'],
        ['data-5', 'data'],
      ],
    )
  })

  it('counts questions that something came true of', () => {
    assert.deepEqual(
      ['1', '2', '3', '4', '5'].map((name) => rowOf(agentOf(name)).questionCount),
      [3, 1, 1, 1, 0],
    )
    assert.deepEqual([rowOf(agentOf('2')).withheldCount, rowOf(HOUSE).questionCount], [1, 3])
  })

  it('shows weight before and after, of which scores moved as much to some as from others', () => {
    const one = rowOf(agentOf('1'))
    assert.deepEqual(one.weightFirstMicro, 1_000_000_000n)
    assert.equal(one.weightMicro, played.market.lock('1').weightMicro)
    assert.equal(one.weightMicro, 1_000_000_000n + one.weightWonMicro)
    assert.equal(
      rows.reduce((sum, { weightWonMicro }) => sum + weightWonMicro, 0n),
      0n,
    )
    assert.equal(rowOf(agentOf('3')).weightMicro, null)
  })

  it('accounts for all that was minted, and for every agent', () => {
    const minted = history.emissions.reduce(
      (sum, { emissionMicro, unmintedMicro }) => sum + emissionMicro - unmintedMicro,
      0n,
    )
    assert.ok(minted > 0n)
    assert.equal(
      rows.reduce((sum, { paidMicro }) => sum + paidMicro, 0n),
      minted,
    )
    assert.equal(
      rows.reduce((sum, { keptMicro }) => sum + keptMicro, 0n),
      minted,
    )
    for (const { paidMicro, receivedMicro, passedOnMicro, keptMicro } of rows) {
      assert.equal(paidMicro + receivedMicro, passedOnMicro + keptMicro)
    }
  })

  it('is sorted by the public score where that is asked for, those without one last', () => {
    const byK = computeLeaderboard(history, view, nameOf, 'K').map(({ name }) => name)
    assert.deepEqual(byK, [
      'forecaster-1',
      'house',
      'forecaster-2',
      'signal-3',
      'feature-4',
      'data-5',
    ])
    const one = rowOf(agentOf('1'))
    near(one.kellyMean, (one.kellyTotal ?? 0) / 3)
  })
})
