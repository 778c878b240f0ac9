// Server-Sent Events read with fetch: an EventSource can send no header, so no token.

/** The events of an answer, as { kind, data }. */
export async function* events(response) {
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done)
      return;
    rest += decoder.decode(value, { stream: true });
    const whole = rest.split('\n\n');
    rest = whole.pop();
    for (const lines of whole.map(event => event.split('\n'))) {
      const field = name => lines.find(line => line.startsWith(`${name}: `))?.slice(name.length + 2);
      if (field('event'))
        yield { kind: field('event'), data: JSON.parse(field('data')) };
    }
  }
}
