// A connection as bytes: { write(bytes), close(), abort(), onData, onEnd }. WebSockets work in browsers too; the others need Node.

/** Opens `unix:/path`, `tcp:host:port`, `tls:host:port` or `ws://host:port/v1/gateway`. */
export async function open(endpoint, tls) {
  return /^wss?:/.test(endpoint) ? openWebSocket(endpoint) : openSocket(endpoint, tls)
}

function openWebSocket(endpoint) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(endpoint)
    socket.binaryType = 'arraybuffer'
    const transport = { write: (bytes) => socket.readyState === 1 && socket.send(bytes), close: () => socket.close(), abort: () => socket.close(), onData() {}, onEnd() {} }
    socket.onopen = () => resolve(transport)
    socket.onmessage = ({ data }) => transport.onData(new Uint8Array(data))
    socket.onerror = () => reject(new Error(`cannot connect to ${endpoint}`))
    socket.onclose = () => transport.onEnd()
  })
}

async function openSocket(endpoint, tls) {
  const secure = endpoint.startsWith('tls:')
  const { connect } = await import(secure ? 'node:tls' : 'node:net')
  const [, host, port] = /^(?:tcp:|tls:)?(.*):(\d+)$/.exec(endpoint) ?? []
  const place = endpoint.startsWith('unix:') ? { path: endpoint.slice(5) } : { host: host?.replace(/^\[|\]$/g, ''), port: Number(port) }
  return new Promise((resolve, reject) => {
    const socket = connect(secure ? { ...tls, ...place } : place)
    const transport = { write: (bytes) => socket.writable && socket.write(bytes), close: () => socket.end(), abort: () => socket.destroy(), onData() {}, onEnd() {} }
    socket.setNoDelay?.(true)
    socket.on(secure ? 'secureConnect' : 'connect', () => resolve(transport))
    socket.on('data', (bytes) => transport.onData(bytes))
    socket.on('error', reject)
    socket.on('close', () => transport.onEnd())
  })
}
