internal import NIOCore

/// A message to pages, written as JSON once for all of them.
package struct EncodedMessage: Sendable {
    /// The latest of these is all that anybody need know.
    package enum State: Hashable, Sendable {
        case clipboard, control, desk, deskEars, files, layout, pageStates, people, rights, speakers,
            waitingList
    }

    package let state: State?
    let bytes: ByteBuffer

    package init(_ message: RoomMessage) {
        bytes = ByteBuffer(string: message.json)
        state =
            switch message {
            // Words for the person are said once, and must not be lost.
            case .control(let control) where control.denied == nil && control.ended == nil: .control
            case .clipboard: .clipboard
            case .desk: .desk
            case .files: .files
            case .deskEars: .deskEars
            case .layout: .layout
            case .pageStates: .pageStates
            case .people: .people
            case .rights: .rights
            case .speakers: .speakers
            case .waitingList: .waitingList
            default: nil
            }
    }

    /// The message as UTF-8 JSON.
    package var json: String { String(buffer: bytes) }
}

/// What waits to be written to one page: bounded, whatever happens in the room while the page does not read.
///
/// Of a state only the latest waits, and of pongs the last (RFC 6455 §5.5.3); a page that has missed too many other
/// messages cannot be brought up to date, and is closed.
package struct OutgoingQueue {
    package enum Frame: Sendable {
        case close(code: UInt16?)
        case ping
        case pong([UInt8])
        case text(EncodedMessage)
    }

    private var frames: [Frame] = []
    private var bytes = 0
    private(set) package var isOver = false

    package init() {}

    package var isEmpty: Bool { frames.isEmpty }
    package var count: Int { frames.count }

    /// Returns `false` if too much waits already.
    package mutating func append(_ frame: Frame) -> Bool {
        // The connection ends, and with it what is said of it.
        guard !isOver else { return true }
        if let index = frames.firstIndex(where: { $0.isSuperseded(by: frame) }) {
            bytes -= frames.remove(at: index).length
        }
        guard frames.count < Self.maximumFrames, bytes + frame.length <= Self.maximumBytes else {
            return false
        }
        frames.append(frame)
        bytes += frame.length
        return true
    }

    /// Takes nothing more; what waits is still to be written.
    package mutating func finish() { isOver = true }

    package mutating func next() -> Frame? {
        guard !frames.isEmpty else { return nil }
        let frame = frames.removeFirst()
        bytes -= frame.length
        return frame
    }

    private static let maximumFrames = 256
    private static let maximumBytes = 2 << 20
}

extension OutgoingQueue.Frame {
    fileprivate var length: Int {
        switch self {
        case .close, .ping: 2
        case .pong(let bytes): bytes.count
        case .text(let message): message.bytes.readableBytes
        }
    }

    fileprivate func isSuperseded(by later: Self) -> Bool {
        switch (self, later) {
        case (.ping, .ping), (.pong, .pong): true
        case (.text(let one), .text(let other)): one.state != nil && one.state == other.state
        default: false
        }
    }
}
