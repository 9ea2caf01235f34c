import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type AgentQuestion,
  builtInSubnets,
  type Command,
  createGenesisLedger,
  networkIdOf,
  nobleVerify,
  REQUEST_MAX,
} from '@commonweal/protocol'
import type { Agent } from './agent/agent.ts'
import { composeTerms } from './agent/utility/bargaining.ts'
import { capLaw } from './agent/utility/candidate.ts'
import { AgentDesk, type AgentFault } from './agent-desk.ts'
import { createLocalGenesis } from './local/genesis.ts'
import type { ClockPort, LogPort } from './ports.ts'

const genesis = createLocalGenesis({ nodes: 3, seed: 'desk' })
const networkId = networkIdOf(genesis)
const founded = createGenesisLedger({
  genesis,
  networkId,
  verify: nobleVerify,
  subnets: builtInSubnets,
})
const SILENT: LogPort = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

const toAct: AgentQuestion = { kind: 'act', subnet: 'commons', epoch: 1, seat: 1 }
const toSpeak: AgentQuestion = {
  kind: 'negotiate',
  subnet: 'commons',
  epoch: 1,
  seat: 1,
  target: 1,
  turn: 4,
  standing: null,
  transcript: [],
}
const steady: Agent = {
  name: 'steady',
  act: () => 7n,
  negotiate: () => ({ move: 'reject', reason: 'terms', text: 'no' }),
}

/** What comes of one question; `ring` lets the agent's time run out. */
async function ask(
  agent: Partial<Agent>,
  question: AgentQuestion,
  ring = false,
): Promise<{ command: Command; faults: readonly AgentFault[] }> {
  assert.ok(founded.ok)
  const ledger = founded.value
  const faults: AgentFault[] = []
  const { promise, resolve } = Promise.withResolvers<Command>()
  const clock: ClockPort = {
    nowMs: () => 0,
    alarm: (_delayMs, late) => {
      if (ring) setImmediate(late)
      return () => {}
    },
  }
  const desk = new AgentDesk({
    agent: { ...steady, ...agent },
    clock,
    log: SILENT,
    timeoutMs: 2_000,
    ledger: () => ledger,
    onCommand: resolve,
    onFault: (fault) => faults.push(fault),
  })
  desk.ask(question)
  return { command: await promise, faults }
}

const passed: Command = {
  kind: 'submit',
  body: { kind: 'pass', subnet: 'commons' },
  tag: null,
}

describe('the agent’s desk', () => {
  it('brings answers back as commands', async () => {
    assert.deepEqual(await ask({}, toAct), {
      command: { kind: 'act', subnet: 'commons', epoch: 1, action: 7n },
      faults: [],
    })
    assert.deepEqual((await ask({}, toSpeak)).command, {
      kind: 'move',
      subnet: 'commons',
      epoch: 1,
      turn: 4,
      move: { move: 'reject', text: 'no' },
    })
  })

  it('shows the agent its seat, the stock and the rules', async () => {
    await ask(
      {
        negotiate: (situation) => {
          assert.ok(situation.kind === 'commons')
          const { seat, seats, state, quorum, turn, covering, holds } = situation
          assert.deepEqual([seat, seats.length, state.stock, quorum, turn], [1, 3, 100, 3, 4])
          assert.deepEqual([covering, holds], [null, [null, null, null]])
          return { move: 'pass' }
        },
      },
      toSpeak,
    ).then(({ faults }) => assert.deepEqual(faults, []))
  })

  it('passes for an agent that throws', async () => {
    const broken = (): never => {
      throw new Error('out of ideas')
    }
    const acted = await ask({ act: broken }, toAct)
    assert.deepEqual(acted.command, passed)
    assert.equal(acted.faults[0]?.code, 'agent-failed')
    const spoke = await ask({ negotiate: broken }, toSpeak)
    assert.deepEqual(spoke.command.kind === 'move' && spoke.command.move, { move: 'pass' })
  })

  it('passes for an agent that is late', async () => {
    const never = (): Promise<bigint> => new Promise(() => {})
    const { command, faults } = await ask({ act: never }, toAct, true)
    assert.deepEqual(command, passed)
    assert.equal(faults[0]?.code, 'agent-late')
  })

  it('passes for an agent whose action would be refused when it is revealed', async () => {
    for (const action of [-1n, BigInt(REQUEST_MAX) + 1n]) {
      const { command, faults } = await ask({ act: () => action }, toAct)
      assert.deepEqual(command, passed)
      assert.equal(faults[0]?.code, 'agent-out-of-range')
    }
    assert.deepEqual((await ask({ act: () => BigInt(REQUEST_MAX) }, toAct)).faults, [])
  })

  it('passes for an agent whose terms no proposal can carry', async () => {
    // As many characters as a law may have, of three bytes each.
    const proposing = (comment: string): Agent['negotiate'] => {
      const clause = capLaw('stock / 10').clauses.map((cap) => ({ ...cap, when: comment }))
      const law = { clauses: Array.from({ length: 15 }, () => clause).flat() }
      return (situation) => ({ move: 'propose', terms: composeTerms(situation, { law, text: '' }) })
    }
    for (const comment of [`true // ${'語'.repeat(1_000)}`, 'true // \ud83d']) {
      const { command, faults } = await ask({ negotiate: proposing(comment) }, toSpeak)
      assert.deepEqual(command.kind === 'move' && command.move, { move: 'pass' })
      assert.equal(faults[0]?.code, 'agent-out-of-range')
    }
    const { faults } = await ask({ negotiate: proposing(`true // ${'a'.repeat(1_000)}`) }, toSpeak)
    assert.deepEqual(faults, [])
  })

  it('passes where it can describe nothing', async () => {
    const { faults } = await ask({}, { ...toAct, subnet: 'nothing' })
    assert.equal(faults[0]?.code, 'no-situation')
  })
})
