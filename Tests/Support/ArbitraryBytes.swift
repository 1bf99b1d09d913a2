package import Wire

extension SplitMix64 {
    /// At most `count` bytes without any meaning.
    package mutating func bytes(upTo count: Int) -> [UInt8] {
        (0..<Int.random(in: 0...count, using: &self)).map { _ in .random(in: .min ... .max, using: &self) }
    }
}
