#if canImport(Wire)
public import Wire
#endif

/// Gives programs what somebody has put on the desk's clipboard: owns the selection, and answers those who ask for it, piece by
/// piece where it is much (ICCCM §2.2, §2.7.2).
///
/// After each call, call ``pollAction()`` until it returns `nil`.
public struct SelectionOwner: Sendable {
    public struct Request: Hashable, Sendable {
        /// The window that asks.
        public var requestor: UInt32
        /// `nil`: something that nobody has here.
        public var target: SelectionTarget?
        /// The target as the server numbers it, known here or not.
        public var name: UInt32
        /// Where the answer goes; 0: an obsolete client, which is refused.
        public var property: UInt32
        /// The server's, as it was asked for.
        public var time: UInt32

        public init(
            requestor: UInt32,
            target: SelectionTarget?,
            name: UInt32 = 0,
            property: UInt32,
            time: UInt32 = 0
        ) {
            self.requestor = requestor
            self.target = target
            self.name = name
            self.property = property
            self.time = time
        }
    }

    public enum Value: Hashable, Sendable {
        case bytes(ArraySlice<UInt8>, SelectionTarget)
        /// It comes in pieces; so many bytes at least.
        case incremental(UInt32)
        case targets([SelectionTarget])
        case timestamp
    }

    public enum Action: Hashable, Sendable {
        /// Becomes the owner.
        case acquire
        /// Is told when the window deletes a property, or is gone.
        case watch(UInt32)
        case unwatch(UInt32)
        /// Changes a property of the window that asks.
        case write(Value, requestor: UInt32, property: UInt32)
        /// Tells it that the answer is there, or that there is none.
        case answer(Request, isThere: Bool)
    }

    private struct Transfer {
        var requestor: UInt32
        var property: UInt32
        var target: SelectionTarget
        var bytes: [UInt8]
        var sent = 0
        var deadline: Instant
    }

    /// What is given to programs; `nil`: others own the selection.
    public private(set) var content: ClipboardContent?
    private var transfers: [Transfer] = []
    private var actions: [Action] = []

    public init() {}

    // MARK: Commands

    /// Puts `content` there in the place of whatever is.
    public mutating func own(_ content: ClipboardContent) {
        self.content = content
        actions.append(.acquire)
    }

    // MARK: What happens

    /// Somebody else owns the selection; what is under way goes on.
    public mutating func handleLost() { content = nil }

    public mutating func handle(_ request: Request, now: Instant) {
        guard let content, request.property != 0, let target = request.target else { return refuse(request) }
        switch target {
        case .multiple, .secret: refuse(request)
        case .targets: answer(request, .targets(SelectionTarget.targets(of: content)))
        case .timestamp: answer(request, .timestamp)
        case .html, .plainText, .plainTextUTF8, .png, .string, .text, .utf8String:
            guard let bytes = target.bytes(of: content) else { return refuse(request) }
            guard bytes.count > Self.pieceLength else { return answer(request, .bytes(bytes[...], target)) }
            begin(bytes, of: target, for: request, now: now)
        }
    }

    /// The window that asked has taken in a piece.
    public mutating func handleDeleted(_ property: UInt32, of requestor: UInt32, now: Instant) {
        guard
            let index = transfers.firstIndex(where: { $0.requestor == requestor && $0.property == property })
        else { return }
        let transfer = transfers[index]
        let piece = transfer.bytes[transfer.sent...].prefix(Self.pieceLength)
        actions.append(.write(.bytes(piece, transfer.target), requestor: requestor, property: property))
        transfers[index].sent += piece.count
        transfers[index].deadline = now + Self.timeout
        // An empty piece is the end.
        if piece.isEmpty { end { $0.requestor == requestor && $0.property == property } }
    }

    /// The window that asked is gone.
    public mutating func handleGone(_ requestor: UInt32) {
        transfers.removeAll { $0.requestor == requestor }
    }

    public mutating func handleTimeout(now: Instant) {
        end { $0.deadline <= now }
    }

    public func pollTimeout() -> Instant? { transfers.map(\.deadline).min() }

    public mutating func pollAction() -> Action? { actions.isEmpty ? nil : actions.removeFirst() }

    // MARK: Answers

    private mutating func refuse(_ request: Request) {
        actions.append(.answer(request, isThere: false))
    }

    private mutating func answer(_ request: Request, _ value: Value) {
        actions.append(.write(value, requestor: request.requestor, property: request.property))
        actions.append(.answer(request, isThere: true))
    }

    private mutating func begin(
        _ bytes: [UInt8],
        of target: SelectionTarget,
        for request: Request,
        now: Instant
    ) {
        // A second one to the same property takes the place of the first.
        end { $0.requestor == request.requestor && $0.property == request.property }
        guard transfers.count < Self.mostTransfers else { return refuse(request) }
        // Before the property is there to be deleted.
        actions.append(.watch(request.requestor))
        transfers.append(
            Transfer(
                requestor: request.requestor,
                property: request.property,
                target: target,
                bytes: bytes,
                deadline: now + Self.timeout
            )
        )
        answer(request, .incremental(UInt32(clamping: bytes.count)))
    }

    private mutating func end(where isOver: (Transfer) -> Bool) {
        let requestors = Set(transfers.filter(isOver).map(\.requestor))
        transfers.removeAll(where: isOver)
        for requestor in requestors.sorted() where !transfers.contains(where: { $0.requestor == requestor }) {
            actions.append(.unwatch(requestor))
        }
    }

    /// Bytes that go at once, or in one piece; the smallest limit of a server's requests (X11 §"maximum-request-length")
    /// is 16 KiB, that of servers in use 256 KiB.
    public static let pieceLength = 131_072
    private static let mostTransfers = 16
    private static let timeout = Interval.seconds(5)
}
