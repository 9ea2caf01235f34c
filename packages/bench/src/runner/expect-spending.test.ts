import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseExperiment } from '../experiment/parse-experiment.ts'
import { expectSpending } from './expect-spending.ts'

const TEXT = `
scenario: { rounds: 2 }
population: [{ policy: llm, count: 1, prosociality: 1 }, { policy: greedy, count: 1 }]
seeds: 2
llm: { model: villager, price: "10/20" }
sweep: { contract: [none, text, law] }
`
const experiment = parseExperiment(TEXT, 'asked.yaml')

describe('what is to be expected', () => {
  it('is the calls of runs in which nobody agrees, and replies as long as they may be', async () => {
    const environment = { OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' }
    const expected = await expectSpending(experiment, null, environment)
    assert.ok(expected !== null)
    // Two rounds: a harvest each; with a contract five of ten turns more.
    assert.equal(expected.callCount, 2 * (2 + 2 * (2 + 2 * 5)))
    assert.equal(expected.completionTokens, expected.callCount * 4_096)
    const exact = expected.promptTokens * 10 + expected.completionTokens * 20
    assert.ok(Math.abs(Number(expected.costMicroUsd) - exact) < expected.callCount * 2)
    const shard = await expectSpending(experiment, { index: 1, count: 2 }, environment)
    assert.equal(shard?.runCount, 3)
  })

  it('is nothing where a cassette answers, and no sum where nobody says a price', async () => {
    assert.equal(
      await expectSpending(
        { ...experiment, cassette: { file: 'tape.jsonl', mode: 'replay-only' } },
        null,
        {},
      ),
      null,
    )
    const unpriced = parseExperiment(TEXT.replace(', price: "10/20"', ''), 'asked.yaml')
    const environment = { OPENAI_API_KEY: 'sk-1' }
    assert.equal((await expectSpending(unpriced, null, environment))?.costMicroUsd, null)
  })
})
