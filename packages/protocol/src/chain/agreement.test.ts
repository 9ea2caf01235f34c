import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Clause, type Terms, termsCid } from '../contract/terms.ts'
import { TOKEN_MICRO } from '../schema/atoms.ts'
import { agentOf, LedgerWorld } from '../testing/index.ts'
import { AGREEMENTS_PER_SEAT_MAX } from './agreement.ts'
import { COLLATERAL_RESERVE_ROUNDS_MAX } from './collateral.ts'
import { roundNeedMicro } from './run.ts'

const ALL = ['0', '1', '2', '3', '4']
const FOUR = ['0', '1', '2', '3']
const SIGNERS = { instance: { binding: 'signers' } }
const FEE_MICRO = 100_000n
const LAW = { clauses: [] }
const FINE: Clause = {
  at: 'submission',
  when: 'true',
  then: { primitive: 'sanction', amount: '1000000' },
}

function collateral(tokens: number): Pick<Terms, 'collateralMicro'> {
  return { collateralMicro: ALL.map(() => BigInt(tokens) * TOKEN_MICRO) }
}

/** Leaves an agent this many tokens, whatever it pays for that. */
function drain(world: LedgerWorld, name: string, leftTokens: number): void {
  const { balanceMicro } = world.account(name)
  const amountMicro = balanceMicro - FEE_MICRO - BigInt(leftTokens) * TOKEN_MICRO
  assert.equal(world.act(name, { kind: 'transfer', to: agentOf('away'), amountMicro }).code, 'ok')
}

test('under members four of five bind the fifth, and their collateral is in custody', () => {
  const world = new LedgerWorld()
  const terms = world.terms(collateral(100))
  assert.equal(world.act('0', world.agreement(terms, FOUR)).code, 'ok')
  const { bound, signer, lawState } = world.standing(termsCid(terms))
  assert.deepEqual(bound, [true, true, true, true, true])
  assert.deepEqual(signer, [true, true, true, true, false])
  assert.deepEqual(
    lawState?.collateralMicro,
    ALL.map(() => 100n * TOKEN_MICRO),
  )
})

test('of a member that did not sign no more is taken than from any signer', () => {
  const world = new LedgerWorld()
  const asked = [9n, 7n, 8n, 9n, 300n].map((tokens) => tokens * TOKEN_MICRO)
  const terms = world.terms({ collateralMicro: asked })
  world.act('0', world.agreement(terms, FOUR))
  const taken = world.standing(termsCid(terms)).lawState?.collateralMicro
  assert.deepEqual(
    taken,
    [9n, 7n, 8n, 9n, 7n].map((tokens) => tokens * TOKEN_MICRO),
  )
})

test('a member that did not sign keeps what it needs to act in the rounds of the law', () => {
  for (const to of [3, COLLATERAL_RESERVE_ROUNDS_MAX, 2 ** 53 - 1]) {
    const world = new LedgerWorld()
    drain(world, '4', 60)
    const terms = world.terms({ ...collateral(500), rounds: [1, to] })
    assert.equal(world.act('0', world.agreement(terms, FOUR)).code, 'ok')
    const counted = BigInt(Math.min(to, COLLATERAL_RESERVE_ROUNDS_MAX))
    const neededMicro = roundNeedMicro(world, world.instance, counted)
    assert.equal(world.account('4').balanceMicro, neededMicro)
  }
})

test('one that signed what it cannot fund loses a thousandth of its bond and is named, and nobody else pays', () => {
  const world = new LedgerWorld()
  const terms = world.terms(collateral(500))
  drain(world, '3', 499)
  const receipt = world.act('0', world.agreement(terms, ALL))
  assert.equal(receipt.code, 'cannot-fund-agreement')
  assert.equal(receipt.facts['agent'], agentOf('3'))
  assert.equal(world.account('3').bondMicro, 99_900_000n)
  assert.deepEqual(
    ['1', '2', '4'].map((name) => world.account(name)),
    ['1', '2', '4'].map((name) => new LedgerWorld().account(name)),
  )
})

test('the same broken promise is charged once, however often it is posted', () => {
  const world = new LedgerWorld()
  const terms = world.terms({ ...collateral(500), rounds: [2, 2] })
  drain(world, '3', 499)
  for (const poster of ['0', '1', '2']) {
    assert.equal(world.act(poster, world.agreement(terms, ALL)).code, 'cannot-fund-agreement')
  }
  assert.equal(world.account('3').bondMicro, 99_900_000n)
})

