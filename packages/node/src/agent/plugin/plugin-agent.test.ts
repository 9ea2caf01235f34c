import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { inTime } from '../../in-time.ts'
import type { Agent, CommonsNegotiation } from '../agent.ts'
import { createAgent } from '../create-agent.ts'
import { knownDraws } from '../game/draw.ts'
import { gameOf } from '../llm/game/test-game.ts'
import { createMandate, type Mandate } from '../llm/mandate.ts'
import { mandateSchema } from '../llm/model-config.ts'
import { TestClock } from '../llm/test-clock.ts'
import { inForce, situationOf, termsOf, withProposal } from '../llm/test-situation.ts'
import { prosocialityOfLambda } from '../prosocial.ts'
import type { AgentPluginOptions, Plugin } from './plugin.ts'
import { createPluginAgent } from './plugin-agent.ts'
import { PluginWatch } from './plugin-watch.ts'

const ANSWER_MS = 1_000
const weight = prosocialityOfLambda(0.6)
assert.ok(weight.ok)
const prosociality = weight.value
const situation = situationOf()

interface Bench {
  readonly agent: Agent
  readonly clock: TestClock
  /** What was asked, and what went wrong. */
  readonly faults: string[]
}

/** A module around what an agent does; behind it stands a policy that requests 3, plays action 3, and proposes what all do. */
function createBench(
  made: unknown,
  mandate: Mandate | null = null,
  seen: (options: AgentPluginOptions) => void = () => {},
): Bench {
  const plugin: Plugin = {
    name: 'own.ts',
    path: '/own.ts',
    digest: '',
    createAgent: (options) => {
      seen(options)
      return made
    },
    createForecaster: null,
  }
  const clock = new TestClock()
  const faults: string[] = []
  const watch = new PluginWatch({
    name: plugin.name,
    wait: (answer) => inTime(clock, ANSWER_MS, () => answer),
    onFault: (question, { code, message }) => faults.push(`${question} ${code}: ${message}`),
  })
  const derive = knownDraws('test')
  const policy = { name: 'always', action: '3' } as const
  const agent = createPluginAgent(plugin, watch, {
    agent: situation.seats[1] ?? situation.seats[0] ?? assert.fail(),
    prosociality,
    derive,
    mandate,
    createPolicy: () => createAgent({ policy, prosociality, derive }),
  })
  return { agent, clock, faults }
}

function acting(act: unknown): Bench {
  return createBench({
    name: 'own',
    act: typeof act === 'function' ? act : () => act,
    negotiate: () => ({ move: 'pass' }),
  })
}

function speaking(said: unknown): Bench {
  return createBench({ name: 'own', act: () => 0n, negotiate: () => said })
}

describe('an agent of the operator’s own', () => {
  it('is asked what a built-in one is asked, and what it answers at once is passed on at once', () => {
    const { agent, faults } = acting((seen: CommonsNegotiation) => BigInt(seen.state.stock / 4))
    assert.equal(agent.act(situation), 25n)
    assert.equal(agent.name, 'own.ts λ=0.6')
    assert.deepEqual(faults, [])
    const { turns, choices, failures } = agent.usage?.() ?? assert.fail()
    assert.deepEqual({ turns, choices, failures }, { turns: 1, choices: 1, failures: {} })
  })

  it('is told who it is, whom it cares for, what would play in its place, and its chances', () => {
    let told: AgentPluginOptions | undefined
    createBench({ act: () => 1n, negotiate: () => ({ move: 'pass' }) }, null, (options) => {
      told = options
    })
    assert.equal(told?.agent, situation.seats[1])
    assert.equal(told?.prosociality.lambda, 0.6)
    assert.equal(told?.policy.act(situation), 3n)
    const [one, again, two] = [told?.draw('a'), told?.draw('a'), told?.draw('b')]
    assert.equal(one, again)
    assert.notEqual(one, two)
    assert.ok(one !== undefined && one >= 0 && one < 1)
  })

  it('may be of a class, and may take its time', async () => {
    class Slow {
      readonly #request = 12n
      async act(): Promise<bigint> {
        return this.#request
      }
      negotiate(): object {
        return { move: 'pass' }
      }
    }
    const { agent, faults } = createBench(new Slow())
    assert.equal(await agent.act(situation), 12n)
    assert.deepEqual(faults, [])
  })

  it('cannot change what the node knows', () => {
    const seen = inForce(situationOf(), termsOf(situation, 'stock / 10'))
    const before = JSON.stringify(seen, bigints)
    const { agent } = acting(
      (own: {
        state: { stock: number }
        seats: unknown[]
        law: { bound: { signer: boolean[]; law: { clauses: unknown[] } } }
      }) => {
        own.state.stock = 0
        own.seats.reverse()
        own.law.bound.signer.fill(false)
        own.law.bound.law.clauses.pop()
        return 4n
      },
    )
    assert.equal(agent.act(seen), 4n)
    assert.equal(JSON.stringify(seen, bigints), before)
  })

  it('makes an agent at the start, or there is none', () => {
    for (const [made, sentence] of [
      [undefined, /^\/own\.ts: its createAgent returns no agent; accepted: /],
      [{ act: () => 1n }, /returns no agent/],
      [Promise.resolve({}), /returns no agent/],
    ] as const) {
      assert.throws(() => createBench(made), { name: 'ConfigError', message: sentence })
    }
    assert.throws(
      () =>
        createBench({}, null, () => {
          throw new RangeError('no λ')
        }),
      { name: 'ConfigError', message: /^\/own\.ts: its createAgent throws RangeError: no λ; / },
    )
  })
})

