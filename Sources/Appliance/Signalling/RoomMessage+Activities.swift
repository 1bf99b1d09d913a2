extension RoomMessage {
    /// What may be started on the desk, what runs, and whether the desk is being reset.
    package struct Activities: Encodable, Hashable, Sendable {
        package var list: [Activity] = []
        /// Whether the home directory is deleted, too, when the desk is reset.
        package var deletesHome = false
        package var resetting = false
        /// What became of the last time that it was reset, once it was.
        package var reset: Reset?

        package init() {}
    }

    package struct Activity: Encodable, Hashable, Sendable {
        package enum State: String, Encodable, Hashable, Sendable {
            /// Runs from the beginning, and is started again when it ends.
            case always
            case failed, running, starting, stopped, stopping
        }

        package var id: Int
        /// For whoever has no other.
        package var name: String
        /// By locale, such as `es` or `pt_BR`.
        package var names: [String: String]
        package var comment: String
        package var comments: [String: String]
        package var state: State
        /// What one that has failed ended with, or which signal ended it; neither: it could not be started.
        package var status: Int?
        package var signal: Int?
    }

    package struct Reset: Encodable, Hashable, Sendable {
        /// Counts, so that each is told apart.
        package var number: Int
        /// Processes.
        package var ended: Int
        package var left: Int
        /// `new`, `kept` or `failed`.
        package var home: String
    }
}

extension RoomMessage.Activity {
    init(_ id: Int, _ told: ToldShelf.Activity, _ state: ActivityState) {
        self.init(
            id: id,
            name: told.name,
            names: told.names,
            comment: told.comment,
            comments: told.comments,
            state: told.isAlwaysThere ? .always : State(state)
        )
        switch state {
        case .failed(.exited(let status)): self.status = Int(status)
        case .failed(.signalled(let signal)): self.signal = Int(signal)
        default: break
        }
    }
}

extension RoomMessage.Activity.State {
    fileprivate init(_ state: ActivityState) {
        self =
            switch state {
            case .failed: .failed
            case .running: .running
            case .starting: .starting
            case .stopped: .stopped
            case .stopping: .stopping
            }
    }
}