test('when a replacement fails for lack of funds, what it would have replaced stays in force', () => {
  const world = new LedgerWorld()
  const old = world.terms({ ...collateral(5), rounds: [2, 4], law: { clauses: [FINE] } })
  world.act('0', world.agreement(old, ALL))
  const next = world.terms({ ...collateral(500), rounds: [2, 4], replaces: termsCid(old) })
  drain(world, '3', 400)
  const before = world.standing(termsCid(old))
  assert.equal(world.act('0', world.agreement(next, ALL)).code, 'cannot-fund-agreement')
  assert.deepEqual(world.standing(termsCid(old)), before)
  assert.equal(world.events.filter(({ kind }) => kind === 'agreement-ended').length, 0)
})

test('a seal bond that awaits its reveal is not held against who promised', () => {
  const world = new LedgerWorld({ instance: { contractDelay: 1 } })
  for (const name of ALL) drain(world, name, 100)
  world.passNegotiation()
  world.block(...world.seated().map((name) => [name, world.sealOf(name, 5n)] as const))
  const terms = world.terms({ ...collateral(91), rounds: [2, 2] })
  assert.equal(world.act('0', world.agreement(terms, ALL)).code, 'cannot-fund-agreement')
  assert.equal(world.account('0').bondMicro, 100n * TOKEN_MICRO)
})

test('where words are not enforced nothing is put up for them', () => {
  const world = new LedgerWorld({ instance: { contract: 'text' } })
  drain(world, '3', 1)
  const terms = world.terms({ ...collateral(900), mode: 'text', law: null, text: 'take ten each' })
  assert.equal(world.act('0', world.agreement(terms, ALL)).code, 'ok')
  assert.equal(world.standing(termsCid(terms)).lawState, null)
  assert.equal(world.account('1').balanceMicro, 990n * TOKEN_MICRO)
})

test('an agreement that its parties ended does not form again from the same acceptances', () => {
  const world = new LedgerWorld()
  const terms = world.terms({ rounds: [2, 3] })
  const agreement = world.agreement(terms, ALL)
  world.act('0', agreement)
  assert.equal(world.act('0', terminate(world, terms, ALL)).code, 'ok')
  assert.equal(world.act('1', agreement).code, 'already-ended')
})

test('nor does one that ended with its run, in the run that follows', () => {
  const world = new LedgerWorld({ instance: { repeat: true, params: { rounds: 1 } } })
  const terms = world.terms({ rounds: [2, 3] })
  const agreement = world.agreement(terms, ALL)
  world.act('0', agreement)
  world.playRound([1n, 1n, 1n, 1n, 1n])
  assert.equal(world.run.run, 2)
  assert.deepEqual(world.run.agreements, [])
  assert.equal(world.act('1', agreement).code, 'already-ended')
})

test('who signed terms can be held to them later, but not within a round whose laws are frozen', () => {
  const world = new LedgerWorld(SIGNERS)
  const terms = world.terms({ quorum: 2, rounds: [1, 4], ...collateral(1) })
  const late = { kind: 'agreement', terms, acceptances: [world.accept('3', terms)] } as const
  world.act('0', world.agreement(terms, ['0', '1']))
  world.advance('seal')
  assert.equal(world.act('0', late).code, 'wrong-phase')
  world.advance('negotiate')
  assert.equal(world.head.epoch, 2)
  assert.equal(world.act('0', late).code, 'ok')
  const { bound, lawState } = world.standing(termsCid(terms))
  assert.deepEqual(bound, [true, true, false, true, false])
  assert.equal(lawState?.collateralMicro[3], TOKEN_MICRO)
})

test('an agreement that brings nobody new is refused', () => {
  const world = new LedgerWorld()
  const terms = world.terms({ rounds: [2, 2] })
  world.act('0', world.agreement(terms, FOUR))
  assert.equal(world.act('1', world.agreement(terms, ['0', '1'])).code, 'already-bound')
  assert.equal(world.act('1', world.agreement(terms, ['4'])).code, 'ok')
})

test('only who is bound has a say in ending an agreement', () => {
  const world = new LedgerWorld(SIGNERS)
  const terms = world.terms({ quorum: 2, rounds: [1, 4] })
  world.act('0', world.agreement(terms, ['0', '1']))
  assert.equal(world.act('2', terminate(world, terms, ['2', '3'])).code, 'not-a-party')
  const instead = world.terms({
    parties: [agentOf('0'), agentOf('2'), agentOf('3')],
    quorum: 2,
    replaces: termsCid(terms),
  })
  assert.equal(world.act('2', world.agreement(instead, ['0', '2', '3'])).code, 'no-quorum')
  assert.equal(world.act('0', terminate(world, terms, ['0', '1'])).code, 'ok')
})

