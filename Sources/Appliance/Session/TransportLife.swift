package import SFU

/// One transport of the Worker, from being asked for to being closed.
///
/// It is made once and closed once, whenever its end is asked for: before it is asked for, while the Worker makes
/// it, or later. ``poll()`` says what is to be asked of the Worker, and must not be called again before
/// ``handleMade(_:)`` or ``handleClosed()`` has told what came of it.
package struct TransportLife: Hashable, Sendable {
    package enum Step: Hashable, Sendable {
        case close(TransportID)
        case make
    }

    private enum State: Hashable {
        case closed, closing, making, open(TransportID), unmade
    }

    private var state = State.unmade
    /// Whether the transport is of no more use, though it may not be closed yet.
    package private(set) var isEnded = false

    package init() {}

    /// The transport, while it stands.
    package var id: TransportID? {
        if case .open(let id) = state { id } else { nil }
    }

    /// Whether there is nothing left of it, and never will be.
    package var isClosed: Bool { state == .closed }

    package mutating func end() {
        isEnded = true
        if state == .unmade { state = .closed }
    }

    package mutating func poll() -> Step? {
        switch state {
        case .unmade:
            state = .making
            return .make
        case .open(let id) where isEnded:
            state = .closing
            return .close(id)
        case .closed, .closing, .making, .open: return nil
        }
    }

    /// - Parameter id: `nil` if the Worker has refused.
    package mutating func handleMade(_ id: TransportID?) {
        guard state == .making else { return }
        if let id {
            state = .open(id)
        } else {
            state = .closed
            isEnded = true
        }
    }

    package mutating func handleClosed() {
        if state == .closing { state = .closed }
    }
}
