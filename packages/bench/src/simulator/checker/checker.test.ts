import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  blockIdOf,
  type Certificate,
  type Cid,
  cidOf,
  digestOf,
  encode,
  type Header,
  present,
  seal,
  signingBytes,
  type Verified,
  type Vote,
} from '@commonweal/protocol'
import { Instance } from '../engine/instance.ts'
import { KeyRing } from '../engine/keyed-hash.ts'
import { AccountabilityChecker } from './accountability.ts'
import { AgreementChecker, type Fork } from './agreement.ts'
import type { FinalEffect } from './checker.ts'
import { ProgressChecker } from './progress.ts'
import { VerdictChecker } from './verdict.ts'

const NETWORK_ID = cidOf(encode('checker-test'))
const ring = new KeyRing(4, 'checker-test')
const agents = ring.signers.map(({ agent }) => agent).toSorted()
const first = present(agents[0], 'there are four agents')
const validators = agents.map((agent) => ({ agent, stakeMicro: 1n }))
const plan = { agent: 0, behaviour: 'honest', clockOffsetMs: 0, clockDriftPpm: 0 } as const
const instance = new Instance(0, plan, [])

function header(height: number, parent: Cid, view: number): Header {
  const digest = digestOf(encode('nothing'))
  return {
    epoch: 1,
    height,
    view,
    parent,
    proposer: first,
    transactionsDigest: digest,
    stateDigest: digest,
    ancestryDigest: digest,
    nextSet: null,
  }
}

function signed(vote: Vote): Verified<Vote> {
  const signer = ring.signers.find(({ agent }) => agent === vote.author)
  return seal(vote, NETWORK_ID, present(signer, 'the author is of the ring'))
}

/** A certificate in which these validators sign. */
function certificate(
  ballot: Pick<Certificate, 'kind' | 'view' | 'block'>,
  signers: readonly number[],
): Certificate {
  const signatures = signers.map((index) => {
    const author = present(agents[index], 'the signer is in the set')
    const { kind, view, block } = ballot
    const vote =
      block === null ? { kind, author, epoch: 1, view } : { kind, author, epoch: 1, view, block }
    const signer = present(
      ring.signers.find(({ agent }) => agent === author),
      'the author is of the ring',
    )
    return signer.sign(signingBytes(kind, NETWORK_ID, encode(vote)))
  })
  return { ...ballot, epoch: 1, signers, signatures }
}

function final(...headers: readonly Header[]): FinalEffect {
  return {
    kind: 'final',
    blocks: headers.map((each) => ({
      id: blockIdOf(each),
      block: { header: each, transactions: [], ancestry: [] },
      receipts: [],
      events: [],
    })),
    certificate: certificate({ kind: 'finalize', view: 0, block: NETWORK_ID }, [0, 1, 2]),
  }
}

function accountability(honest: readonly number[], forks: readonly Fork[]): AccountabilityChecker {
  const honestAgents = new Set(agents.filter((_, index) => honest.includes(index)))
  const { verify } = ring
  return new AccountabilityChecker({
    networkId: NETWORK_ID,
    verify,
    validators,
    honestAgents,
    forks: () => forks,
  })
}

const A = cidOf(encode('a'))
const B = cidOf(encode('b'))
const FORK: Fork = { height: 1, epoch: 1, first: A, second: B }

test('two final blocks at one height are a fork, the same one twice is not', () => {
  const checker = new AgreementChecker()
  assert.deepEqual(checker.onFinal(instance, final(header(1, NETWORK_ID, 0)), 1), [])
  assert.deepEqual(checker.onFinal(instance, final(header(1, NETWORK_ID, 0)), 2), [])
  assert.deepEqual(checker.forks, [])
  const [failure] = checker.onFinal(instance, final(header(1, NETWORK_ID, 1)), 3)
  assert.equal(failure?.property, 'agreement')
  assert.equal(checker.forks.length, 1)
})

test('a final block on another parent than the final one is a fork', () => {
  const checker = new AgreementChecker()
  checker.onFinal(instance, final(header(1, NETWORK_ID, 0)), 1)
  const [failure] = checker.onFinal(instance, final(header(2, A, 1)), 2)
  assert.equal(failure?.property, 'agreement')
})

