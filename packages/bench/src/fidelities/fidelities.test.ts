import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { present } from '@commonweal/protocol'
import { findFidelity } from '../experiment/fidelity-named.ts'
import type { RunResult } from '../experiment/run-result.ts'
import { FIDELITY_MATRIX, type FidelityName, type MatrixEntry, plansOf } from './matrix.ts'

const SEEDS = ['1', '2', '3']

async function play(
  entry: Pick<MatrixEntry, 'name' | 'text'>,
  fidelity: FidelityName,
  seeds = SEEDS,
): Promise<readonly RunResult[]> {
  const { signal } = new AbortController()
  const plans = plansOf(entry, fidelity, seeds)
  return Promise.all(plans.map((plan) => findFidelity(fidelity).run(plan, signal)))
}

describe('without a fault whole replicas come to what the state machine alone comes to', () => {
  for (const entry of FIDELITY_MATRIX) {
    it(entry.name, async () => {
      const [rounds, sim] = [await play(entry, 'rounds'), await play(entry, 'sim')]
      for (const [index, plain] of rounds.entries()) {
        const whole = sim[index]
        assert.ok(plain.status === 'done' && whole?.status === 'done')
        assert.deepEqual(whole.outcome, plain.outcome)
        assert.equal(whole.outcomeDigest, plain.outcomeDigest)
      }
    })
  }
})

describe('conditions of the network', () => {
  const entry = {
    name: 'lossy',
    text: `population: [{ policy: utility, count: 4 }]
contract: law
law: stock / 10
`,
  }
  const lossy = `${entry.text}network: { latencyMs: 20, jitterMs: 40, loss: 0.02 }\n`

  it('that lose messages change what a run costs, not what it comes to', async () => {
    const [plain] = await play(entry, 'rounds')
    for (const lost of await play({ ...entry, text: lossy }, 'sim')) {
      assert.ok(plain?.status === 'done' && lost.status === 'done')
      assert.equal(lost.outcomeDigest, plain.outcomeDigest)
      assert.ok((lost.metrics['finality.p95Ms'] ?? 0) > 60)
    }
  })

  it('give the same run again for the same seed', async () => {
    const once = await play({ ...entry, text: lossy }, 'sim', ['4'])
    assert.deepEqual(await play({ ...entry, text: lossy }, 'sim', ['4']), once)
  })

  it('that keep an honest node from its acts make a failed run, and no other outcome', async () => {
    const cut = `${entry.text}network: { partitions: [{ nodes: [3], fromMs: 400, toMs: 60000 }] }\n`
    for (const result of await play({ ...entry, text: cut }, 'sim', ['1'])) {
      assert.equal(result.status, 'failed')
      assert.match(result.reason, /seat 3 (did not seal|missed its phase)/)
    }
  })

  it('let a node that crashes start again from its disk and go on', async () => {
    const crash = `${entry.text}network: { crashes: [{ node: 2, atMs: 700, restartAtMs: 1200 }] }\n`
    const [plain] = await play(entry, 'rounds')
    for (const result of await play({ ...entry, text: crash }, 'sim')) {
      assert.ok(plain?.status === 'done' && result.status === 'done')
      assert.equal(result.outcomeDigest, plain.outcomeDigest)
    }
  })
})

describe('conditions of the network of a market', () => {
  const market = {
    name: 'market',
    text: 'scenario: { kind: forecast, questions: 2, first: 2014-03-01 }\n',
  }
  const plain = play(market, 'rounds', ['1'])
  const under = async (network: string): Promise<RunResult> => {
    const text = `${market.text}network: ${network}\n`
    return present((await play({ ...market, text }, 'sim', ['1']))[0], 'a seed has a run')
  }

  async function assertSame(result: RunResult): Promise<void> {
    const [expected] = await plain
    assert.ok(expected?.status === 'done')
    assert.ok(result.status === 'done', result.status === 'failed' ? result.reason : '')
    assert.deepEqual(result.outcome, expected.outcome)
  }

  it('that lose messages change nothing that anybody says or is paid', async () => {
    const lossy = await under('{ latencyMs: 20, jitterMs: 40, loss: 0.02 }')
    await assertSame(lossy)
    assert.ok(lossy.status === 'done' && (lossy.metrics['finality.p95Ms'] ?? 0) > 60)
  })

  it('let a forecaster and a supplier that crash learn again from their disks, and find each other', async () => {
    // Node 13 is the forecaster; both are down between two questions, and for some blocks.
    const crashes = [4_600, 8_000].flatMap((atMs) => [
      { node: 13, atMs, restartAtMs: atMs + 300 },
      { node: 11, atMs: atMs + 100, restartAtMs: atMs + 350 },
    ])
    await assertSame(await under(JSON.stringify({ crashes })))
  })

  it('that keep an agent from its supplies make a failed run, and no other outcome', async () => {
    for (const [node, reason] of [
      [6, /^feature-persistence did not seal in time/],
      [13, /^forecaster did not seal in time/],
    ] as const) {
      const cut = await under(`{ partitions: [{ nodes: [${node}], fromMs: 400, toMs: 60000 }] }`)
      assert.ok(cut.status === 'failed')
      assert.match(cut.reason, reason)
    }
  })
})
