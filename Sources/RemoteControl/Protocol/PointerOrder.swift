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
    ///
    /// A path that begins with points that have been accepted already loses those: they are in it for the case
    /// that the message before it got lost.
    mutating func accept(_ event: inout ControlEvent) -> Bool {
        switch event.action {
        case .pointerMove, .pointerPath:
            let sequence = SequenceNumber(event.sequence)
            if let lastMove, !sequence.isNewer(than: lastMove) { return false }
            if let lastAnchor, Int32(bitPattern: event.clientTime &- lastAnchor) < 0 { return false }
            if case .pointerPath(let points) = event.action, let lastMove {
                let fresh = lastMove.distance(to: sequence)
                if fresh == 1, let point = points.last { event.action = .pointerMove(point) }
                if fresh > 1, fresh < points.count { event.action = .pointerPath(points.suffix(fresh)) }
            }
            lastMove = sequence
        case .buttonDown, .buttonUp, .pointerMotion, .wheel:
            lastAnchor = event.clientTime
        case .held, .keyDown, .keyUp, .releaseAll, .text:
            break
        }
        return true
    }
}
