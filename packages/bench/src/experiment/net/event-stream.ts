/** The `data` of each server-sent event, as JSON; an event without data is passed over. */
export async function* readEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<unknown> {
  const decoder = new TextDecoder()
  let buffered = ''
  for await (const chunk of body) {
    buffered += decoder.decode(chunk, { stream: true })
    const parts = buffered.split(/\r?\n\r?\n/)
    buffered = parts.pop() ?? ''
    for (const part of parts) {
      const lines = part.split(/\r?\n/).filter((line) => line.startsWith('data:'))
      const text = lines.map((line) => line.slice('data:'.length).trimStart()).join('\n')
      if (text !== '') yield JSON.parse(text)
    }
  }
}
