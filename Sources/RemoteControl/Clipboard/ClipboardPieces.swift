/// Sends a content piece by piece: no more of it is under way than a window.
///
/// The content is shared with whoever else has it, and not copied.
public struct ClipboardPieces: Sendable {
    public let transfer: ClipboardMessage.Transfer
    public let content: ClipboardContent
    private let total: Int
    private var sent = 0
    private var acknowledged = 0
    /// Bytes; `nil`: the way itself says when it is full.
    private let window: Int?

    /// - Parameter window: Bytes that may be sent and not acknowledged; `nil`: any number.
    public init(_ content: ClipboardContent, as transfer: ClipboardMessage.Transfer, window: Int? = nil) {
        self.content = content
        self.transfer = transfer
        self.window = window
        total = content.count
    }

    /// Whether all of it has been sent, and acknowledged where there is a window.
    public var isDone: Bool { (window == nil ? sent : acknowledged) == total }

    /// The other side has so many bytes; `false` if it cannot have.
    public mutating func handleReceived(_ count: UInt32) -> Bool {
        guard count >= acknowledged, count <= sent else { return false }
        acknowledged = Int(count)
        return true
    }

    /// The next piece; `nil`: all are sent, or the window is full.
    public mutating func poll() -> ClipboardMessage? {
        guard sent < total, window.map({ sent - acknowledged < $0 }) ?? true else { return nil }
        let bytes = content.bytes(from: sent, atMost: ClipboardMessage.maximumPieceLength)
        defer { sent += bytes.count }
        return .piece(transfer, offset: UInt32(clamping: sent), Array(bytes))
    }

    /// Bytes under way between a page and the room, either way: 4 MB/s at 64 ms, and no more than that before a key.
    public static let pageWindow = 262_144
}
