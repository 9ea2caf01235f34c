import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import { createLocalGenesis, createLocalSigners } from '@commonweal/node/local'
import {
  type Block,
  builtInSubnets,
  type Certificate,
  createReplica,
  encode,
  finalLedger,
  type Header,
  type Input,
  type Message,
  networkIdOf,
  open,
  present,
  type Replica,
  type ReplicaContext,
  type Signer,
  seal,
  step,
  type Verified,
} from '@commonweal/protocol'
import { keyedHashSignerOf, keyedHashVerify } from '@commonweal/protocol/testing'
import * as fc from 'fast-check'

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 150)
const SEED = 'fuzz'
const genesis = createLocalGenesis({ nodes: 5, seed: SEED })
const networkId = networkIdOf(genesis)

/** Quick signatures: what is fuzzed is what comes after them. */
const verify = keyedHashVerify
const signers: readonly Signer[] = createLocalSigners(SEED, 6).map(({ agent }) =>
  keyedHashSignerOf(agent),
)
const agents = signers.map((signer) => signer.agent)

const context: ReplicaContext = {
  genesis,
  networkId,
  verify,
  subnets: builtInSubnets,
  signer: present(signers[0], 'there is a signer'),
  votes: true,
  seed: SEED,
}

const small = fc.nat({ max: 4 })
const agent = fc.constantFrom(...agents)
const amount = fc.constantFrom(0n, 1n, 1_000_000n, 10n ** 12n, 2n ** 63n - 1n)
const digest = fc.constantFrom('0'.repeat(64), 'f'.repeat(64))
const cid = fc.constantFrom(networkId, ...['a', 'b'].map((text) => cidLike(text)))
const bytes = fc.uint8Array({ maxLength: 64 })
const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 })
const subnet = fc.constantFrom('commons', 'none')

function cidLike(text: string): typeof networkId {
  return networkIdOf({ ...genesis, name: text })
}

const terms = fc.record({
  parties: fc.constantFrom(agents.slice(0, 5), agents.slice(0, 2)),
  quorum: fc.integer({ min: 1, max: 6 }),
  subnet,
  rounds: fc.constantFrom([1, 12] as const, [2, 2] as const, [0, 0] as const),
  mode: fc.constant('law' as const),
  text: fc.constant(''),
  law: fc.constantFrom(
    { clauses: [] },
    {
      clauses: [
        {
          at: 'submission' as const,
          when: 'true',
          then: { primitive: 'cap' as const, limit: 'stock / (round - 1)' },
        },
      ],
    },
    {
      clauses: [
        {
          at: 'settlement' as const,
          when: 'stockAfter < 90',
          then: { primitive: 'sanction' as const, amount: '9223372036854775807 + stock' },
        },
      ],
    },
  ),
  collateralMicro: fc.constantFrom([0n, 0n, 0n, 0n, 0n], [1n, 10n ** 12n]),
  replaces: fc.option(cid),
})

const header = fc.record({
  epoch: small,
  height: small,
  view: small,
  parent: cid,
  proposer: agent,
  transactionsDigest: digest,
  stateDigest: digest,
  ancestryDigest: digest,
  nextSet: fc.constantFrom(null, [], [{ agent: agents[0], stakeMicro: 1n }]),
}) as fc.Arbitrary<Header>

const certificate = fc.record({
  kind: fc.constantFrom('notarize', 'nullify', 'finalize'),
  epoch: small,
  view: small,
  block: fc.option(cid),
  signers: fc.array(fc.nat({ max: 6 }), { maxLength: 5 }),
  signatures: fc.array(bytes, { maxLength: 5 }),
}) as fc.Arbitrary<Certificate>

const block = fc.record({
  header,
  transactions: fc.array(bytes, { maxLength: 3 }),
  ancestry: fc.array(certificate, { maxLength: 2 }),
}) as fc.Arbitrary<Block>

const talk = { author: agent, conversation: cid, sequence: fc.nat({ max: 70 }) }
const no = { reason: fc.constantFrom('terms', 'other'), text: fc.string({ maxLength: 20 }) }
const vote = { author: agent, epoch: small, view: small }
const transaction = { author: agent, nonce: small, feeMicro: fc.constantFrom(0n, 10_000_000n) }

