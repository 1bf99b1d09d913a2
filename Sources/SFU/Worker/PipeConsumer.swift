package import Wire

/// What a pipe transport sends of one producer, each encoding by itself; all go by one name.
package struct PipeConsumer {
    /// One for each encoding, lowest first.
    package let members: [Consumer]
    private var isPaused: Bool
    /// A bit for each encoding that the other end has asked for; at first all.
    private var wanted = UInt8.max

    package init(_ members: [Consumer], isPaused: Bool) {
        self.members = members
        self.isPaused = isPaused
    }

    package mutating func setPaused(_ isPaused: Bool, now: Instant) {
        self.isPaused = isPaused
        apply(now: now)
    }

    /// Says which encodings anybody behind the pipe watches; the others stay here.
    ///
    /// - Parameter encodings: Counted from the lowest, 0; those that there are not are passed over.
    package mutating func setWanted(_ encodings: Set<Int>, now: Instant) {
        wanted = members.indices.reduce(0) { encodings.contains($1) ? $0 | 1 << UInt8($1) : $0 }
        apply(now: now)
    }

    private func apply(now: Instant) {
        for (index, member) in members.enumerated() {
            member.setPaused(isPaused || wanted & 1 << UInt8(index) == 0, now: now)
        }
    }
}
