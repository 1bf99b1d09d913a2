/// How a program of the shelf does.
package enum ActivityState: Hashable, Sendable {
    /// Could not be started, or ended by itself and not well.
    case failed(Failure)
    case running
    case starting
    case stopped
    case stopping

    package enum Failure: Hashable, Sendable {
        /// It ended by itself, with this status, which is not 0.
        case exited(UInt8)
        case notStarted
        /// This signal ended it.
        case signalled(UInt8)
    }
}

extension ActivityState {
    /// Two bytes.
    var bytes: [UInt8] {
        switch self {
        case .stopped: [0, 0]
        case .starting: [1, 0]
        case .running: [2, 0]
        case .stopping: [3, 0]
        case .failed(.notStarted): [4, 0]
        case .failed(.exited(let status)): [5, status]
        case .failed(.signalled(let signal)): [6, signal]
        }
    }

    /// `nil` if it is none.
    init?(_ kind: UInt8, _ detail: UInt8) {
        switch (kind, detail) {
        case (0, 0): self = .stopped
        case (1, 0): self = .starting
        case (2, 0): self = .running
        case (3, 0): self = .stopping
        case (4, 0): self = .failed(.notStarted)
        case (5, 1...): self = .failed(.exited(detail))
        case (6, 1...): self = .failed(.signalled(detail))
        default: return nil
        }
    }
}
