/// Why a room has ended.
package enum AuditEnd: String, Hashable, Sendable, CaseIterable {
    /// It was told to; the session went on until everybody had left, or the time for that was over.
    case asked
    /// Nobody was there for too long.
    case empty
    /// It was told to end at once.
    case interrupted
    /// The session has lasted as long as it may.
    case longest
}
