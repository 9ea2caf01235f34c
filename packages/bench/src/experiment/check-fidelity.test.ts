import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ExperimentError } from './experiment-error.ts'
import { parseExperiment } from './parse-experiment.ts'

const FIVE = 'population: [{ policy: utility, count: 5 }]\n'

function refusal(text: string): string {
  try {
    parseExperiment(text.startsWith('scenario') ? text : FIVE + text, 'file.yaml')
  } catch (error) {
    assert.ok(error instanceof ExperimentError)
    return error.message
  }
  return 'accepted'
}

describe('a file is refused with what its fidelity cannot do, and where that stands', () => {
  const refusals: readonly (readonly [name: string, text: string, says: RegExp])[] = [
    [
      'a bench for rules of credit among replicas',
      'scenario: { kind: forecast, market: credit }\nfidelity: sim\n',
      /scenario.market: credit, which compares rules of credit in one process; accepted with fidelity sim: weather/,
    ],
    [
      'the same among processes',
      'scenario: { kind: forecast, market: credit }\nfidelity: net\n',
      /scenario.market: credit, .*; accepted with fidelity net: weather/,
    ],
    [
      'a partition of a node that a market does not have',
      'scenario: { kind: forecast }\nfidelity: sim\nnetwork: { partitions: [{ nodes: [14], fromMs: 0, toMs: 9 }] }\n',
      /network.partitions.0: node 14; accepted: 0 to 13/,
    ],
    [
      'a crash of a node that a short chain does not have',
      'scenario: { kind: forecast, chain: short }\nfidelity: sim\nnetwork: { crashes: [{ node: 7, atMs: 0, restartAtMs: 9 }] }\n',
      /network.crashes.0: node 7; accepted: 0 to 6/,
    ],
    [
      'a replica that is faulty in a market',
      'scenario: { kind: forecast }\nfidelity: sim\nadversaries: [{ kind: flood, count: 1 }]\n',
      /adversaries: no market seats any yet/,
    ],
    [
      'a fault where there are no replicas',
      'adversaries: [{ kind: flood, count: 1 }]\n',
      /adversaries.0.kind: flood breaks the protocol, .*; accepted with fidelity sim or net/,
    ],
    [
      'a fault that cannot begin later',
      'fidelity: sim\nadversaries: [{ kind: clock-skew, count: 1, fromRound: 2 }]\n',
      /adversaries.0.fromRound: 2; accepted for clock-skew: 1/,
    ],
    [
      'bytes that are no message where messages are carried',
      'fidelity: sim\nadversaries: [{ kind: forge, count: 1 }]\n',
      /adversaries.0.kind: forge breaks the protocol, .*; accepted with fidelity net/,
    ],
    [
      'an adversary that there is not, with the names of those that there are',
      'fidelity: sim\nadversaries: [{ kind: magic, count: 1 }]\n',
      /«magic»; accepted: .*or with fidelity sim or net double-vote, .*partition; with fidelity net forge/,
    ],
    [
      'a partition of a node that there is not',
      'fidelity: sim\nnetwork: { partitions: [{ nodes: [5], fromMs: 0, toMs: 9 }] }\n',
      /network.partitions.0: node 5; accepted: 0 to 4/,
    ],
    [
      'a crash that ends before it begins',
      'fidelity: sim\nnetwork: { crashes: [{ node: 1, atMs: 9, restartAtMs: 9 }] }\n',
      /network.crashes.0: it ends at 9 ms; accepted: after 9 ms/,
    ],
    [
      'a crash of every process, of which one must be asked',
      `fidelity: net\nnetwork: { crashes: [${[0, 1, 2, 3, 4].map((node) => `{ node: ${node}, atMs: 0, restartAtMs: 9 }`).join()}] }\n`,
      /network.crashes: every node; accepted with fidelity net: all but one/,
    ],
  ]
  for (const [name, text, says] of refusals) {
    it(name, () => assert.match(refusal(text), says))
  }

  it('and is read where all fits', () => {
    const crash = 'network: { crashes: [{ node: 4, atMs: 5, restartAtMs: 9 }] }\n'
    assert.equal(
      refusal(`fidelity: sim\nadversaries: [{ kind: pause, count: 1 }]\n${crash}`),
      'accepted',
    )
    assert.equal(refusal('fidelity: net\ncontract: law\nlaw: stock / 10\n'), 'accepted')
    const late = '{ kind: crash, count: 1, fromRound: 2, spellMs: 500 }'
    assert.equal(refusal(`fidelity: net\nadversaries: [${late}]\n`), 'accepted')
    for (const fidelity of ['sim', 'net']) {
      assert.equal(refusal(`scenario: { kind: forecast }\nfidelity: ${fidelity}\n`), 'accepted')
    }
  })
})
