/// Why the audit cannot be kept, or read.
package enum AuditError: Error, Hashable, Sendable {
    /// It is not as it was written; nothing is added to it.
    case broken(AuditFault)
    /// The entry is kept, but the head beside it is that of an entry before.
    case headNotWritten(String)
    /// Another room writes to it.
    case inUse
    /// The entry is not kept: what happened must not count as having been recorded.
    case notWritten(String)
    /// The file cannot be opened or read.
    case unusable(String)
}

extension AuditError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .broken(let fault):
            "The audit is not as it was written: \(fault). Keep it, and name another file for a new one."
        case .headNotWritten(let reason): "The audit's head could not be written: \(reason)."
        case .inUse: "Another room writes to this audit. Give each room a file of its own."
        case .notWritten(let reason): "The audit could not be written: \(reason)."
        case .unusable(let reason): "The audit cannot be used: \(reason)."
        }
    }
}
