internal import Foundation

/// What in a text of people's own would act on the text around it, or cannot be seen (Unicode Standard Annex 9,
/// Unicode Technical Report 36).
enum ForeignText {
    /// What one scalar is, after those before it.
    enum Kind {
        /// Turns text around beyond its own place: embeddings, overrides and isolates.
        case direction
        /// Is not seen, or commands a terminal: controls, most format characters, fillers, tags, private use.
        case hidden
        /// Is drawn over the letter before it.
        case mark
        case space
        case visible
    }

    /// Sorts each scalar of a text; `isKept` decides by its kind whether it stays.
    static func filter(
        _ text: String,
        isKept: (Unicode.Scalar, Kind) -> Bool
    ) -> String {
        var kept = String.UnicodeScalarView()
        let scalars = Array(text.unicodeScalars)
        for (index, scalar) in scalars.enumerated() {
            let next = index + 1 < scalars.count ? scalars[index + 1] : nil
            if isKept(scalar, kind(of: scalar, after: kept.last, before: next)) { kept.append(scalar) }
        }
        return String(kept)
    }

    static func kind(
        of scalar: Unicode.Scalar,
        after previous: Unicode.Scalar?,
        before next: Unicode.Scalar?
    ) -> Kind {
        let properties = scalar.properties
        switch scalar.value {
        case 0x202a...0x202e, 0x2066...0x2069: return .direction
        // Empty braille, and the object that is not there.
        case 0x2800, 0xfffc: return .hidden
        // Joiners belong to words of several scripts, and to emoji.
        case 0x200c, 0x200d: return joins(previous, next) ? .visible : .hidden
        // As text, or as an emoji.
        case 0xfe0e, 0xfe0f: return previous?.properties.isEmoji == true ? .visible : .hidden
        default: break
        }
        if properties.isWhitespace { return .space }
        if properties.isDefaultIgnorableCodePoint || properties.isNoncharacterCodePoint { return .hidden }
        switch properties.generalCategory {
        case .control, .format, .privateUse, .surrogate: return .hidden
        case .nonspacingMark, .enclosingMark: return .mark
        default: return .visible
        }
    }

    /// Between letters of the scripts that join, or between emoji.
    private static func joins(_ previous: Unicode.Scalar?, _ next: Unicode.Scalar?) -> Bool {
        guard let previous, let next else { return false }
        return previous.value >= 0x600 && next.value >= 0x600 && !isInvisible(previous) && !isInvisible(next)
    }

    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        let properties = scalar.properties
        if (0xfe0e...0xfe0f).contains(scalar.value) { return false }
        return properties.isDefaultIgnorableCodePoint || properties.isWhitespace || scalar.value == 0x2800
    }
}
