#if canImport(Wire)
public import Wire
#endif

/// Which of the presses that were asked for the X server has made, by what it tells of all that it has processed.
///
/// Tell it of each press by ``expect(_:)``, and of each that the server reports by ``handle(keycode:keysym:)``. A press counts as not made
/// only once the server has certainly told of all that it was asked for: ``judge()`` is for after that, when ``due`` has come.
public struct ExpectedPresses: Sendable {
    public struct Press: Hashable, Sendable {
        public var kind: TypingEcho.Kind
        public var lease: LeaseID
        public var sequence: UInt16
        /// `nil`: there was no key for it.
        public var keycode: UInt8?

        public init(_ kind: TypingEcho.Kind, lease: LeaseID, sequence: UInt16, keycode: UInt8?) {
            self.kind = kind
            self.lease = lease
            self.sequence = sequence
            self.keycode = keycode
        }
    }

    private var expected: [Press] = []
    private var reported: [(keycode: UInt8, keysym: UInt32)] = []
    private var echoes: [TypingEcho] = []

    /// When to ask the server, and to judge; `nil`: nothing is expected.
    public private(set) var due: Instant?

    public init() {}

    /// Whether what is expected should be judged before there is more.
    public var isFull: Bool { expected.count >= Self.capacity }

    public mutating func expect(_ press: Press, now: Instant) {
        guard !isFull else { return }
        expected.append(press)
        due = due ?? now + Self.delay
    }

    /// The server has made a press, for whomever.
    public mutating func handle(keycode: UInt8, keysym: UInt32) {
        // Of no interest to anybody, or more than are expected by far: a program presses keys itself.
        guard !expected.isEmpty, reported.count < 4 * Self.capacity else { return }
        reported.append((keycode, keysym))
    }

    /// The server has told of everything before: what it has not told of did not happen.
    ///
    /// Presses come in the order in which they were asked for, among those of others; where one is missing the rest is looked for
    /// behind what was found last.
    public mutating func judge() {
        var place = 0
        for press in expected {
            let found = press.keycode.flatMap { keycode in
                reported[place...].firstIndex { $0.keycode == keycode }
            }
            if let found { place = found + 1 }
            add(press, found.map { reported[$0].keysym })
        }
        expected.removeAll(keepingCapacity: true)
        reported.removeAll(keepingCapacity: true)
        due = nil
    }

    /// What is to be told, oldest first.
    public mutating func pollEcho() -> TypingEcho? { echoes.isEmpty ? nil : echoes.removeFirst() }

    private mutating func add(_ press: Press, _ keysym: UInt32?) {
        if let last = echoes.indices.last,
            echoes[last].append(press.kind, lease: press.lease, sequence: press.sequence, keysym)
        {
            return
        }
        echoes.append(TypingEcho(press.kind, lease: press.lease, sequence: press.sequence, keysym))
    }

    private static let capacity = 256
    private static let delay = Interval.milliseconds(50)
}
