import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { canonicalGame, splitEffort } from '@commonweal/bench/games'
import { createLocalGenesis } from '@commonweal/node'
import {
  createTable,
  type GameRow,
  type Genesis,
  gameParamsSchema,
  type Ledger,
  present,
  seededShare,
  shareDigest,
} from '@commonweal/protocol'
import { type Asked, startModelServer } from '../model-server.ts'
import { withFolder } from './command.ts'
import { runModelReplicas } from './model-replicas.ts'

const SEED = 'games'
const ROUNDS = 4
/** One payoff more than a choice can change in the dilemma. */
const FINE = 13_000_000

const dilemma = splitEffort(canonicalGame, { rounds: ROUNDS, language: 'own-action' }).params
const states = gameParamsSchema.parse({
  game: { form: 'hidden-state' },
  rounds: ROUNDS,
  language: 'own-action',
  unitMicro: 1_000_000,
})

function genesisOf(params: object, nodes: number): Genesis {
  const genesis = createLocalGenesis({ nodes, seed: SEED, thinkMs: 60_000 })
  const instance = present(genesis.instances[0], 'a local genesis has one instance')
  const shares = genesis.accounts.map(({ agent }) => {
    const share = seededShare(SEED, agent, 1, 'signal')
    return { agent, digest: shareDigest({ author: agent, epoch: 1, purpose: 'signal', share }) }
  })
  return {
    ...genesis,
    instances: [{ ...instance, id: 'game', kind: 'game', params }],
    signalDigests: params === states ? shares : [],
  }
}

/** Seat 0 wants a fine on defection, seat 1 agrees; under it both cooperate, and save their effort in every second round. */
function decide({ kind, seat, round, prompt }: Asked): object | string {
  // A model that has lost its mind for a turn.
  if (kind === 'action' && seat === 1 && round === 3) return 'I cannot decide.'
  if (kind === 'action') {
    const isFined = /base is not 0 is fined 13 tokens/.test(prompt)
    return { action: isFined ? round % 2 : 2, reason: null }
  }
  if (!/Terms on the table:\nnone/.test(prompt)) return move('accept')
  const then = { primitive: 'sanction', amount: String(FINE) }
  const law = { clauses: [{ at: 'submission', when: 'base != 0', then }] }
  return seat === 0 ? move('propose', { law, deposit: FINE }) : move('pass')
}

function move(name: string, more: object = {}): object {
  return { move: name, law: null, words: null, text: null, deposit: null, ...more }
}

/** With a hidden state: what the state is, nobody's contract. */
function followState({ kind, prompt }: Asked): object {
  if (kind === 'move') return move('pass')
  return { action: Number(/The state of this round is (\d)/.exec(prompt)?.[1] ?? 9) }
}

function rowsOf(ledger: Ledger): readonly GameRow[] {
  return [...createTable<GameRow>('row').entries(ledger)].map(([, row]) => row)
}

describe('replicas whose agents have models', () => {
  it('negotiate a fine and play a game with hidden effort over HTTP, and come to the same digest from the recording', () =>
    withFolder(async (folder) => {
      const tape = join(folder, 'tape.jsonl')
      const genesis = genesisOf(dilemma, 2)
      const play = (name: string, mode: string): ReturnType<typeof runModelReplicas> => {
        const model = { name, cassette: { path: tape, mode } }
        return runModelReplicas({ genesis, seed: SEED, lambdas: [0, 1], model })
      }
      let recorded: string
      let name: string
      {
        await using server = await startModelServer(decide)
        name = `tester@${server.url}`
        const { digest, ledger } = await play(name, 'record')
        recorded = digest
        const rows = rowsOf(ledger)
        assert.deepEqual(
          rows.map(({ actions }) => actions),
          [[1, 1], [0, 0], [1, 0], [0, 0]], // biome-ignore format: a round a pair
        )
        // Who fails a turn passes: it plays the default and is absent, which is no choice.
        assert.deepEqual(rows[2]?.absent, [false, true])
        assert.deepEqual(new Set(server.asked.map(({ kind }) => kind)), new Set(['move', 'action']))
      }
      assert.equal((await play(name, 'replay-only')).digest, recorded)
    }))

  it('see the state of a round when they act, and follow it', async () => {
    await using server = await startModelServer(followState)
    const { ledger } = await runModelReplicas({
      genesis: genesisOf(states, 3),
      seed: SEED,
      lambdas: [1, 1, 1],
      model: { name: `tester@${server.url}` },
    })
    const rows = rowsOf(ledger)
    assert.equal(rows.length, ROUNDS)
    for (const { actions, state } of rows) assert.deepEqual(actions, [state, state, state])
    assert.equal(new Set(rows.map(({ state }) => state)).size, 2)
  })

  it('learn nothing of what another cares about but by what it does', async () => {
    const promptsOf = async (lambda: number): Promise<readonly string[]> => {
      await using server = await startModelServer(decide)
      const model = { name: `tester@${server.url}` }
      await runModelReplicas({
        genesis: genesisOf(dilemma, 2),
        seed: SEED,
        lambdas: [lambda, 1],
        model,
      })
      return server.asked.filter(({ seat }) => seat === 1).map(({ prompt }) => prompt)
    }
    assert.deepEqual(await promptsOf(5), await promptsOf(0))
  })
})
