import { CARD_PATH, checkAgentCard } from '@commonweal/node/card'
import { parseAgentId } from '@commonweal/protocol'
import { createOutput } from '../output.ts'
import { chooseNetwork, chooseNode } from '../run-folder.ts'
import { CommandError, UsageError } from '../usage-error.ts'
import type { NetworkFlags } from './ps.ts'

export interface CardFlags extends NetworkFlags {
  readonly agent?: string
}

/** Longest wait for a card. */
const ANSWER_MS = 10_000
/** Largest card that is read. */
const CARD_SIZE_MAX = 256 * 1024

/** Fetches an agent's card, checks that the agent which it names has signed it, and shows it. */
export async function runA2aCard(of: string, flags: CardFlags): Promise<void> {
  const output = createOutput(flags)
  const expected = flags.agent === undefined ? undefined : parseExpected(flags.agent)
  const url = await findUrl(of, flags)
  const checked = checkAgentCard(await fetchCard(url))
  if (!checked.ok) throw new CommandError(`${url}: ${SENTENCES[checked.error.code]}`)
  const { agent, network, card, json } = checked.value
  if (expected !== undefined && agent !== expected) {
    throw new CommandError(`${url}: the card is signed by ${agent}, and not by ${expected}`)
  }
  output.json({ url, isSigned: true, agent, network, card: json })
  output.line(`${output.style.bold(plain(card.name))}  ${plain(card.description)}`)
  output.line(`signed by  ${agent}`)
  output.line(`network    ${network}`)
  for (const { url: address, protocolBinding, protocolVersion } of card.supportedInterfaces) {
    output.line(`reached at ${plain(`${address}  (${protocolBinding}, A2A ${protocolVersion})`)}`)
  }
  for (const { id, description } of card.skills)
    output.line(`${plain(id).padEnd(10)} ${plain(description)}`)
}

/** What a stranger wrote, without what a terminal would obey. */
function plain(text: string): string {
  return text.replace(/\p{C}+/gu, ' ').slice(0, SHOWN_MAX)
}

const SHOWN_MAX = 500

const SENTENCES = {
  'malformed-card': 'this is no card of an agent of a Commonweal network',
  'not-signed': 'the agent that this card names has not signed it',
  'bad-signature': 'the signature is not of this card: somebody has changed one of the two',
} as const

function parseExpected(text: string): string {
  const agent = parseAgentId(text)
  if (agent.ok) return agent.value
  throw new UsageError(`--agent: ${text} was given; accepted: an agent id, 64 hex digits`)
}

/** An address as it is given, or that of a node on this machine. */
async function findUrl(of: string, flags: CardFlags): Promise<string> {
  if (URL.canParse(of) && /^https?:/.test(of)) return new URL(CARD_PATH, of).href
  const { record } = await chooseNetwork(flags.data, flags.network)
  return new URL(CARD_PATH, chooseNode(record, of).api).href
}

async function fetchCard(url: string): Promise<unknown> {
  const signal = AbortSignal.timeout(ANSWER_MS)
  const response = await fetch(url, { signal }).catch((cause: unknown) => {
    throw new CommandError(`no answer from ${url}`, { cause })
  })
  if (!response.ok) throw new CommandError(`${url}: the answer was ${response.status}`)
  const text = await readText(response)
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new CommandError(`${url}: the answer is no JSON`, { cause })
  }
}

async function readText({ url, body }: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of body ?? []) {
    text += decoder.decode(chunk, { stream: true })
    if (text.length > CARD_SIZE_MAX) {
      throw new CommandError(`${url}: the answer is larger than ${CARD_SIZE_MAX} bytes`)
    }
  }
  return text
}
