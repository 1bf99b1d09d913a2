/// The identifiers of tokens that work only once, and have.
///
/// They are forgotten once their tokens have expired. Where there is no room for another one it is refused: to let it in
/// would mean to let it in again.
package struct SpentTokens: Codable, Hashable, Sendable {
    /// By identifier, when it may be forgotten.
    private var ends: [Identifier: Int64] = [:]
    private var capacity = Self.most

    /// - Parameter capacity: Identifiers that are remembered, each at most 128 bytes.
    package init(capacity: Int = Self.most) {
        self.capacity = capacity
    }

    package var count: Int { ends.count }

    /// Uses a token, if that has not been done before.
    ///
    /// - Parameters:
    ///   - end: Seconds since 1970 from which the token is refused anyhow.
    ///   - now: Seconds since 1970.
    /// - Throws: ``TokenRefusal/spent`` or ``TokenRefusal/spentIsFull``.
    package mutating func spend(_ id: Identifier, until end: Int64, now: Int64) throws(TokenRefusal) {
        guard ends[id] == nil else { throw .spent }
        if ends.count >= capacity { ends = ends.filter { $0.value > now } }
        guard ends.count < capacity else { throw .spentIsFull }
        ends[id] = end
    }

    /// How many are remembered says whoever remembers them.
    private enum CodingKeys: CodingKey { case ends }

    /// More than a session has links, and little enough to be left to the next room at each change (``TokenMemory``).
    package static let most = 4_096
}