describe('the policy behind it decides', () => {
  it('where it throws, or rejects, or answers no action', async () => {
    const failing = new Error('no sea')
    const cases: readonly (readonly [act: unknown, fault: RegExp])[] = [
      [
        () => {
          throw failing
        },
        /^act threw: Error: no sea$/,
      ],
      [
        () => {
          throw 'up'
        },
        /^act threw: up$/,
      ],
      [
        () => {
          throw Object.create(null)
        },
        /^act threw: \[Object: null prototype\] \{\}$/,
      ],
      [
        async () => {
          throw failing
        },
        /^act threw: Error: no sea$/,
      ],
      [10, /^act wrong-shape: an action is a bigint such as 10n, and it answered a number$/],
      [Promise.resolve(undefined), /^act wrong-shape: .*answered a undefined$/],
      [-1n, /^act wrong-shape: the request -1 is not from 0 to /],
      [10n ** 30n, /^act wrong-shape: the request 1\d+ is not from 0 to /],
    ]
    for (const [act, fault] of cases) {
      const { agent, faults } = acting(act)
      assert.equal(await agent.act(situation), 3n)
      assert.equal(faults.length, 1)
      assert.match(faults[0] ?? '', fault)
      const { turns, choices } = agent.usage?.() ?? assert.fail()
      assert.deepEqual([turns, choices], [1, 0], 'a fault is never a choice')
    }
  })

  it('where it is late, and what it says then counts for nothing', async () => {
    const late = Promise.withResolvers<bigint>()
    const { agent, clock, faults } = acting(late.promise)
    const action = Promise.resolve(agent.act(situation))
    clock.advance(ANSWER_MS)
    assert.equal(await action, 3n)
    late.reject(new Error('too late'))
    assert.match(faults.join(), /^act timed-out: .*no answer within 1000 ms$/)
    assert.deepEqual(agent.usage?.().failures, { 'timed-out': 1 })
  })

  it('where it says what no ledger takes', () => {
    const standing = withProposal(situation, termsOf(situation, 'stock / 10'))
    const cases: readonly (readonly [said: unknown, seen: CommonsNegotiation, fault: RegExp])[] = [
      [undefined, situation, /wrong-shape: its answer is no move: /],
      [{ move: 'sign' }, situation, /wrong-shape: its answer is no move: move\.move: /],
      [
        { move: 'propose', terms: {} },
        situation,
        /wrong-shape: its answer is no move: move\.terms\./,
      ],
      [{ move: 'reject', text: 'x'.repeat(301) }, standing, /wrong-shape: .*move\.text: /],
      [{ move: 'accept' }, situation, /wrong-shape: there are no terms on the table/],
      [
        { move: 'propose', terms: termsOf(situation, 'weather / 2') },
        situation,
        /no ledger takes the law/,
      ],
      [
        { move: 'propose', terms: termsOf(situation, '1', { subnet: 'other' }) },
        situation,
        /about something else/,
      ],
    ]
    for (const [said, seen, fault] of cases) {
      const { agent, faults } = speaking(said)
      assert.deepEqual(agent.negotiate(seen), { move: 'pass' })
      assert.match(faults.join(), fault)
    }
  })

  it('where its mandate is passed, if it has one', () => {
    const mandate = createMandate(mandateSchema.parse({ requestPercentMax: 20 }))
    const made = { act: () => 21n, negotiate: () => ({ move: 'accept' }) }
    const harsh = withProposal(situation, termsOf(situation, 'self == 1 ? 0 : stock / 4'))
    const guarded = createBench(made, mandate)
    assert.equal(guarded.agent.act(situation), 3n)
    guarded.agent.negotiate(harsh)
    assert.match(
      guarded.faults.join(),
      /act outside-mandate: .* 0 to 20,negotiate outside-mandate: /,
    )
    const free = createBench(made)
    assert.equal(free.agent.act(situation), 21n)
    assert.deepEqual(free.agent.negotiate(harsh), { move: 'accept' })
    assert.deepEqual(free.faults, [])
  })

  it('in a game too', () => {
    const { agent, faults } = acting(9n)
    assert.equal(agent.act(gameOf()), 3n)
    assert.match(faults.join(), /act wrong-shape: the action 9 is none of 0, 1/)
  })
})

it('to accept once more what it holds is a pass, and no fault', () => {
  const seen = withProposal(situation, termsOf(situation, 'stock / 10'), situation.seat)
  const { agent, faults } = speaking({ move: 'accept' })
  assert.deepEqual(agent.negotiate(seen), { move: 'pass' })
  assert.deepEqual(faults, [])
})

it('what it rejects with words is passed on, and a proposal as the ledger reads it', () => {
  const terms = termsOf(situation, 'stock / 20')
  const rejecting = speaking({ move: 'reject', text: 'Too little.' })
  const seen = withProposal(situation, terms)
  assert.deepEqual(rejecting.agent.negotiate(seen), {
    move: 'reject',
    reason: 'terms',
    text: 'Too little.',
  })
  const said = { move: 'propose', terms: { ...terms } }
  const move = speaking(said).agent.negotiate(situation)
  said.terms.text = 'changed later'
  assert.deepEqual(move, { move: 'propose', terms })
})

function bigints(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}