/** Every kind that an agent can sign, filled with what is well-formed and mostly wrong. */
const message = fc.oneof(
  ...[
    {
      kind: 'cfp',
      author: agent,
      subnet,
      round: small,
      parties: fc.constant(agents.slice(0, 5)),
      subject: fc.string(),
      deadlineHeight: small,
    },
    { kind: 'propose', ...talk, inReplyTo: cid, terms },
    { kind: 'accept-proposal', ...talk, proposal: cid, terms: cid, expiresAtHeight: fc.nat() },
    { kind: 'reject-proposal', ...talk, ...no, proposal: cid },
    { kind: 'refuse', ...talk, ...no },
    { kind: 'cancel', ...talk, ...no },
    { kind: 'inform', ...talk, text: fc.string() },
    { kind: 'consent', author: agent, agreement: cid, expiresAtHeight: fc.nat() },
    { kind: 'notarize', ...vote, block: cid },
    { kind: 'finalize', ...vote, block: cid },
    { kind: 'nullify', ...vote },
    {
      kind: 'proposal',
      ...vote,
      header,
      body: fc.option(
        fc.record({
          transactions: fc.array(bytes, { maxLength: 2 }),
          ancestry: fc.array(certificate, { maxLength: 2 }),
        }),
      ),
      justification: fc.array(certificate, { maxLength: 2 }),
    },
    {
      kind: 'register',
      ...transaction,
      name: fc.string({ maxLength: 8 }),
      roles: fc.constant([]),
      endpoint: fc.constant(''),
      prosociality: fc.option(small),
    },
    { kind: 'transfer', ...transaction, to: agent, amountMicro: amount },
    { kind: 'faucet', ...transaction },
    { kind: 'bond', ...transaction, amountMicro: amount },
    { kind: 'unbond', ...transaction, amountMicro: amount },
    { kind: 'seat', ...transaction, subnet },
    { kind: 'leave', ...transaction, subnet },
    { kind: 'agreement', ...transaction, terms, acceptances: fc.array(bytes, { maxLength: 2 }) },
    {
      kind: 'terminate',
      ...transaction,
      agreement: cid,
      consents: fc.array(bytes, { maxLength: 2 }),
    },
    { kind: 'seal', ...transaction, subnet, digest },
    { kind: 'reveal', ...transaction, subnet, action: amount, salt: bytes32 },
    { kind: 'pass', ...transaction, subnet },
    { kind: 'seal-share', ...transaction, purpose: fc.constantFrom('beacon', 'signal'), digest },
    {
      kind: 'reveal-share',
      ...transaction,
      purpose: fc.constantFrom('beacon', 'signal'),
      share: bytes32,
    },
    { kind: 'evidence', ...transaction, first: bytes, second: bytes },
  ].map((shape) =>
    fc.record(
      Object.fromEntries(
        Object.entries(shape).map(([name, value]) => [
          name,
          typeof value === 'string' ? fc.constant(value) : value,
        ]),
      ) as Record<string, fc.Arbitrary<unknown>>,
    ),
  ),
) as unknown as fc.Arbitrary<Message>

const verified: fc.Arbitrary<Verified> = message
  .map((unsigned) => {
    const signer = present(
      signers.find(({ agent: id }) => id === unsigned.author),
      'every author has a signer',
    )
    return open(seal(unsigned, networkId, signer).envelope, { networkId, verify })
  })
  // Some fields contradict one another: those messages have no shape, and never reach a step.
  .filter((opened) => opened.ok)
  .map((opened) => opened.value)

type Timeless = Input extends infer I ? (I extends Input ? Omit<I, 'nowMs'> : never) : never
const input: fc.Arbitrary<Timeless> = fc.oneof(
  {
    weight: 6,
    arbitrary: verified.map((said): Timeless => ({ kind: 'message', message: said, from: null })),
  },
  {
    weight: 1,
    arbitrary: certificate.map(
      (each): Timeless => ({ kind: 'certificate', certificate: each, from: null }),
    ),
  },
  {
    weight: 1,
    arbitrary: block.map((each): Timeless => ({ kind: 'block', block: each, from: null })),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({ blocks: fc.array(block, { maxLength: 2 }), certificate })
      .map((chain): Timeless => ({ kind: 'chain', ...chain, from: null })),
  },
  { weight: 3, arbitrary: fc.constant<Timeless>({ kind: 'tick' }) },
)

describe('a replica', () => {
  it('takes any well-signed messages in any order without a throw, and always alike', () => {
    fc.assert(
      fc.property(fc.array(input, { minLength: 1, maxLength: 40 }), (inputs) => {
        assert.equal(run(inputs), run(inputs))
      }),
      { numRuns: RUNS },
    )
  })
})

describe('open', () => {
  it('answers any bytes with a value or a code, never a throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (raw) => {
        const opened = open(raw, { networkId, verify })
        assert.ok(opened.ok || opened.error.verdict === 'reject')
      }),
      { numRuns: RUNS * 10 },
    )
  })

  it('refuses every envelope of which one byte was changed', () => {
    fc.assert(
      fc.property(verified, fc.nat(), fc.integer({ min: 1, max: 255 }), (said, at, by) => {
        const changed = Uint8Array.from(said.envelope)
        const index = at % changed.length
        changed[index] = (present(changed[index], 'it is within') + by) % 256
        assert.equal(open(changed, { networkId, verify }).ok, false)
      }),
      { numRuns: RUNS * 10 },
    )
  })
})

/** The trace of a run: what every step did, and the state digest at the end. */
function run(inputs: readonly Timeless[]): string {
  const trace = createHash('sha256')
  let replica: Replica = createReplica(context, 0).state
  for (const [index, each] of inputs.entries()) {
    const stepped = step(context, replica, { ...each, nowMs: (index + 1) * 400 })
    replica = stepped.state
    for (const effect of stepped.effects) {
      trace.update(effect.kind)
      if (effect.kind === 'publish') trace.update(effect.envelope)
    }
  }
  return trace.update(encode(finalLedger(replica).digest())).digest('hex')
}
