/// What the owner of a selection can be asked for (ICCCM §2.6.2), by the names that programs use.
public enum SelectionTarget: String, CaseIterable, Hashable, Sendable {
    case html = "text/html"
    case multiple = "MULTIPLE"
    case plainText = "text/plain"
    case plainTextUTF8 = "text/plain;charset=utf-8"
    case png = "image/png"
    /// What a password manager sets beside a password: such a content is not for others.
    case secret = "x-kde-passwordManagerHint"
    /// Latin-1.
    case string = "STRING"
    case targets = "TARGETS"
    /// In an encoding that the owner chooses.
    case text = "TEXT"
    case timestamp = "TIMESTAMP"
    case utf8String = "UTF8_STRING"

    public var flavour: ClipboardFlavour? {
        switch self {
        case .plainText, .plainTextUTF8, .string, .text, .utf8String: .text
        case .html: .html
        case .png: .png
        case .multiple, .secret, .targets, .timestamp: nil
        }
    }

    /// Which targets have a flavour, the best first.
    static func targets(of flavour: ClipboardFlavour) -> [SelectionTarget] {
        switch flavour {
        case .text: [.utf8String, .plainTextUTF8, .plainText, .string]
        case .html: [.html]
        case .png: [.png]
        }
    }
}

extension SelectionTarget {
    /// What a program has given for this target, as people's pages are sent it; `nil` if that is nothing.
    func flavour(from bytes: [UInt8]) -> [UInt8]? {
        switch self {
        case .string: Array(String(decoding: bytes.prefixBeforeZero.map { UInt16($0) }, as: UTF16.self).utf8)
        case .plainText, .plainTextUTF8, .text, .utf8String:
            Array(String(decoding: bytes.prefixBeforeZero, as: UTF8.self).utf8)
        case .html: Array(Self.markup(bytes).utf8)
        case .png: bytes
        case .multiple, .secret, .targets, .timestamp: nil
        }
    }

    /// Some programs write UTF-16, and say so by a byte order mark.
    private static func markup(_ bytes: [UInt8]) -> String {
        let isLittle = bytes.starts(with: [0xff, 0xfe])
        guard isLittle || bytes.starts(with: [0xfe, 0xff]) else {
            let mark: [UInt8] = [0xef, 0xbb, 0xbf]
            let rest = bytes.starts(with: mark) ? bytes.dropFirst(mark.count) : bytes[...]
            return String(decoding: rest.prefixBeforeZero, as: UTF8.self)
        }
        let units = stride(from: 2, to: bytes.count - 1, by: 2).map { place in
            let (first, second) = (UInt16(bytes[place]), UInt16(bytes[place + 1]))
            return isLittle ? second << 8 | first : first << 8 | second
        }
        return String(decoding: units.prefix { $0 != 0 }, as: UTF16.self)
    }

    /// What a program gets for this target of somebody's content; `nil` if the content has nothing of the kind.
    func bytes(of content: ClipboardContent) -> [UInt8]? {
        guard let flavour, let bytes = content[flavour] else { return nil }
        switch self {
        case .string:
            let points = String(decoding: bytes, as: UTF8.self).unicodeScalars
            guard points.allSatisfy({ $0.value < 0x100 }) else { return nil }
            return points.map { UInt8(truncatingIfNeeded: $0.value) }
        case .html:
            let beginning = String(decoding: bytes.prefix(1_024), as: UTF8.self).lowercased()
            return beginning.contains("charset=") ? bytes : Array(Self.markupPrefix.utf8) + bytes
        default: return bytes
        }
    }

    /// What programs can ask for of a content.
    static func targets(of content: ClipboardContent) -> [SelectionTarget] {
        let all: [SelectionTarget] = [.utf8String, .plainTextUTF8, .plainText, .text, .string, .html, .png]
        return [.targets, .timestamp]
            + all.filter { target in
                guard let flavour = target.flavour, let bytes = content[flavour] else { return false }
                // STRING has no other characters; ASCII is enough to look for.
                return target != .string || bytes.allSatisfy { $0 < 0x80 }
            }
    }

    /// Without it programs take markup for Latin-1.
    private static let markupPrefix =
        #"<meta http-equiv="content-type" content="text/html; charset=utf-8">"#
}

extension Collection<UInt8> {
    /// Some programs count the zero at the end of a C string.
    fileprivate var prefixBeforeZero: SubSequence { prefix { $0 != 0 } }
}
