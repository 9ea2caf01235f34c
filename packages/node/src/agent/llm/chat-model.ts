import type { JsonSchema } from './output-schema.ts'

/** A language model: one request, one reply. Wrappers that retry, record or count have the same shape. */
export interface ChatModel {
  /** Errors  ModelFailure, and nothing else. */
  complete(request: ChatRequest, call: ChatCall): Promise<ChatReply>
}

/** All that decides a reply, and that a recording is found again by. */
export interface ChatRequest {
  readonly model: string
  readonly messages: readonly ChatMessage[]
  /** What the reply must look like. */
  readonly schema: { readonly name: string; readonly json: JsonSchema }
  readonly parameters: ChatParameters
}

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant'
  readonly content: string
}

export interface ChatParameters {
  /** Null leaves it to the server: some models refuse any. */
  readonly temperature: number | null
  /** Most tokens of a reply, reasoning included. */
  readonly tokensMax: number
  readonly seed: number | null
}

/** The circumstances of a call: they change no reply. */
export interface ChatCall {
  /** Ends the call: its deadline, or the node stops. */
  readonly signal: AbortSignal
  readonly epoch: number
}

export interface ChatReply {
  readonly text: string
  readonly promptTokens: number
  readonly completionTokens: number
  /** In millionths of a dollar, where the server says so. */
  readonly costMicroUsd: bigint | null
}

/**
 * A guess of how many tokens a text has, without the model's own tokenizer.
 *
 * Formula ⌈UTF-8 bytes / 3⌉: more than English has (about 4 bytes a token), so that limits hold.
 */
export function estimateTokens(text: string): number {
  return Math.ceil(new TextEncoder().encode(text).length / 3)
}

export function estimatePromptTokens({ messages, schema }: ChatRequest): number {
  const said = messages.reduce((sum, { content }) => sum + estimateTokens(content), 0)
  return said + estimateTokens(JSON.stringify(schema.json))
}
