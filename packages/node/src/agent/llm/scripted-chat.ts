import type { ChatModel, ChatReply, ChatRequest } from './chat-model.ts'

/** A model that answers by a script, for tests: what the script leaves out is empty or nothing. */
export function scripted(
  script: (request: ChatRequest, index: number) => Partial<ChatReply> | Promise<Partial<ChatReply>>,
): ChatModel & { readonly requests: readonly ChatRequest[] } {
  const requests: ChatRequest[] = []
  return {
    requests,
    async complete(request) {
      requests.push(request)
      const said = await script(request, requests.length - 1)
      return { text: '', promptTokens: 0, completionTokens: 0, costMicroUsd: null, ...said }
    },
  }
}

export function someRequest(tokensMax: number, content = 'How much?'): ChatRequest {
  return {
    model: 'model',
    messages: [{ role: 'user', content }],
    schema: { name: 'answer', json: { type: 'object' } },
    parameters: { temperature: null, tokensMax, seed: null },
  }
}
