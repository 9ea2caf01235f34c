import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
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
