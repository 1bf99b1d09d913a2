internal import Foundation

/// What others see of a person: 1 to 64 characters that can be seen, of which none acts on the text around it.
///
/// In normal form C, with single spaces between words. Two people may have the same.
package struct DisplayName: Hashable, Sendable {
    package let text: String

    /// Throws what is wrong with a name, in words for whoever has chosen it.
    package init(parsing text: String) throws(UnusableName) {
        guard text.utf8.count <= Self.maximumBytes else { throw .tooLong }
        var words: [String.UnicodeScalarView] = [.init()]
        var marks = 0
        var previous: Unicode.Scalar?
        let scalars = Array(text.precomposedStringWithCanonicalMapping.unicodeScalars)
        for (index, scalar) in scalars.enumerated() {
            let next = index + 1 < scalars.count ? scalars[index + 1] : nil
            switch ForeignText.kind(of: scalar, after: previous, before: next) {
            case .direction, .hidden: throw .hidden
            case .space: words.append(.init())
            case .mark:
                marks += 1
                // A mark without a letter is drawn over what stands before the name.
                guard words.last?.isEmpty == false, marks <= Self.maximumMarks else { throw .marks }
                words[words.count - 1].append(scalar)
            case .visible:
                marks = 0
                words[words.count - 1].append(scalar)
            }
            previous = scalar
        }
        let name = words.lazy.filter { !$0.isEmpty }.map { String($0) }.joined(separator: " ")
        guard !name.isEmpty else { throw .empty }
        guard name.count <= Self.maximumLength else { throw .tooLong }
        self.text = name
    }

    /// Characters, as people count them.
    package static let maximumLength = 64
    /// Bytes of UTF-8: characters of many scalars are bounded, too.
    private static let maximumBytes = 512
    /// On one letter: Vietnamese, Hebrew with vowels and Thai have no more.
    private static let maximumMarks = 3
}

/// Why a name cannot be used.
package enum UnusableName: Error, Hashable, Sendable, CustomStringConvertible {
    case empty
    case hidden
    case marks
    case tooLong

    package var description: String {
        switch self {
        case .empty: "a name has at least one character that can be seen"
        case .hidden: "the name has characters that cannot be seen or that turn text around; type it anew"
        case .marks: "the name has more accents on a letter than can be shown"
        case .tooLong: "a name has 1 to \(DisplayName.maximumLength) characters"
        }
    }
}
