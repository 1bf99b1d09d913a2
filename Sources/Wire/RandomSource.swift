/// Where random numbers come from: the system's secure generator, or a sequence that a test can repeat.
///
/// The protocol machines are given one and read no other. In the product it is ``system``, for all of them: from one
/// number of ``SplitMix64`` all that follow can be computed, and names that everybody sees (SSRCs, CNAMEs) come from the
/// same source as passwords, transaction ids and keys of cookies.
public enum RandomSource: RandomNumberGenerator, Sendable {
    case system
    case seeded(SplitMix64)

    /// The sequence that begins with `seed`: not for anything that must not be guessed.
    public init(seed: UInt64) {
        self = .seeded(SplitMix64(seed: seed))
    }

    public mutating func next() -> UInt64 {
        guard case .seeded(var numbers) = self else {
            var system = SystemRandomNumberGenerator()
            return system.next()
        }
        defer { self = .seeded(numbers) }
        return numbers.next()
    }

    /// A source of the same kind for a part of the owner, whose numbers do not depend on how many the others take.
    public mutating func fork() -> RandomSource {
        if case .system = self { .system } else { RandomSource(seed: next()) }
    }
}
