import type { Certificate, Input, Verified } from '@commonweal/protocol'
import type { ProcessEffect } from '../process.ts'

/** What the trace says of a message. */
export function describeMessage({ id, message }: Verified): string {
  const place = 'view' in message ? ` ${message.epoch}/${message.view}` : ''
  return `${message.kind}${place} ${message.author.slice(0, 6)} ${id.slice(-8)}`
}

function describeCertificate({ kind, epoch, view, block, signers }: Certificate): string {
  return `${kind} ${epoch}/${view} ${block?.slice(-8) ?? '-'} ${signers.join('')}`
}

/** What the trace says of an input. */
export function describeInput(input: Input): string {
  switch (input.kind) {
    case 'message':
      return describeMessage(input.message)
    case 'certificate':
      return `certificate ${describeCertificate(input.certificate)}`
    case 'block':
      return `block ${input.block.header.epoch}/${input.block.header.view} ${input.block.header.stateDigest.slice(0, 8)}`
    case 'chain':
      return `chain ${input.blocks.length} ${describeCertificate(input.certificate)}`
    case 'peer-up':
    case 'peer-down':
      return `${input.kind} ${input.peer.slice(0, 6)}`
    default:
      return input.kind
  }
}

/** What the trace says of an effect; `describe` reads an envelope. */
export function describeEffect(
  effect: ProcessEffect,
  describe: (envelope: Uint8Array) => string,
): string {
  switch (effect.kind) {
    case 'persist':
      return `persist ${effect.records.length}`
    case 'publish':
      return `publish ${describe(effect.envelope)}`
    case 'send': {
      const { frame, to } = effect
      const text =
        frame.kind === 'envelope'
          ? describe(frame.envelope)
          : describeCertificate(frame.certificate)
      return `send ${to?.slice(0, 6) ?? 'all'} ${text}`
    }
    case 'fetch-block':
      return `fetch-block ${effect.id.slice(-8)}`
    case 'verdict':
      return `verdict ${effect.verdict} ${effect.code ?? '-'}`
    case 'final':
      return `final ${effect.blocks.map(({ id, block }) => `${block.header.height}:${id.slice(-8)}`).join(' ')}`
    default:
      return effect.kind
  }
}
