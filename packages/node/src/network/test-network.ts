import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import { createHost } from './host.ts'
import type { Host, HostOptions, PeerEvent } from './port.ts'

/** Text of a network id, as long as a real one. */
export const NETWORK_ID: string = `bafyrei${'a'.repeat(52)}`

/** How long a condition may take on a busy machine before the test fails. */
const PATIENCE_MS = 20_000

/** A secret key that is the same in every run. */
export function seedOf(index: number): Uint8Array {
  return new Uint8Array(32).fill(index + 1)
}

/** A host together with what it reported of its peers. */
export interface TestHost extends Host {
  readonly events: PeerEvent[]
}

/** The hosts of one test, on real TCP, stopped together. */
export class TestNetwork implements AsyncDisposable {
  readonly #hosts: Host[] = []

  async host(index: number, options: Partial<HostOptions> = {}): Promise<TestHost> {
    const events: PeerEvent[] = []
    const host = await createHost({
      secretKey: seedOf(index),
      networkId: NETWORK_ID,
      onPeer: (event) => events.push(event),
      ...options,
    })
    this.#hosts.push(host)
    return Object.assign(host, { events })
  }

  /** Two hosts that are connected, gossip flowing both ways. */
  async pair(
    first: Partial<HostOptions> = {},
    second: Partial<HostOptions> = {},
  ): Promise<[TestHost, TestHost]> {
    const a = await this.host(0, first)
    const b = await this.host(1, { bootNodes: a.addresses(), ...second })
    await until('the pair is linked', () => isLinked(a, b) && isLinked(b, a))
    return [a, b]
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#hosts.map((host) => host.stop()))
  }
}

/** Whether `host` hears gossip of `other` and may speak to it, on every topic. */
export function isLinked(host: Host, other: Host): boolean {
  const view = host.peers().find((peer) => peer.peerId === other.peerId)
  return view !== undefined && view.gossipInbound && view.gossipOutbound && view.topics.length === 3
}

/** Looks again and again until the condition holds; fails with its name where it never does. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  pauseMs = 10,
): Promise<void> {
  const deadlineAtMs = performance.now() + PATIENCE_MS
  while (!(await condition())) {
    assert.ok(performance.now() < deadlineAtMs, `still waiting: ${what}`)
    await delay(pauseMs)
  }
}

export function text(message: Uint8Array): string {
  return Buffer.from(message).toString()
}

export function bytes(value: string): Uint8Array {
  return new Uint8Array(Buffer.from(value))
}
