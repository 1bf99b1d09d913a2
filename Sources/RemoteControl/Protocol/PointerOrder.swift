#if canImport(Wire)
internal import Wire
#endif

/// Tells late pointer moves from new ones.
///
/// Moves travel unordered, so one can arrive after a newer move, or after a button event that was sent
/// later on the other channel. Letting either through would pull the pointer back.
struct PointerOrder: Hashable, Sendable {
    private var lastMove: SequenceNumber?
    /// The client time of the last event that carried a position on the ordered channel.
    private var lastAnchor: UInt32?

    /// Whether `event` is in order; remembers it if so.
    mutating func accept(_ event: ControlEvent) -> Bool {
        switch event.action {
        case .pointerMove:
            let sequence = SequenceNumber(event.sequence)
            if let lastMove, !sequence.isNewer(than: lastMove) { return false }
            if let lastAnchor, Int32(bitPattern: event.clientTime &- lastAnchor) < 0 { return false }
            lastMove = sequence
        case .buttonDown, .buttonUp, .wheel:
            lastAnchor = event.clientTime
        case .keyDown, .keyUp, .releaseAll:
            break
        }
        return true
    }
}
