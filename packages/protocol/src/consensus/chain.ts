import type { Cid } from '../codec/cid.ts'
import { type Block, type Certificate, type Header } from '../message/consensus.ts'
import { ignore, reject } from '../result.ts'
import { blockIdOf, checkBlockBody } from './block.ts'
import { verifyCertificate } from './certificate.ts'
import type { Refusal } from './code.ts'
import { absorb, knownVotes } from './count.ts'
import type { Draft } from './draft.ts'
import { addBlock, executeBlocks } from './execute.ts'

/**
 * Takes final blocks of our epoch from a peer: nothing is executed before the finalize quorum on the last one is verified, and each
 * is linked to it. A last block that ends the epoch takes us into the next. [CON-16]
 *
 * Errors  ignore: 'chain-stale' · 'chain-detached'; reject: 'chain-unlinked' · 'chain-uncertified' · the certificate's code ·
 *         'body-too-large' · 'body-mismatch' · 'invalid-block'
 */
export function takeChain<State>(
  draft: Draft<State>,
  blocks: readonly Block[],
  certificate: Certificate,
): Refusal {
  const { final, epoch, schedule } = draft.fields
  const fresh = blocks.filter(({ header }) => header.height > final.height)
  const ids = fresh.map(({ header }) => blockIdOf(header))
  const [first] = fresh
  if (first === undefined) return ignore('chain-stale', { height: final.height }).error
  if (first.header.epoch !== epoch || first.header.parent !== final.id) {
    return ignore('chain-detached', { height: first.header.height }).error
  }
  const unlinked = fresh.findIndex(({ header }, index) => {
    const previous = fresh[index - 1]?.header ?? null
    return previous !== null && !isNext(header, previous, ids[index - 1])
  })
  if (unlinked !== -1) return reject('chain-unlinked', { index: unlinked }).error
  const { kind, block } = certificate
  if (kind !== 'finalize' || certificate.epoch !== epoch || block !== ids.at(-1)) {
    return reject('chain-uncertified').error
  }
  const isKnown = knownVotes(draft, certificate)
  const verified = verifyCertificate(certificate, schedule.electorate, draft.context, isKnown)
  if (!verified.ok) return verified.error
  for (const { header, ...body } of fresh) {
    const checked = checkBlockBody(header, body)
    if (!checked.ok) return checked.error
  }
  for (const finalized of fresh) addBlock(draft, finalized)
  executeBlocks(draft)
  for (const id of ids) {
    const outcome = draft.blocks.get(id)?.outcome
    if (outcome?.kind === 'invalid') {
      return reject('invalid-block', { reason: outcome.code }).error
    }
  }
  absorb(draft, certificate)
  // [CON-16] A chain that was taken brings us on: what lies behind it may be asked for at once.
  draft.fields = { ...draft.fields, syncAskedAtMs: null }
  return null
}

function isNext(header: Header, previous: Header, parent: Cid | undefined): boolean {
  return (
    header.epoch === previous.epoch &&
    header.height === previous.height + 1 &&
    header.parent === parent &&
    previous.nextSet === null
  )
}
