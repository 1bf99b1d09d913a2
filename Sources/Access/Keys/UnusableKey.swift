/// Why a key cannot be used, in words for whoever has to find another.
package struct UnusableKey: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    init(_ words: String) {
        description = words
    }
}
