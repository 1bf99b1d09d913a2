internal import Glibc
package import IO

/// Tells whether a program ended because memory ran out, and says so in words for whoever runs the room.
package struct MemoryWatch: Sendable {
    package enum Verdict: Hashable, Sendable {
        /// It ended for another reason.
        case other
        /// It was killed, and nobody here did that: most likely by the kernel.
        case perhaps(String)
        /// It has a limit of its own, and ended as programs do that are not given more.
        case metLimit(String)
        /// The kernel has killed for want of memory while it ran.
        case ranOut(String)

        /// Why it ended; `nil`: not for want of memory.
        package var words: String? {
            switch self {
            case .other: nil
            case .metLimit(let words), .perhaps(let words), .ranOut(let words): words
            }
        }

        /// The words, where whoever runs the room should know: a program is given too little, or takes too much.
        var problem: String? { if case .perhaps = self { nil } else { words } }

        /// Whether it is known and not supposed.
        var isCertain: Bool { if case .ranOut = self { true } else { false } }
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
        case .signalled(let signal) where Self.givesUp.contains(signal):
            guard let limit else { return .other }
            return .metLimit(
                "perhaps it wanted more memory than the \(Self.megabytes(limit)) MB that it may have (desk.app.memory)"
            )
        // The same of what a shell ran.
        case .exited(let status) where limit != nil && Self.givesUp.contains(status - 128):
            return verdict(on: ProcessEnding(reason: .signalled(status - 128)), limit: limit)
        default: return .other
        }
    }

    /// By which signals programs end that have not been given the memory they asked for: they end themselves, or stumble.
    private static let givesUp = [SIGABRT, SIGSEGV, SIGBUS, SIGTRAP, SIGILL]

    private static func megabytes(_ bytes: Int) -> Int { bytes >> 20 }
}
