import { sealDigest } from '../chain/act.ts'
import { headOf, shareKey, shares } from '../chain/head.ts'
import { instances, runs } from '../chain/instance.ts'
import { hasSignal } from '../chain/phases.ts'
import { shareDigest } from '../chain/share.ts'
import { seededShare } from '../epoch/beacon.ts'
import type { SharePurpose } from '../message/transaction.ts'
import { doForecasts } from './forecasts.ts'
import { negotiate, once } from './negotiate.ts'
import { finalLedger, type ReplicaContext } from './state.ts'
import { type ReplicaWork, submit } from './work.ts'

/**
 * Does what the final ledger says that we owe in this phase: shares, seals, reveals, passes, our turn to speak. [EPO-3]
 *
 * Each duty is done once in an epoch; a transaction of ours that waits is sent again until it is in a block.
 */
export function doDuties(work: ReplicaWork): void {
  const head = headOf(finalLedger(work.replica))
  if (work.replica.doneEpoch !== head.epoch) {
    work.replica = { ...work.replica, done: new Set(), doneEpoch: head.epoch }
    forgetActions(work, head.epoch)
  }
  doForecasts(work)
  switch (head.phase) {
    case 'negotiate':
      negotiate(work)
      return
    case 'signal':
      revealShare(work, 'signal')
      return
    case 'seal':
      sealShares(work)
      askForActions(work)
      return
    case 'reveal':
      revealActions(work)
      return
    case 'beacon':
      revealShare(work, 'beacon')
  }
}

/** Seals the action that the agent chose. It is on disk before the seal is on the wire, so that it can be revealed. [REP-3] */
export function sealAction(
  work: ReplicaWork,
  chosen: { readonly subnet: string; readonly epoch: number; readonly action: bigint },
): void {
  const { subnet, epoch, action } = chosen
  const { signer } = work.context
  const head = headOf(finalLedger(work.replica))
  const run = runs.find(finalLedger(work.replica), subnet)
  const act = run?.acts[run.seats.indexOf(signer.agent)]
  if (head.epoch !== epoch || head.phase !== 'seal' || act === undefined) return
  if (act.sitsOut || act.seal !== null || act.passed) return
  once(work, `seal/${subnet}`, () => {
    const key = actionKey(subnet, epoch)
    // One action an epoch, whatever the agent says after a restart: the journal's word stands.
    const bound = work.replica.actions[key] ?? action
    work.replica = { ...work.replica, actions: { ...work.replica.actions, [key]: bound } }
    work.effects.push({
      kind: 'persist',
      records: [{ kind: 'action', subnet, epoch, action: bound }],
    })
    const salt = saltOf(work.context, subnet, epoch)
    const digest = sealDigest({ author: signer.agent, epoch, subnet, action: bound, salt })
    submit(work, { kind: 'seal', subnet, digest })
  })
}

export function actionKey(subnet: string, epoch: number): string {
  return `${subnet}/${epoch}`
}

function askForActions(work: ReplicaWork): void {
  const ledger = finalLedger(work.replica)
  const { epoch } = headOf(ledger)
  for (const [subnet] of instances.entries(ledger)) {
    const run = runs.find(ledger, subnet)
    const seat = run?.seats.indexOf(work.context.signer.agent) ?? -1
    const act = run?.acts[seat]
    if (run?.status !== 'running' || act === undefined || act.sitsOut) continue
    if (act.seal !== null || act.passed) continue
    const known = work.replica.actions[actionKey(subnet, epoch)]
    if (known !== undefined) {
      sealAction(work, { subnet, epoch, action: known })
      continue
    }
    once(work, `act/${subnet}`, () =>
      work.effects.push({ kind: 'ask-agent', question: { kind: 'act', subnet, epoch, seat } }),
    )
  }
}

function revealActions(work: ReplicaWork): void {
  const ledger = finalLedger(work.replica)
  const { epoch } = headOf(ledger)
  for (const [subnet] of instances.entries(ledger)) {
    const run = runs.find(ledger, subnet)
    const act = run?.acts[run.seats.indexOf(work.context.signer.agent)]
    const action = work.replica.actions[actionKey(subnet, epoch)]
    if (act === undefined || act.seal === null || act.revealed !== null) continue
    if (action === undefined) continue
    const salt = saltOf(work.context, subnet, epoch)
    once(work, `reveal/${subnet}`, () => submit(work, { kind: 'reveal', subnet, action, salt }))
  }
}

function sealShares(work: ReplicaWork): void {
  const { signer, votes } = work.context
  const ledger = finalLedger(work.replica)
  const { epoch, validators } = headOf(ledger)
  if (!votes || !validators.some(({ agent }) => agent === signer.agent)) return
  const due: readonly (readonly [SharePurpose, number])[] = hasSignal({
    ledger,
    context: work.context,
  })
    ? [
        ['beacon', epoch],
        ['signal', epoch + 1],
      ]
    : [['beacon', epoch]]
  for (const [purpose, target] of due) {
    if (shares.find(ledger, shareKey(target, purpose, signer.agent)) !== undefined) continue
    const share = ownShare(work.context, purpose, target)
    const digest = shareDigest({ author: signer.agent, epoch: target, purpose, share })
    once(work, `seal-share/${purpose}`, () => submit(work, { kind: 'seal-share', purpose, digest }))
  }
}

function revealShare(work: ReplicaWork, purpose: SharePurpose): void {
  const { signer } = work.context
  const ledger = finalLedger(work.replica)
  const { epoch } = headOf(ledger)
  const sealed = shares.find(ledger, shareKey(epoch, purpose, signer.agent))
  if (sealed === undefined || sealed.share !== null) return
  const share = ownShare(work.context, purpose, epoch)
  once(work, `reveal-share/${purpose}`, () =>
    submit(work, { kind: 'reveal-share', purpose, share }),
  )
}

/** Derived from the secret key, so that a restart can always reveal; from the seed in a seeded run. [EPO-7] */
export function ownShare(
  context: Pick<ReplicaContext, 'signer' | 'seed' | 'genesis'>,
  purpose: SharePurpose,
  epoch: number,
): Uint8Array {
  const { signer, seed, genesis } = context
  if (seed !== null) return seededShare(seed, signer.agent, epoch, purpose)
  return signer.derive(`share/${genesis.name}/${purpose}/${epoch}`)
}

function saltOf({ signer, networkId }: ReplicaContext, subnet: string, epoch: number): Uint8Array {
  return signer.derive(`salt/${networkId}/${subnet}/${epoch}`)
}

function forgetActions(work: ReplicaWork, epoch: number): void {
  const kept = Object.entries(work.replica.actions).filter(([key]) => key.endsWith(`/${epoch}`))
  work.replica = { ...work.replica, actions: Object.fromEntries(kept) }
}
