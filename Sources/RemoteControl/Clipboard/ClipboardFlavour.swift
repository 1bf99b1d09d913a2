/// A form in which the content of a clipboard is there; the same content usually is in several at once.
public enum ClipboardFlavour: UInt8, CaseIterable, Comparable, Hashable, Sendable {
    /// `text/plain`: UTF-8.
    case text = 1
    /// `text/html`: UTF-8.
    case html = 2
    /// `image/png`.
    case png = 3

    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }

    /// Whether `bytes` can be this at all: text has to be UTF-8, and a picture has to begin like one (PNG §5.2).
    public func admits(_ bytes: [UInt8]) -> Bool {
        switch self {
        case .text, .html: String(validating: bytes, as: UTF8.self) != nil
        case .png: bytes.starts(with: Self.signature)
        }
    }

    private static let signature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
}
