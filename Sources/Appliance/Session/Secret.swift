/// Something that only one page or browser knows, compared in a time that says nothing about it.
package struct Secret: Sendable {
    package let text: String
    private let bytes: [UInt8]

    package init(_ text: String) {
        self.text = text
        bytes = Array(text.utf8)
    }

    /// 128 bits that nobody guesses, as hexadecimal digits.
    package static func random() -> Secret {
        var random = SystemRandomNumberGenerator()
        return Secret(
            (0..<2).map { _ in
                let half = String(random.next() as UInt64, radix: 16)
                return String(repeating: "0", count: 16 - half.count) + half
            }.joined()
        )
    }

    /// Whether somebody's claim is the secret: all of it is looked at, wherever the two differ.
    ///
    /// Only the length shows, which everybody knows.
    package func matches(_ claim: String) -> Bool {
        let claim = claim.utf8
        guard claim.count == bytes.count else { return false }
        var difference: UInt8 = 0
        for (one, other) in zip(bytes, claim) { difference |= one ^ other }
        return difference == 0
    }
}