test('an honest agent that contradicts itself on the wire is found out at once', () => {
  const checker = accountability([0, 1, 2, 3], [])
  const finalize: Vote = { kind: 'finalize', author: first, epoch: 1, view: 3, block: A }
  assert.deepEqual(checker.onReleased(instance, signed(finalize), 1), [])
  assert.deepEqual(checker.onReleased(instance, signed(finalize), 2), [])
  const other: Vote = { kind: 'nullify', author: first, epoch: 1, view: 4 }
  assert.deepEqual(checker.onReleased(instance, signed(other), 3), [])
  const against: Vote = { kind: 'nullify', author: first, epoch: 1, view: 3 }
  const [failure] = checker.onReleased(instance, signed(against), 4)
  assert.equal(failure?.property, 'accountability')
})

test('contradictions inside certificates convict their signers', () => {
  const checker = accountability([2, 3], [FORK])
  checker.onDelivered(instance, {
    kind: 'certificate',
    certificate: certificate({ kind: 'notarize', view: 0, block: A }, [0, 1, 2]),
    from: null,
    nowMs: 1,
  })
  checker.onDelivered(instance, {
    kind: 'certificate',
    certificate: certificate({ kind: 'notarize', view: 0, block: B }, [0, 1, 3]),
    from: null,
    nowMs: 1,
  })
  assert.deepEqual([...checker.convicted()].toSorted(), agents.slice(0, 2))
  assert.deepEqual(checker.onEnd(2), [])
})

test('a signature that its agent never made convicts nobody', () => {
  const checker = accountability([2, 3], [])
  const forged = certificate({ kind: 'notarize', view: 0, block: B }, [0, 1, 3])
  for (const given of [
    certificate({ kind: 'notarize', view: 0, block: A }, [0, 1, 2]),
    { ...forged, signatures: forged.signatures.map(() => new Uint8Array(64)) },
  ]) {
    checker.onDelivered(instance, { kind: 'certificate', certificate: given, from: null, nowMs: 1 })
  }
  assert.deepEqual([...checker.convicted()], [])
})

test('a fork that convicts less than a third of the stake fails', () => {
  const checker = accountability([0, 1, 2, 3], [FORK])
  const [failure] = checker.onEnd(1)
  assert.equal(failure?.property, 'accountability')
})

test('evidence that names an honest agent fails, and other evidence does not', () => {
  const vote: Vote = { kind: 'nullify', author: first, epoch: 1, view: 3 }
  const evidence = { first: signed(vote), second: signed(vote) }
  const given = { kind: 'evidence', evidence } as const
  assert.equal(accountability([0], []).onEvidence(instance, given, 1).length, 1)
  assert.equal(accountability([1], []).onEvidence(instance, given, 1).length, 0)
})

test('rejecting what an honest agent signed fails, ignoring it does not', () => {
  const checker = new VerdictChecker(new Set([first]))
  const message = signed({ kind: 'nullify', author: first, epoch: 1, view: 3 })
  for (const [verdict, count] of [
    ['reject', 1],
    ['ignore', 0],
    ['accept', 0],
  ] as const) {
    const given = { message, verdict: { kind: 'verdict', verdict, code: null } } as const
    assert.equal(checker.onVerdict(instance, given, 1).length, count)
  }
})

test('views that begin after healing count until a block is final, and one more than the bound fails', () => {
  const place = { epoch: 1, view: 5, height: 7, stateDigest: digestOf(encode(0)) }
  let inspected = place
  const watched = new Instance(0, plan, [])
  watched.process = { step: () => [], nextDeadlineMs: () => null, inspect: () => inspected }
  const checker = new ProgressChecker([watched], { viewsMax: 3, limitMs: 1_000 })
  const moveTo = (change: Partial<typeof place>): number => {
    inspected = { ...inspected, ...change }
    return checker.onStepped(watched, 1).length
  }
  checker.start()
  assert.deepEqual(
    [5, 6, 7, 8].map((view) => moveTo({ view })),
    [0, 0, 0, 0],
  )
  assert.equal(moveTo({ height: 8 }), 0)
  assert.deepEqual(
    [9, 10, 11, 12].map((view) => moveTo({ view })),
    [0, 0, 0, 1],
  )
  assert.equal(checker.onEnd(2).length, 1, 'height 10 is not reached')
  moveTo({ height: 10 })
  assert.equal(checker.reachedAtMs, 1)
  assert.deepEqual(checker.onEnd(2), [])
})
