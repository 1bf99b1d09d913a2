internal import RemoteControl
internal import Wire

extension RoomMessage {
    /// Who has control of the desk one after the other, as everybody is told.
    package struct Turns: Encodable, Hashable, Sendable {
        package var order: [UInt64]
        /// Whose turn it is; `nil`, in JSON `null`: nobody's at the moment.
        package var current: UInt64?
        /// Whose turn is next; `nil`, in JSON `null`: nobody else's.
        package var next: UInt64?
        /// Whether nobody is given a turn until it goes on.
        package var paused: Bool
        /// For each turn; `nil`, in JSON `null`: without an end.
        package var seconds: Int?

        package func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(order, forKey: .order)
            try container.encode(current, forKey: .current)
            try container.encode(next, forKey: .next)
            try container.encode(paused, forKey: .paused)
            try container.encode(seconds, forKey: .seconds)
        }

        private enum Key: CodingKey { case current, next, order, paused, seconds }
    }
}

extension RoomMessage.Turns {
    init(_ turns: FloorState.Turns) {
        self.init(
            order: turns.order.map(\.rawValue),
            current: turns.current?.rawValue,
            next: turns.next?.rawValue,
            paused: turns.isPaused,
            seconds: turns.time.map { Int($0.nanoseconds / 1_000_000_000) }
        )
    }
}
