internal import CLinux
internal import Glibc
internal import IO
internal import Participant
internal import Wire

/// The WebSocket of one participant to the room's `/room`, as a client without a browser opens it: without
/// an origin.
final class RoomSocket: ParticipantLoopMember {
    let descriptor: CInt
    /// Each whole text message.
    private(set) var messages: [[UInt8]] = []
    private(set) var isOpen = false
    /// Why there is nothing more to come, in words.
    private(set) var ended: String?

    private let stream: SecureStream?
    private var frames = WebSocketFrames()
    private var head: [UInt8] = []
    private var pending: [UInt8]
    private var buffer = [UInt8](repeating: 0, count: 65_536)

    init(_ room: RoomAddress) throws {
        descriptor = try room.address.connectedDescriptor()
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        var one: CInt = 1
        setsockopt(descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<CInt>.size))
        stream = room.isSecure ? SecureStream(descriptor) : nil
        // 16 bytes in base64; nobody is between us and the room, so nobody checks what becomes of them.
        let request = [
            "GET /room HTTP/1.1", "Host: \(room.host)", "Upgrade: websocket", "Connection: Upgrade",
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==", "Sec-WebSocket-Version: 13", "", "",
        ]
        pending = Array(request.joined(separator: "\r\n").utf8)
        flush()
    }

    deinit {
        Glibc.close(descriptor)
    }

    func send(_ text: [UInt8]) {
        pending += WebSocketFrames.frame(.text, text)
        flush()
    }

    func takeMessages() -> [[UInt8]] {
        defer { messages = [] }
        return messages
    }

    // MARK: ParticipantLoopMember

    func pollTimeout() -> Instant? {
        pending.isEmpty || ended != nil ? nil : .now() + .milliseconds(2)
    }

    func handleTimeout(now: Instant) { flush() }

    func receive(now: Instant) {
        while ended == nil {
            let count = read()
            if count < 0 {
                if errno != EAGAIN { ended = String(cString: strerror(errno)) }
                break
            }
            guard count > 0 else {
                ended = "the room has closed the connection"
                break
            }
            handle(buffer[..<count])
        }
        flush()
    }

    private func handle(_ bytes: ArraySlice<UInt8>) {
        if isOpen {
            frames.append(bytes)
        } else {
            head += bytes
            guard let end = head.indices.first(where: { head[$0...].starts(with: Self.blankLine) }) else {
                return
            }
            let words = String(decoding: head[..<end], as: UTF8.self).split(separator: "\r\n").first ?? ""
            guard words.hasPrefix("HTTP/1.1 101") else {
                ended = String(words)
                return
            }
            isOpen = true
            frames.append(head[(end + Self.blankLine.count)...])
            head = []
        }
        do {
            while let (opcode, payload) = try frames.next() {
                switch opcode {
                case .text: messages.append(payload)
                case .ping: pending += WebSocketFrames.frame(.pong, payload)
                case .close: ended = "the room has said goodbye"
                case .binary, .continuation, .pong: break
                }
            }
        } catch {
            ended = "the room sends no WebSocket frames"
        }
    }

    private func read() -> Int {
        buffer.withUnsafeMutableBytes { bytes in
            stream?.read(bytes) ?? recv(descriptor, bytes.baseAddress, bytes.count, 0)
        }
    }

    private func flush() {
        while !pending.isEmpty, ended == nil {
            let count = pending.withUnsafeBytes { bytes in
                stream?.write(bytes)
                    ?? Glibc.send(descriptor, bytes.baseAddress, bytes.count, CInt(MSG_NOSIGNAL))
            }
            guard count > 0 else {
                if errno != EAGAIN { ended = String(cString: strerror(errno)) }
                return
            }
            pending.removeFirst(count)
        }
    }

    private static let blankLine = Array("\r\n\r\n".utf8)
}
