/// The frames of a WebSocket as a client has them (RFC 6455 §5): masked on the way out, plain on the way in.
struct WebSocketFrames {
    enum Opcode: UInt8 {
        case continuation = 0
        case text = 1
        case binary = 2
        case close = 8
        case ping = 9
        case pong = 10
    }

    /// The server does not keep to RFC 6455.
    struct Malformed: Error {}

    private var bytes: [UInt8] = []
    private var text: [UInt8] = []

    mutating func append(_ more: ArraySlice<UInt8>) { bytes += more }

    /// The next whole message; `nil` until more bytes have come.
    mutating func next() throws(Malformed) -> (opcode: Opcode, payload: [UInt8])? {
        while bytes.count >= 2 {
            var length = Int(bytes[1] & 0x7f)
            var start = 2
            guard bytes[1] & 0x80 == 0, let opcode = Opcode(rawValue: bytes[0] & 0x0f) else {
                throw Malformed()
            }
            if length >= 126 {
                let width = length == 126 ? 2 : 8
                guard bytes.count >= 2 + width else { return nil }
                start += width
                length = bytes[2..<start].reduce(0) { $0 << 8 | Int($1) }
                guard (0...Self.largest).contains(length) else { throw Malformed() }
            }
            guard bytes.count >= start + length else { return nil }
            let isLast = bytes[0] & 0x80 != 0
            let payload = Array(bytes[start..<(start + length)])
            bytes.removeFirst(start + length)
            switch opcode {
            case .continuation, .text:
                text += payload
                guard isLast else { continue }
                defer { text = [] }
                return (.text, text)
            case .binary, .close, .ping, .pong: return (opcode, payload)
            }
        }
        return nil
    }

    /// One frame of the client's.
    static func frame(_ opcode: Opcode, _ payload: [UInt8]) -> [UInt8] {
        var frame: [UInt8] = [0x80 | opcode.rawValue]
        switch payload.count {
        case ..<126: frame.append(0x80 | UInt8(payload.count))
        case ..<65_536: frame += [0xfe, UInt8(payload.count >> 8), UInt8(payload.count & 0xff)]
        default:
            frame.append(0xff)
            for shift in stride(from: 56, through: 0, by: -8) {
                frame.append(UInt8(truncatingIfNeeded: payload.count >> shift))
            }
        }
        let mask = (0..<4).map { _ in UInt8.random(in: .min ... .max) }
        frame += mask
        for (index, byte) in payload.enumerated() { frame.append(byte ^ mask[index & 3]) }
        return frame
    }

    private static let largest = 1 << 20
}