test('a law that is frozen governs its round to the end, even when it is replaced or terminated', () => {
  const world = new LedgerWorld()
  const terms = world.terms({ ...collateral(5), rounds: [1, 9], law: { clauses: [FINE] } })
  world.act('0', world.agreement(terms, ALL))
  world.advance('seal')
  assert.equal(world.act('0', terminate(world, terms, ALL)).code, 'ok')
  assert.equal(world.standing(termsCid(terms)).until, 1)
  world.playRound([1n, 1n, 1n, 1n, 1n])
  assert.deepEqual(world.run.agreements, [])
  const settled = world.events.find((event) => event.kind === 'round-settled')
  assert.equal(settled?.kind === 'round-settled' && settled.laws.length, 1)
})

test('what an agreement took and what it gave back are told, and differ by what its law burned', () => {
  const world = new LedgerWorld()
  const terms = world.terms({ ...collateral(5), rounds: [1, 1], law: { clauses: [FINE] } })
  world.act('0', world.agreement(terms, FOUR))
  world.playRound([1n, 1n, 1n, 1n, 1n])
  const formed = world.events.find((event) => event.kind === 'agreement-formed')
  const ended = world.events.find((event) => event.kind === 'agreement-ended')
  const settled = world.events.find((event) => event.kind === 'round-settled')
  assert(formed?.kind === 'agreement-formed' && ended?.kind === 'agreement-ended')
  assert(settled?.kind === 'round-settled')
  const fined = ALL.map((_, seat) =>
    settled.laws
      .flatMap(({ records }) => records)
      .reduce(
        (sum, record) =>
          record.kind === 'payment' && record.seat === seat ? sum + record.takenMicro : sum,
        0n,
      ),
  )
  assert(fined.some((amountMicro) => amountMicro > 0n))
  assert.deepEqual(
    formed.takenMicro.map((amount, seat) => amount - (ended.returnedMicro[seat] ?? 0n)),
    fined,
  )
})

test('who signs later is told of with what it alone put up', () => {
  const world = new LedgerWorld(SIGNERS)
  const terms = world.terms({ quorum: 2, rounds: [2, 4], ...collateral(1) })
  world.act('0', world.agreement(terms, ['0', '1']))
  world.act('0', world.agreement(terms, ['3']))
  const formed = world.events.filter((event) => event.kind === 'agreement-formed')
  assert.deepEqual(
    formed.map(({ takenMicro }) => takenMicro),
    [
      [TOKEN_MICRO, TOKEN_MICRO, 0n, 0n, 0n],
      [0n, 0n, 0n, TOKEN_MICRO, 0n],
    ],
  )
})

test('an agreement for rounds to come that is replaced ends at once, so that its collateral serves again', () => {
  const world = new LedgerWorld()
  const terms = world.terms({ ...collateral(900), rounds: [3, 5] })
  world.act('0', world.agreement(terms, ALL))
  const next = world.terms({ ...collateral(900), rounds: [2, 5], replaces: termsCid(terms) })
  assert.equal(world.act('0', world.agreement(next, ALL)).code, 'ok')
  assert.deepEqual(world.run.agreements, [termsCid(next)])
})

test('stake that is unbonding answers for an acceptance: unbonding is no way out of it', () => {
  const world = new LedgerWorld()
  const terms = world.terms(collateral(900))
  world.act('3', { kind: 'unbond', amountMicro: 100n * TOKEN_MICRO })
  drain(world, '3', 1)
  assert.equal(world.act('0', world.agreement(terms, ALL)).code, 'cannot-fund-agreement')
  assert.equal(world.account('3').unbonding[0]?.amountMicro, 99_900_000n)
})

test('a seat is bound by no more agreements at once than the limit', () => {
  const world = new LedgerWorld(SIGNERS)
  const self = (round: number): Terms =>
    world.terms({ parties: [agentOf('0')], quorum: 1, rounds: [round, round], law: LAW })
  const rounds = Array.from({ length: AGREEMENTS_PER_SEAT_MAX }, (_, index) => 10 + index)
  const receipts = world.block(
    ...rounds.map((round) => ['0', world.agreement(self(round), ['0'])] as const),
  )
  assert.ok(receipts.every(({ code }) => code === 'ok'))
  const beyond = world.agreement(self(99), ['0'])
  assert.equal(world.act('0', beyond).code, 'too-many-agreements')
  const instead = { ...self(10), text: 'instead', replaces: termsCid(self(10)) }
  assert.equal(world.act('0', world.agreement(instead, ['0'])).code, 'ok')
})

test('whoever is bound for the round owes its negotiation nothing more', () => {
  const world = new LedgerWorld()
  world.act('0', world.agreement(world.terms(), FOUR))
  assert.equal(world.head.phase, 'seal')
})

function terminate(world: LedgerWorld, terms: Terms, names: readonly string[]) {
  const agreement = termsCid(terms)
  const expiresAtHeight = world.head.height + 1
  const consents = names.map((name) =>
    world.say(name, { kind: 'consent', author: agentOf(name), agreement, expiresAtHeight }),
  )
  return { kind: 'terminate', agreement, consents } as const
}
