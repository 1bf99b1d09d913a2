/// Bytes that nobody guesses, of the system's generator.
enum RandomBytes {
    static func make(_ count: Int) -> [UInt8] {
        var system = SystemRandomNumberGenerator()
        return (0..<count).map { _ in .random(in: .min ... .max, using: &system) }
    }
}
