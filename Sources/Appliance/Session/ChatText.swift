internal import Foundation

/// One line of the chat as everybody is shown it: what turns the text around it or cannot be seen is left out.
///
/// In normal form C. Line feeds and tabs stay; marks beyond four on a letter do not.
package struct ChatText: Hashable, Sendable {
    package let text: String

    /// - Parameter bytes: 1 to ``maximumLength`` bytes of UTF-8 of which something can be seen.
    package init(parsing bytes: [UInt8]) throws(UnusableText) {
        guard bytes.count <= Self.maximumLength else { throw .tooLong }
        guard let sent = String(validating: bytes, as: UTF8.self) else { throw .unreadable }
        var marks = 0
        var isSeen = false
        let cleaned = ForeignText.filter(sent.precomposedStringWithCanonicalMapping) { scalar, kind in
            switch kind {
            case .direction: return false
            case .hidden: return Self.isHarmless(scalar)
            case .mark:
                marks += 1
                return isSeen && marks <= Self.maximumMarks
            case .space:
                marks = 0
                return scalar == "\n" || scalar == "\t"
                    || scalar.properties.generalCategory == .spaceSeparator
            case .visible:
                marks = 0
                isSeen = true
                return true
            }
        }
        guard isSeen else { throw .empty }
        text = cleaned
    }

    /// Right-to-left text has marks that say which way the letter beside them goes, and act on nothing beyond
    /// it; the other is a soft hyphen.
    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        [0x00ad, 0x061c, 0x200e, 0x200f].contains(scalar.value)
    }

    /// Bytes of UTF-8.
    package static let maximumLength = 4_096
    private static let maximumMarks = 4
}

/// Why a line of the chat is not passed on.
package enum UnusableText: Error, Hashable, Sendable, CustomStringConvertible {
    case empty
    case tooLong
    case unreadable

    package var description: String {
        switch self {
        case .empty: "There was nothing in your message that can be seen."
        case .tooLong: "Your message is too long: \(ChatText.maximumLength) bytes are the most."
        case .unreadable: "Your message was not text."
        }
    }
}
