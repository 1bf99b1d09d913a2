internal import Glibc
package import IO

/// Tells whether a program ended because memory ran out, and says so in words for whoever runs the room.
package struct MemoryWatch: Sendable {
    package enum Verdict: Hashable, Sendable {
        /// It ended for another reason.
        case other
        /// It was killed, and nobody here did that: most likely by the kernel.
        case perhaps(String)
        /// The kernel has killed for want of memory while it ran.
        case ranOut(String)
    }

    private let group: MemoryGroup?
    /// As above, when it was started.
    private let killsBefore: Int

    /// To be made when the program is started.
    package init(_ group: MemoryGroup? = MemoryGroup()) {
        self.group = group
        killsBefore = group?.kills ?? 0
    }

    /// - Parameter limit: What the program itself may have, in bytes; `nil`: as much as there is.
    package func verdict(on ending: ProcessEnding, limit: Int?) -> Verdict {
        switch ending.reason {
        // A shell exits so when what it ran was killed.
        case .signalled(SIGKILL), .exited(128 + SIGKILL):
            let most =
                group?.limit.map { "all programs together may have \(Self.megabytes($0)) MB" }
                ?? "the machine has no more"
            if (group?.kills ?? 0) > killsBefore { return .ranOut("memory ran out: \(most)") }
            return .perhaps("nobody here did that; perhaps memory ran out: \(most)")
        case .signalled(SIGABRT), .signalled(SIGSEGV), .signalled(SIGBUS), .signalled(SIGTRAP):
            guard let limit else { return .other }
            return .perhaps(
                "perhaps it wanted more memory than the \(Self.megabytes(limit)) MB that it may have (desk.app.memory)"
            )
        default: return .other
        }
    }

    private static func megabytes(_ bytes: Int) -> Int { bytes >> 20 }
}
